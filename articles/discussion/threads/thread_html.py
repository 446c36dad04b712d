"""Comments in reading order become nested lists: joined from their stored cards, without recursion."""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from html import escape
from typing import NamedTuple

from django.utils.translation import gettext as _

from articles.discussion.models import Comment
from articles.discussion.rules import DISPLAY_DEPTH, PHONE_DEPTH

FIRST_LINE = '<p class="who"'
# The browser itself scrolls to what has this, without any script. Not the whole comment: it may be taller than the
# window, and a browser puts the middle of what it scrolls to into the middle of the window.
LANDING = '<p class="who" tabindex="-1" autofocus'
# How a folded card begins, and one that the address names: whoever came for it finds it open.
FOLD = '<details class="fold"'
UNFOLDED = '<details class="fold" open'


class Row(NamedTuple):
    """What a page needs of one comment. `FIELDS` names the columns in the same order."""

    pk: int
    root_id: int | None
    parent_id: int | None
    depth: int
    card: str
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


FIELDS = (
    "pk",
    "root_id",
    "parent_id",
    "depth",
    "card_html",
    "author_id",
    "posted_at",
    "state",
    "recommended",
    "author__username",
    "parent__state",
    "parent__author__username",
    "picked_at",
    "begun_at",
    "parent__edited_at",
    "held_because",
)


class Note(NamedTuple):
    """A line between comments: how many more there are, and where."""

    depth: int
    html: str


Dress = Callable[[Row], str]


def nest(rows: Iterable[Row | Note], dress: Dress, *, here: int | None = None) -> str:
    """The items of a list, replies in lists inside them.

    Args:
        rows: In reading order. Where an ancestor is not on this page, its descendants are drawn as if it was not there.
        dress: Gives the card as the viewer sees it.
        here: The comment that the page is about.
    """
    return "".join(_pieces(list(rows), dress, here))


def pieces_of(rows: list[Row | Note], dress: Dress) -> tuple[list[str], dict[int, int]]:
    """The same in pieces, and where among them each comment's card is: the page of one viewer differs in few."""
    pieces: list[str] = []
    places: dict[int, int] = {}

    def dress_and_note(row: Row) -> str:
        places[row.pk] = len(pieces)
        return dress(row)

    for piece in _pieces(rows, dress_and_note, None):
        pieces.append(piece)
    return pieces, places


def _pieces(rows: list[Row | Note], dress: Dress, here: int | None) -> Iterator[str]:
    shown = {row.pk for row in rows if isinstance(row, Row)}
    line: list[Row | Note] = []  # What is drawn at each open level, outermost first; depths rise along it.
    for row in rows:
        were = len(line)
        while line and (line[-1].depth >= row.depth or len(line) >= DISPLAY_DEPTH):
            line.pop()
        level = len(line)
        if were == level:
            yield '<ol class="thread">' if level else ""
        else:
            yield "</li>" + "</ol></li>" * (were - level - 1)
        above = line[-1] if line else None
        line.append(row)
        if isinstance(row, Note):
            yield f'<li class="more">{row.html}'
            continue
        yield '<li class="here" aria-current="true">' if row.pk == here else "<li>"
        drawn = isinstance(above, Row) and above.pk == row.parent_id
        if row.parent_id is not None and (level >= PHONE_DEPTH or not drawn):
            # Where the drawing shows whom it answers on a wide screen, the words are for phones only.
            yield _answers(row, shown, narrow=drawn)
        if row.parent_edited_at is not None and row.parent_edited_at > (row.begun_at or row.posted_at):
            yield _earlier(row)
        card = dress(row)
        yield card.replace(FIRST_LINE, LANDING, 1).replace(FOLD, UNFOLDED, 1) if row.pk == here else card
    if line:
        yield "</li>" + "</ol></li>" * (len(line) - 1)


def _answers(row: Row, shown: set[int], *, narrow: bool) -> str:
    """Whom a comment answers, in words."""
    if row.parent_state == Comment.State.VISIBLE:
        name = escape(row.parent_author or _("deleted user"))
    else:
        name = escape(_("a comment taken away"))
    url = f"#comment-{row.parent_id}" if row.parent_id in shown else f"/comments/{row.parent_id}/"
    words = escape(_("in reply to"))
    return f'<p class="to{" narrow" if narrow else ""}">{words} <a href="{url}"><bdi>{name}</bdi></a></p>'


def _earlier(row: Row) -> str:
    """That a reply answers words which are no longer there. Laid over here: an edit touches none of the cards below."""
    if {row.state, row.parent_state} != {Comment.State.VISIBLE}:
        return ""
    words = escape(_("answered an earlier version"))
    return f'<p class="to"><a href="/comments/{row.pk}/answered/">{words}<span class="unseen"> #{row.pk}</span></a></p>'
