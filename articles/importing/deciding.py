"""An editor's decisions on what an import detected."""

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from articles.errors import Refused
from articles.importing.formats.inline_markup import to_markdown
from articles.importing.models import Guess
from articles.publishing import saving
from articles.publishing.models import Article, PullQuote, RelatedLink, Source
from articles.text.markdown import render_blocks

if TYPE_CHECKING:
    from articles.accounts.models import User


def decide_guess(guess: Guess, *, by: "User", accepted: bool, article: Article | None = None) -> None:
    """Accept or reject a guess and apply it to the article. The caller records the revision.

    Args:
        article: The caller's instance, so that its text and source are updated too.

    Raises:
        Refused: The text around a rejected change was edited, so that its place is unknown.
    """
    article = article or guess.article
    with transaction.atomic():
        guess.accepted, guess.decided_by = accepted, by
        guess.save(update_fields=["accepted", "decided_by"])
        if guess.changed_the_text:
            if not accepted:
                _restore_text(guess, article)
        elif guess.subject == "speaker":
            _apply_speaker(guess, accepted=accepted)
        elif guess.subject == "source":
            _apply_source(guess, article, accepted=accepted)


def _restore_text(guess: Guess, article: Article) -> None:
    """Put the words back where the file has them, and remove what was made of them."""
    made = _companion_of(guess)
    if guess.result and article.body.count(guess.result) == 1:
        article.body = article.body.replace(guess.result, guess.original)
        saving.write_text(article)
    elif made is not None:
        _insert_paragraph(article, made, _words_of(guess, made))
    else:
        message = _("The text around “%(words)s” was edited since the import. Change it in the text instead.")
        raise Refused(message % {"words": guess.value[:60]})
    if made is not None:
        made.delete()
    if isinstance(made, PullQuote) and not article.pull_quotes.filter(speaker=made.speaker).exists():
        article.guesses.filter(subject="speaker", value=made.speaker, accepted=None).update(
            accepted=False, decided_by=guess.decided_by
        )


def _companion_of(guess: Guess) -> PullQuote | RelatedLink | None:
    """Return the pull quote or box that the import made, unless an editor removed or rewrote it."""
    if guess.subject == "pull quote":
        return PullQuote.objects.filter(article_id=guess.article_id, text=guess.value).first()
    if guess.subject == "related":
        label, _bar, headline = guess.value.partition(" | ")
        return RelatedLink.objects.filter(article_id=guess.article_id, label=label, headline=headline).first()
    return None


def _words_of(guess: Guess, made: PullQuote | RelatedLink) -> str:
    """Return the paragraph that a pull quote or box was."""
    if guess.original and not guess.result:
        return guess.original
    return to_markdown(made.text if isinstance(made, PullQuote) else made.raw or made.headline, markdown=False)


def _insert_paragraph(article: Article, made: PullQuote | RelatedLink, paragraph: str) -> None:
    """Insert a paragraph where a companion is; those behind the companion then follow the paragraph."""
    blocks = render_blocks(article.body)
    number = len(blocks) if made.after is None or made.after.position is None else made.after.position + 1
    end = 0
    for block in blocks[:number]:  # The last may be footnotes, which aren't in one place.
        found = article.body.find(block.source, end)
        end = found + len(block.source) if found >= 0 else len(article.body)
    article.body = f"{article.body[:end]}\n\n{paragraph}{article.body[end:]}"
    saving.write_text(article)
    if made.after is not None:
        inserted = article.blocks.filter(position=number).first()
        type(made)._default_manager.filter(after=made.after, order__gt=made.order).update(after=inserted)
        if isinstance(made, PullQuote):  # A block's boxes follow its pull quotes.
            RelatedLink.objects.filter(after=made.after).update(after=inserted)


def _apply_speaker(guess: Guess, *, accepted: bool) -> None:
    """A rejected speaker stays with the quote, unconfirmed: hidden from readers, but the editor can correct it."""
    PullQuote.objects.filter(article_id=guess.article_id, speaker=guess.value).update(speaker_confirmed=accepted)


def _apply_source(guess: Guess, article: Article, *, accepted: bool) -> None:
    if accepted:
        name = guess.value.strip()[:120]
        article.source = Source.objects.filter(name__iexact=name).first() or Source.objects.create(name=name)
    elif article.source is not None and article.source.name == guess.value:
        article.source = None
    article.save(update_fields=["source"])
