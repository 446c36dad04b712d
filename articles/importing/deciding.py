"""An editor's decisions on guesses of an import."""

from typing import TYPE_CHECKING

from django.db import transaction

from articles.importing.models import Guess
from articles.publishing.models import Article, PullQuote, Source

if TYPE_CHECKING:
    from articles.accounts.models import User


def decide_guess(guess: Guess, *, by: "User", accepted: bool, article: Article | None = None) -> None:
    """Accept or reject a guess and apply it to the article. The caller records the revision.

    Args:
        article: The caller's instance, so that its source is updated too.
    """
    with transaction.atomic():
        guess.accepted, guess.decided_by = accepted, by
        guess.save(update_fields=["accepted", "decided_by"])
        if guess.kind != Guess.Kind.GUESS:
            return
        if guess.subject == "speaker":
            _apply_speaker(guess, accepted=accepted)
        elif guess.subject == "source":
            _apply_source(guess, article or guess.article, accepted=accepted)


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
