"""An editor's word on what an import guessed."""

from typing import TYPE_CHECKING

from django.db import transaction

from articles.importing.models import Guess
from articles.publishing.models import Article, PullQuote, Source

if TYPE_CHECKING:
    from articles.accounts.models import User


def decide(guess: Guess, *, by: "User", accepted: bool, article: Article | None = None) -> None:
    """Accept or refuse a guess, with what follows from it for the article. The caller records the revision.

    Args:
        article: The instance that the caller goes on with, so that it learns of its new source.
    """
    with transaction.atomic():
        guess.accepted, guess.decided_by = accepted, by
        guess.save(update_fields=["accepted", "decided_by"])
        if guess.kind != Guess.Kind.GUESS:
            return
        if guess.subject == "speaker":
            _settle_speaker(guess, accepted=accepted)
        elif guess.subject == "source":
            _settle_source(guess, article or guess.article, accepted=accepted)


def _settle_speaker(guess: Guess, *, accepted: bool) -> None:
    """A refused speaker stays with the quote, unconfirmed: readers are not shown it, the editor can mend it."""
    PullQuote.objects.filter(article_id=guess.article_id, speaker=guess.value).update(speaker_confirmed=accepted)


def _settle_source(guess: Guess, article: Article, *, accepted: bool) -> None:
    if accepted:
        name = guess.value.strip()[:120]
        article.source = Source.objects.filter(name__iexact=name).first() or Source.objects.create(name=name)
    elif article.source is not None and article.source.name == guess.value:
        article.source = None
    article.save(update_fields=["source"])
