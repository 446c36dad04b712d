"""Assemble stored comment HTML into nested lists, without recursion."""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from html import escape
from typing import NamedTuple, cast

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from articles.discussion import comment_html
from articles.discussion.models import Comment
from articles.text.placeholders import url

DISPLAY_DEPTH = 6  # Levels of indentation; deeper replies are flat and name whom they reply to.
PHONE_DEPTH = 4  # The same on a phone; discussion.css has it too.

FIRST_LINE = '<div class="comment-header"'
# The browser scrolls to an element with autofocus, without a script. Not the whole comment: a browser centres what it
# scrolls to, and a comment may be taller than the window.
LANDING = '<div class="comment-header" tabindex="-1" autofocus'
# How a collapsed comment begins, and one that the URL names: a reader who followed a link to it finds it open.
COLLAPSED = '<details class="collapsible"'
EXPANDED = '<details class="collapsible" open'


class Row(NamedTuple):
    """The columns of a comment that a page needs; `FIELDS` has their names in queries."""

    pk: int
    root_id: int | None
    parent_id: int | None
    depth: int
    html: str
    author_id: int | None
    posted_at: datetime
    state: str
    recommended: int
    author: str | None
    parent_state: str | None
    parent_author: str | None
    picked_at: datetime | None
    begun_at: datetime | None
    parent_edited_at: datetime | None
    held_because: str
    html_version: int


LOOKUPS = {
    "author": "author__username",
    "parent_state": "parent__state",
    "parent_author": "parent__author__username",
    "parent_edited_at": "parent__edited_at",
}
FIELDS = tuple(LOOKUPS.get(name, name) for name in Row._fields)


class Note(NamedTuple):
    """A line between comments: a link to those that are not on this page."""

    depth: int
    html: str
    comments: int = 0
    """How many it stands for, where that is known."""


RenderRow = Callable[[Row], str]


def up_to_date[Item: Row | Note](rows: list[Item]) -> list[Item]:
    """Render again the comments among these rows whose stored HTML is out of date; one query if there are any."""
    version = comment_html.current_version()
    outdated = {row.pk: row.state for row in rows if isinstance(row, Row) and row.html_version != version}
    if not outdated:
        return rows
    rendered = comment_html.render_many(outdated)
    current: list[Item] = []
    for row in rows:
        if not isinstance(row, Row) or row.html_version == version:
            current.append(row)
        elif row.pk in rendered:  # Otherwise it was deleted, held or hidden since the row was read.
            current.append(cast("Item", row._replace(html=rendered[row.pk])))
    return current


def nest(rows: Iterable[Row | Note], render: RenderRow, *, here: int | None = None) -> str:
    """Return the items of a list, with replies in lists inside them.

    Args:
        rows: In reading order. Replies to a comment that is not on this page take its place.
        render: Returns a comment's HTML as the viewer sees it.
        here: The comment that the page is about.
    """
    return "".join(_pieces(list(rows), render, here))


def pieces_of(rows: list[Row | Note], render: RenderRow) -> tuple[list[str], dict[int, int]]:
    """Return the same in pieces, and which of them is each comment's HTML: pages of two viewers differ in few."""
    pieces: list[str] = []
    places: dict[int, int] = {}

    def render_and_note(row: Row) -> str:
        places[row.pk] = len(pieces)
        return render(row)

    for piece in _pieces(rows, render_and_note, None):
        pieces.append(piece)  # noqa: PERF402 -- render_and_note reads the length while the list grows
    return pieces, places


