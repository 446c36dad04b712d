"""The viewer's own layer over the stored cards: buttons instead of links, and what only they may do."""

from collections.abc import Collection, Hashable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from html import escape
from typing import TYPE_CHECKING

from django.contrib.auth.models import AnonymousUser
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from articles.accounts.blocking import NOTHING_HIDDEN, Hidden, hidden_by
from articles.discussion import rules
from articles.discussion.comment_html import CLOSE, MARK, as_everybody_sees
from articles.discussion.models import Comment, Recommendation
from articles.discussion.threads.collapsed_comments import folded, is_folded
from articles.discussion.threads.thread_html import Dress, Note, Row, pieces_of
from articles.discussion.threads.unread_markers import mark
from articles.web.local_cache import current_cache

if TYPE_CHECKING:
    from articles.accounts.models import User

# Stand for the comment's number, count and author in a template that is rendered once for each kind of viewer.
NUMBER = 987_654_321_987
NUMBER_MARK = str(NUMBER)
COUNT = "@count@"
PRAISE = "@praise@"
NAME = "@name@"
BECAUSE = "@because@"
DRESSED_BYTES = 200_000  # What a page of 100 cards takes in memory, roughly.
# In SQL, and as a span: to put the question into words takes Django twenty times as long as the database to answer it.
RECOMMENDED = """SELECT id, comment_id FROM articles_recommendation
    WHERE reader_id = %s AND comment_id BETWEEN %s AND %s"""


def dress_for(viewer: "User | AnonymousUser", comments: Collection[int]) -> Dress:
    """How this viewer sees each card. One query for a signed-in reader, one for what they hide if they hide anything,
    and those of their permissions.
    """
    if not viewer.is_authenticated:
        return lambda row: as_everybody_sees(row.card)
    return _dresser_for(viewer, comments)


def dress_page(viewer: "User | AnonymousUser", rows: list[Row | Note], key: Hashable, fresh: Sequence[int] = ()) -> str:
    """A whole page as this viewer sees it: kept as every reader of a kind sees it, but for the cards that they touched.

    Args:
        viewer: Who reads.
        rows: The page in reading order.
        key: What tells this page from others in the memory of the database's present state.
        fresh: The comments on it that are new for this viewer, in reading order.
    """
    if not viewer.is_authenticated:
        pieces, places = pieces_of(rows, dress_for(viewer, ()))
        mark(pieces, places, fresh)
        return "".join(pieces)
    me = viewer.pk
    dress = _dresser_for(viewer, [row.pk for row in rows if isinstance(row, Row)])
    ordinary = replace(dress, reader=None, recommended=frozenset(), hidden=NOTHING_HIDDEN)
    kind = "dressed", key, dress.moderator, dress.picker, dress.language
    pieces, places = current_cache().get_or_set(kind, lambda: pieces_of(rows, ordinary), size=DRESSED_BYTES)
    pieces = pieces.copy()
    for row in rows:
        if isinstance(row, Row) and (
            row.author_id == me or row.pk in dress.recommended or is_folded(row, dress.hidden)
        ):
            pieces[places[row.pk]] = dress(row)
    mark(pieces, places, fresh)
    return "".join(pieces)


@dataclass(frozen=True, slots=True)
class _Dresser:
    """Draws cards for one viewer, or for any who wrote, recommended and hide none of them."""

    reader: int | None
    recommended: frozenset[int]
    hidden: Hidden
    moderator: bool
    picker: bool
    now: datetime
    language: str

    def __call__(self, row: Row) -> str:
        return folded(self._card(row), row, self.hidden)

    def _card(self, row: Row) -> str:
        card, mark, _rest = row.card.partition(MARK)
        if not mark:
            return row.card
        mine = self.reader is not None and row.author_id == self.reader
        if row.state == Comment.State.VISIBLE:
            html = controls(
                self.language,
                mine=mine,
                recommended=row.pk in self.recommended,
                editable=mine and rules.within_window(row.posted_at, now=self.now),
                moderator=self.moderator,
                picker=self.picker and not mine,
                picked=row.picked_at is not None,
            )
        elif row.state == Comment.State.HIDDEN:
            html = controls_of_hidden(self.language, mine=mine, moderator=self.moderator)
        elif row.state == Comment.State.HELD and mine:
            editable = rules.within_window(row.posted_at, now=self.now)
            html = controls_of_held(self.language, editable=editable).replace(BECAUSE, escape(row.held_because))
        else:
            html = ""
        return card + fill(html, row) + CLOSE


def _dresser_for(viewer: "User", comments: Collection[int]) -> _Dresser:
    recommended: frozenset[int] = frozenset()
    if comments:
        own = Recommendation.objects.raw(RECOMMENDED, [viewer.pk, min(comments), max(comments)])
        recommended = frozenset(row.comment_id for row in own).intersection(comments)
    return _Dresser(
        reader=viewer.pk,
        recommended=recommended,
        hidden=hidden_by(viewer),
        moderator=rules.may_moderate(viewer),
        picker=rules.may_pick(viewer),
        now=timezone.now(),
        language=get_language() or "",
    )


def fill(html: str, row: Row) -> str:
    if PRAISE in html:
        praise = _("Recommended %(count)d") % {"count": row.recommended} if row.recommended else ""
        html = html.replace(PRAISE, praise)
    # A name can't hold the marks: it consists of letters, digits and . - _
    name = escape(row.author or _("deleted user"))
    count = f" {row.recommended}" if row.recommended else ""
    return html.replace(NUMBER_MARK, str(row.pk)).replace(COUNT, count).replace(NAME, name)


@cache
def controls(
    language: str, *, mine: bool, recommended: bool, editable: bool, moderator: bool, picker: bool, picked: bool
) -> str:
    """What may be done with a visible comment, for one kind of viewer; few kinds, so each is rendered once."""
    context = {
        "number": NUMBER,
        "count": COUNT,
        "praise": PRAISE,
        "name": NAME,
        "mine": mine,
        "recommended": recommended,
        "editable": editable,
        "moderator": moderator,
        "picker": picker,
        "picked": picked,
    }
    return render_to_string("discussion/_acts.html", context).strip()


@cache
def controls_of_hidden(language: str, *, mine: bool, moderator: bool) -> str:
    context = {"number": NUMBER, "mine": mine, "moderator": moderator}
    return render_to_string("discussion/_acts_hidden.html", context).strip()


@cache
def controls_of_held(language: str, *, editable: bool) -> str:
    """What its author may do with a comment that waits for a moderator; nobody else meets it."""
    context = {"number": NUMBER, "editable": editable, "because": BECAUSE}
    return render_to_string("discussion/_acts_held.html", context).strip()
