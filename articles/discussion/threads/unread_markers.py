"""Mark the comments that are new for a reader, with links from one to the next."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.template import Engine
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from articles.discussion.threads.live_updates import MAX_LATEST
from articles.text.placeholders import render


@dataclass(frozen=True, slots=True)
class UnreadSummary:
    """The line above a discussion that says how many comments are new."""

    text: str
    url: str
    """Of the first one on this page, or else of the oldest one."""
    others: str = ""
    others_url: str = ""


def unread_summary(unread: Sequence[int], *, here: Sequence[int], others_url: str) -> UnreadSummary | None:
    """Return the line, if there are new comments.

    Args:
        unread: The new comments, newest first.
        here: Those on this page, in its order.
        others_url: Where to read the others.
    """
    if not unread:
        return None
    url = f"#comment-{here[0]}" if here else reverse("comment", args=[unread[-1]])
    left = len(unread) - len(here)
    if not left:
        return UnreadSummary(counted(len(unread)), url)
    others = ngettext("%(left)d of them on another page", "%(left)d of them on other pages", left) % {"left": left}
    return UnreadSummary(counted(len(unread)), url, others, others_url)


def counted(number: int) -> str:
    if number >= MAX_LATEST:
        return _("At least %(number)d new comments") % {"number": number}
    return ngettext("%(number)d new comment", "%(number)d new comments", number) % {"number": number}


def mark_unread(pieces: list[str], places: dict[int, int], unread: Sequence[int]) -> None:
    """Put a marker into each new comment among a page's pieces.

    Args:
        pieces: The page's HTML, to be joined.
        places: Which piece is a comment's HTML, by its id.
        unread: The new comments, in reading order.
    """
    if not unread:
        return
    template, last = Engine.get_default().get_template("discussion/_unread_marker.html"), len(unread) - 1
    for place, pk in enumerate(unread):
        before, after = place > 0, place < last
        numbers = [name for name, shown in (("before", before), ("after", after)) if shown]
        values = {"before": str(unread[place - 1]) if before else "", "after": str(unread[place + 1]) if after else ""}
        marker = render(template, numbers=numbers).fill(values)
        # Inside the article element, also where that is collapsed.
        start, article, rest = pieces[places[pk]].partition("<article")
        attributes, end, rest = rest.partition(">")
        pieces[places[pk]] = start + article + attributes + end + marker + rest
