"""The viewer's own layer over the stored cards: buttons instead of links, and what only they may do."""

from collections.abc import Collection
from functools import cache
from html import escape
from typing import TYPE_CHECKING

from django.contrib.auth.models import AnonymousUser
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from articles.discussion import rules
from articles.discussion.cards import CLOSE, MARK, as_everybody_sees
from articles.discussion.models import Comment, Recommendation
from articles.discussion.nesting import Dress, Row

if TYPE_CHECKING:
    from articles.accounts.models import User

# Stand for the comment's number, count and author in a template that is rendered once for each kind of viewer.
NUMBER = 987_654_321_987
NUMBER_MARK = str(NUMBER)
COUNT = "@count@"
PRAISE = "@praise@"
NAME = "@name@"


def dress_for(viewer: "User | AnonymousUser", comments: Collection[int]) -> Dress:
    """How this viewer sees each card. One query for a signed-in reader, and those of their permissions."""
    if not viewer.is_authenticated:
        return lambda row: as_everybody_sees(row.card)
    own = Recommendation.objects.filter(reader_id=viewer.pk, comment_id__in=comments)
    recommended = frozenset(own.values_list("comment_id", flat=True))
    moderator = rules.may_moderate(viewer)
    now = timezone.now()
    language = get_language() or ""

    def dress(row: Row) -> str:
        card, mark, _rest = row.card.partition(MARK)
        if not mark:
            return row.card
        mine = row.author_id == viewer.pk
        if row.state == Comment.State.VISIBLE:
            html = controls(
                language,
                mine=mine,
                recommended=row.pk in recommended,
                editable=mine and rules.within_window(row.posted_at, now=now),
                moderator=moderator,
            )
        elif row.state == Comment.State.HIDDEN:
            html = controls_of_hidden(language, mine=mine, moderator=moderator)
        else:
            html = ""
        return card + fill(html, row) + CLOSE

    return dress


def fill(html: str, row: Row) -> str:
    if PRAISE in html:
        praise = _("Recommended %(count)d") % {"count": row.recommended} if row.recommended else ""
        html = html.replace(PRAISE, praise)
    # A name can't hold the marks: it consists of letters, digits and . - _
    name = escape(row.author or _("deleted user"))
    count = f" {row.recommended}" if row.recommended else ""
    return html.replace(NUMBER_MARK, str(row.pk)).replace(COUNT, count).replace(NAME, name)


@cache
def controls(language: str, *, mine: bool, recommended: bool, editable: bool, moderator: bool) -> str:
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
    }
    return render_to_string("discussion/_acts.html", context).strip()


@cache
def controls_of_hidden(language: str, *, mine: bool, moderator: bool) -> str:
    context = {"number": NUMBER, "mine": mine, "moderator": moderator}
    return render_to_string("discussion/_acts_hidden.html", context).strip()
