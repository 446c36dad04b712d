"""Notes between writers, editors and moderators on an article."""

from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext as _

from articles.errors import Refused
from articles.publishing.models import Article, DeskNote
from articles.text.sanitizing import clean_text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from articles.accounts.models import User

TEXT_LENGTH = 2000  # Characters.


def add_note(article: Article, *, by: "User", text: str) -> DeskNote:
    """Add a note to an article.

    Raises:
        Refused: The text is empty or too long.
    """
    text = clean_text(text).strip()
    if not text:
        raise Refused(_("Write something first."), field="desk_note")
    if len(text) > TEXT_LENGTH:
        raise Refused(_("Use at most %(number)s characters.") % {"number": TEXT_LENGTH}, field="desk_note")
    return DeskNote.objects.create(article=article, by=by, text=text)


def resolve_notes(article: Article, numbers: "Iterable[int]", *, by: "User") -> int:
    """Resolve notes of an article. Return how many were still open."""
    still_open = DeskNote.objects.filter(article=article, pk__in=numbers, resolved_at=None)
    return still_open.update(resolved_at=timezone.now(), resolved_by=by)
