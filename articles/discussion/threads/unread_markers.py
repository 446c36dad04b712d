"""The word over each comment that is new for a reader, and the ways from one to the next."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from articles.discussion.threads.live_updates import LATEST

# Stand for the numbers of the new comments before and after in a template that is rendered once.
BEFORE, AFTER = 987_654_321_001, 987_654_321_002


@dataclass(frozen=True, slots=True)
class FreshLine:
    """What is said above a thread of which something is new."""

    text: str
    url: str
    """The first of them on this page; else the oldest of them, where it stands."""
    others: str = ""
    others_url: str = ""


def fresh_line(fresh: Sequence[int], *, here: Sequence[int], others_url: str) -> FreshLine | None:
    """What to say of these new comments, newest first, of which some stand on this page, in its order."""
    if not fresh:
        return None
    url = f"#comment-{here[0]}" if here else reverse("comment", args=[fresh[-1]])
    left = len(fresh) - len(here)
    if not left:
        return FreshLine(counted(len(fresh)), url)
    others = ngettext("%(left)d of them on another page", "%(left)d of them on other pages", left) % {"left": left}
    return FreshLine(counted(len(fresh)), url, others, others_url)


def counted(number: int) -> str:
    if number >= LATEST:
        return _("At least %(number)d new comments") % {"number": number}
    return ngettext("%(number)d new comment", "%(number)d new comments", number) % {"number": number}


def mark(pieces: list[str], places: dict[int, int], fresh: Sequence[int]) -> None:
    """Mark the new comments among a page's pieces, in reading order."""
    language = get_language() or ""
    last = len(fresh) - 1
    for place, pk in enumerate(fresh):
        words = _words(language, before=place > 0, after=place < last)
        if place > 0:
            words = words.replace(str(BEFORE), str(fresh[place - 1]))
        if place < last:
            words = words.replace(str(AFTER), str(fresh[place + 1]))
        # Inside the article, so that it is of the comment; a folded one begins with what folds it.
        before, article, card = pieces[places[pk]].partition("<article")
        opening, close, rest = card.partition(">")
        pieces[places[pk]] = before + article + opening + close + words + rest


@cache
def _words(language: str, *, before: bool, after: bool) -> str:
    context = {"before": BEFORE if before else None, "after": AFTER if after else None}
    return render_to_string("discussion/_fresh.html", context).strip()
