"""Corrections: errors that were published, admitted on the edition that fixed them."""

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


def add_correction(revision: Revision, *, text: str, by: "User | None") -> Correction:
    """Publish a correction: with the article, on the corrections page and in its feed.

    The revision is the edition that fixed the error; the text says what was wrong, and what is correct.

    Raises:
        Refused: The text is empty, or there is no earlier edition that could have been wrong.
    """
    text = _clean_correction(text)
    editions.require_edition(revision)
    if revision.edition == 1 or revision.public_at is None:
        raise Refused(_("There’s no earlier published version to correct."), field="note")
    with transaction.atomic():
        moment = max(timezone.now(), revision.public_at)
        return Correction.objects.create(revision=revision, text=text, by=by, made_at=moment)


def edit_correction(correction: Correction, *, text: str) -> None:
    """Reword a correction. One can't be removed: retracting it takes another correction.

    Raises:
        Refused: The text is empty.
    """
    with transaction.atomic():
        correction.text = _clean_correction(text)
        correction.save(update_fields=["text"])


def _clean_correction(text: str) -> str:
    text = clean_text(text).strip()
    if len(text) > editions.NOTE_LENGTH:
        raise Refused(_("Use at most %(number)s characters.") % {"number": editions.NOTE_LENGTH}, field="note")
    if not any(letter.isalnum() for letter in text):
        raise Refused(_("Say what was wrong and what is correct."), field="note")
    return text