def _pieces(rows: list[Row | Note], render: RenderRow, here: int | None) -> Iterator[str]:
    shown = {row.pk for row in rows if isinstance(row, Row)}
    levels, texts = _levels(rows), _Texts()
    line: list[Row | Note] = []  # The row at each open level, outermost first.
    for row, level, replies in zip(rows, levels, _count_nested(rows, levels), strict=True):
        were = len(line)
        del line[level:]
        if were == level:
            yield '<ol class="thread">' if level else ""
        else:
            yield "</li>" + "</ol></li>" * (were - level - 1)
        above = line[-1] if line else None
        line.append(row)
        if isinstance(row, Note):
            yield f'<li class="more-replies">{row.html}'
            continue
        yield '<li class="linked" aria-current="true">' if row.pk == here else "<li>"
        if replies:
            yield texts.fold(row, replies)
        drawn = isinstance(above, Row) and above.pk == row.parent_id
        if row.parent_id is not None and (level >= PHONE_DEPTH or not drawn):
            # Where nesting shows on a wide screen what this replies to, the line is for phones only.
            yield texts.in_reply_to(row, shown, narrow=drawn)
        if row.parent_edited_at is not None and row.parent_edited_at > (row.begun_at or row.posted_at):
            yield _replied_to_earlier_version(row)
        html = render(row)
        yield html.replace(FIRST_LINE, LANDING, 1).replace(COLLAPSED, EXPANDED, 1) if row.pk == here else html
    if line:
        yield "</li>" + "</ol></li>" * (len(line) - 1)


def _levels(rows: list[Row | Note]) -> list[int]:
    """Return at which level of nested lists each row stands."""
    levels: list[int] = []
    open_depths: list[int] = []  # They rise from level to level.
    for row in rows:
        while open_depths and (open_depths[-1] >= row.depth or len(open_depths) >= DISPLAY_DEPTH):
            open_depths.pop()
        levels.append(len(open_depths))
        open_depths.append(row.depth)
    return levels


def _count_nested(rows: list[Row | Note], levels: list[int]) -> list[int]:
    """Return how many comments the lists inside each row's item hold or stand for."""
    counts = [0] * len(rows)
    above: list[int] = []
    for number, (row, level) in enumerate(zip(rows, levels, strict=True)):
        del above[level:]
        for place in above:
            counts[place] += row.comments if isinstance(row, Note) else 1
        above.append(number)
    return counts


class _Texts:
    """Renders what stands around comments. The translations are looked up once for a page (0.3 ms in 100 comments)."""

    def __init__(self) -> None:
        self._deleted, self._unavailable = _("deleted user"), escape(_("a comment that’s no longer available"))
        self._in_reply_to = _("in reply to %(author)s")
        self._replies: dict[int, str] = {}

    def fold(self, row: Row, replies: int) -> str:
        """Return the control that collapses a comment and its replies; the style sheet hides what follows it.

        Its siblings, not its content, are collapsed, so that the comment's first line stays, with its links.
        """
        name = escape(row.author or self._deleted) if row.state == Comment.State.VISIBLE else ""
        if (text := self._replies.get(replies)) is None:
            text = ngettext("%(count)d reply", "%(count)d replies", replies) % {"count": replies}
            self._replies[replies] = text
        return (
            f'<details class="fold" open><summary><span><span class="sr-only">{name} #{row.pk}: </span>{text}</span>'
            "</summary></details>"
        )

    def in_reply_to(self, row: Row, shown: set[int], *, narrow: bool) -> str:
        visible = row.parent_state == Comment.State.VISIBLE
        name = escape(row.parent_author or self._deleted) if visible else self._unavailable
        here = row.parent_id in shown
        href = f"#comment-{row.parent_id}" if here else url("comment").fill({"pk": str(row.parent_id)})
        text = self._in_reply_to % {"author": f'<a href="{href}"><bdi>{name}</bdi></a>'}
        return f'<p class="in-reply-to{" narrow" if narrow else ""}">{text}</p>'


def _replied_to_earlier_version(row: Row) -> str:
    """Say so above a reply. It is no part of its stored HTML, since an edit must not change that of all replies."""
    if {row.state, row.parent_state} != {Comment.State.VISIBLE}:
        return ""
    text, href = escape(_("replied to an earlier version")), url("replied_version").fill({"pk": str(row.pk)})
    return f'<p class="in-reply-to"><a href="{href}">{text}<span class="sr-only"> #{row.pk}</span></a></p>'
