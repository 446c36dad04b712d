"""Say openly that an error was mended, at the text that mended it."""

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.errors import Refused
from articles.publishing import editions
from articles.publishing.models import Correction, Revision
from articles.text.sanitizing import clean_text

if TYPE_CHECKING:
    from articles.accounts.models import User


def correct(revision: Revision, *, text: str, by: "User | None") -> Correction:
    """Make an edition's change a correction: at the article, on the page of corrections and in their feed.

    Args:
        revision: The edition that mended the error.
        text: What was wrong, and what is right.
        by: Who says so; None for the paper itself.

    Raises:
        Refused: Nothing is said, or there is no edition before this one that could have been wrong.
    """
    text = _said(text)
    editions.demand_edition(revision)
    if revision.edition == 1 or revision.public_at is None:
        raise Refused(_("No reader has read another text before this one: it corrects nothing."), field="note")
    with transaction.atomic():
        moment = max(timezone.now(), revision.public_at)
        correction = Correction.objects.create(revision=revision, text=text, by=by, made_at=moment)
        editions.touch(revision)
        return correction


def reword(correction: Correction, *, text: str) -> None:
    """Say the same correction better. Taking one back is a correction of its own.

    Raises:
        Refused: Nothing is said.
    """
    with transaction.atomic():
        correction.text = _said(text)
        correction.save(update_fields=["text"])
        editions.touch(correction.revision)


def _said(text: str) -> str:
    text = clean_text(text).strip()
    if len(text) > editions.NOTE_LENGTH:
        raise Refused(_("At most %(number)s characters, please.") % {"number": editions.NOTE_LENGTH}, field="note")
    if not any(letter.isalnum() for letter in text):
        raise Refused(_("Say what was wrong and what is right."), field="note")
    return text
