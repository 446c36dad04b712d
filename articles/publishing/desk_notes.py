"""Notes between writers, editors and moderators, on the article that they are about."""

from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext as _

from articles.errors import Refused
from articles.publishing.models import Article, DeskNote
from articles.text.sanitizing import clean_text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from articles.accounts.models import User

TEXT_LENGTH = 2000  # Characters; what needs more is said better in person.


def leave_note(article: Article, *, by: "User", text: str) -> DeskNote:
    """Tell colleagues something about an article.

    Raises:
        Refused: Nothing is said, or too much.
    """
    text = clean_text(text).strip()
    if not text:
        raise Refused(_("Write something first."), field="desk_note")
    if len(text) > TEXT_LENGTH:
        raise Refused(_("At most %(number)s characters, please.") % {"number": TEXT_LENGTH}, field="desk_note")
    return DeskNote.objects.create(article=article, by=by, text=text)


def settle(article: Article, numbers: "Iterable[int]", *, by: "User") -> int:
    """Settle notes of an article. Gives how many were open still."""
    still_open = DeskNote.objects.filter(article=article, pk__in=numbers, settled_at=None)
    return still_open.update(settled_at=timezone.now(), settled_by=by)
