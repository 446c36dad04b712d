"""Add per-viewer controls (recommend, reply, edit, withdraw, moderate) to the shared comment HTML."""

from collections.abc import Callable, Collection, Hashable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from html import escape

from django.conf import settings
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from articles.accounts.hidden_items import NOTHING_HIDDEN, Hidden, hidden_by
from articles.accounts.models import User, Viewer
from articles.accounts.rules import may_comment, may_write
from articles.discussion import closing, comment_editing, comment_html, rules
from articles.discussion.hidden_comments import HiddenText, hidden_texts
from articles.discussion.models import Comment, Recommendation
from articles.discussion.threads.collapsed_comments import collapse, is_collapsed
from articles.discussion.threads.thread_html import Note, RenderRow, Row, pieces_of
from articles.discussion.threads.unread_markers import mark_unread
from articles.publishing.models import Article
from articles.text.placeholders import Pattern, fill, render
from articles.text.sanitizing import trusted
from articles.web.local_cache import response_cache

PAGE_BYTES = 200_000  # LocalCache for the HTML of a page of 100 comments, roughly.
# In the stored HTML: where the author's name ends, and what says under which rule a comment was hidden.
NAME_END, NAMES_RULE = "</h3>", 'class="hidden-under"'
# In SQL, and as a range: the ORM takes twenty times as long to build the query as the database to answer it.
RECOMMENDED = """SELECT id, comment_id FROM articles_recommendation
    WHERE reader_id = %s AND comment_id BETWEEN %s AND %s"""


def renderer_for(viewer: Viewer, comments: Collection[int], *, article: Article) -> RenderRow:
    """Return the function that renders a comment on this article for this viewer.

    One query for a signed-in reader, one for what they hide if they hide anything, those of their permissions, and one
    for the texts of hidden comments where they may read one.
    """
    if not viewer.is_authenticated:
        return _anonymous_renderer(article)
    return _renderer_for(viewer, comments, comments, article)


def render_page(
    viewer: Viewer, rows: list[Row | Note], key: Hashable, unread: Sequence[int] = (), *, article: Article
) -> str:
    """Return the HTML of a whole page for this viewer.

    It is cached once for all readers with the same permissions; only the comments that a viewer wrote, recommended
    or hides are rendered for them.

    Args:
        rows: The page in reading order.
        key: Identifies this page in the local cache.
        unread: The comments on it that are new for this viewer, in reading order.
        article: What the comments are on. Where its discussion is closed, nothing offers to reply.
    """
    if not viewer.is_authenticated:
        pieces, places = pieces_of(rows, _anonymous_renderer(article))
        mark_unread(pieces, places, unread)
        return "".join(pieces)
    me = viewer.pk
    comments = [row for row in rows if isinstance(row, Row)]
    recommended = [row.pk for row in comments if row.recommended]
    own = _renderer_for(viewer, [row.pk for row in comments], recommended, article)
    shared = replace(own, reader=None, recommended=frozenset(), hidden=NOTHING_HIDDEN)
    role = own.writer, own.replier, own.moderator, own.picker
    kind = "page with controls", key, comment_html.current_version(), role
    pieces, places = response_cache().get_or_set(kind, lambda: pieces_of(rows, shared), size=PAGE_BYTES)
    pieces = pieces.copy()
    for row in comments:
        if row.author_id == me or row.pk in own.recommended or is_collapsed(row, own.hidden):
            pieces[places[row.pk]] = own(row)
    mark_unread(pieces, places, unread)
    return "".join(pieces)


def public_html(comment: Comment) -> SafeString:
    """Return one comment as readers who are not signed in see it."""
    html, author = comment_html.current(comment), comment.author
    if comment.state != Comment.State.VISIBLE:
        return trusted(fill(html, {"controls": ""}))
    pattern = _public_controls(is_open=True)  # Whether it is isn't asked: above forms, the controls aren't shown.
    controls = pattern.fill(_values(comment.pk, comment.recommended, author.username if author else None))
    return trusted(fill(html, {"controls": controls}))


def _anonymous_renderer(article: Article) -> RenderRow:
    pattern = _public_controls(is_open=closing.is_open(article))

    def render_row(row: Row) -> str:
        visible = row.state == Comment.State.VISIBLE
        controls = pattern.fill(_values(row.pk, row.recommended, row.author)) if visible else ""
        return fill(row.html, {"controls": controls})

    return render_row


def _public_controls(*, is_open: bool) -> Pattern:
    template = "discussion/_comment_actions_public.html"
    return render(template, numbers=["number"], texts=["name", "count"], is_open=is_open)


def _values(pk: int, recommended: int, author: str | None) -> dict[str, str]:
    count = f" {recommended}" if recommended else ""
    return {"number": str(pk), "name": escape(author or _("deleted user")), "count": count}


@dataclass(frozen=True, slots=True)
class _Renderer:
    """Renders comments for one viewer, or for all who wrote, recommended and hide none of them."""

    reader: int | None
    recommended: frozenset[int]
    hidden: Hidden
    hidden_texts: Callable[[], dict[int, HiddenText]]
    """Read when the first is needed: most pages have no hidden comment, and most viewers may see none."""
    writer: bool
    commenter: bool
    replier: bool
    """A commenter where the discussion is open."""
    moderator: bool
    picker: bool
    now: datetime
    visible_pattern: Callable[[bool, bool, bool, bool, bool], Pattern]
    """The controls of a visible comment. Most are alike: found once for a page, 100 take 0.6 ms less."""

    def __call__(self, row: Row) -> str:
        html = fill(row.html, {"controls": self._controls(row)})
        if self._is_own(row) and row.state in (Comment.State.VISIBLE, Comment.State.HELD):
            html = html.replace(
                NAME_END, f'{NAME_END} <span class="badge">{pgettext("one’s own comment", "You")}</span>', 1
            )
        return collapse(html, row, self.hidden)

    def _is_own(self, row: Row) -> bool:
        return self.reader is not None and row.author_id == self.reader

    def _controls(self, row: Row) -> str:
        mine = self._is_own(row)
        if row.state == Comment.State.VISIBLE:
            editable = self.commenter and mine and comment_editing.within_edit_window(row.posted_at, now=self.now)
            picked, named = row.picked_at is not None, row.author is not None
            pattern = self.visible_pattern(mine, row.pk in self.recommended, editable, picked, named)
            values = _values(row.pk, row.recommended, row.author)
            if mine or (not self.writer and row.pk not in self.recommended):
                values["praise"] = _("Recommended %(count)d") % {"count": row.recommended} if row.recommended else ""
            return pattern.fill(values)
        if row.state == Comment.State.HIDDEN and (mine or self.moderator):
            hidden = self.hidden_texts().get(row.pk, HiddenText("", ""))
            pattern = render(
                "discussion/_comment_actions_hidden.html",
                numbers=["number", "decision"],
                texts=["reason", "ground", "words"],
                reasoned=bool(hidden.reason),
                grounded=bool(hidden.ground) and NAMES_RULE not in row.html,
                decided=bool(hidden.decision),
                contact=self.writer or bool(settings.EDITOR_EMAIL),
                mine=mine,
                moderator=self.moderator,
            )
            values = {"reason": escape(hidden.reason), "ground": escape(hidden.ground), "words": hidden.html}
            return pattern.fill({"number": str(row.pk), "decision": str(hidden.decision), **values})
        if row.state == Comment.State.HELD and mine:
            editable = self.commenter and comment_editing.within_edit_window(row.posted_at, now=self.now)
            pattern = render(
                "discussion/_comment_actions_held.html", numbers=["number"], texts=["because"], editable=editable
            )
            return pattern.fill({"number": str(row.pk), "because": escape(row.held_because)})
        return ""


def _renderer_for(viewer: User, comments: Collection[int], candidates: Collection[int], article: Article) -> _Renderer:
    """Return the renderer of these comments, of which the viewer can have recommended only the candidates."""
    recommended: frozenset[int] = frozenset()
    if candidates:
        own = Recommendation.objects.raw(RECOMMENDED, [viewer.pk, min(candidates), max(candidates)])
        recommended = frozenset(row.comment_id for row in own).intersection(candidates)
    writer, commenter, moderator = may_write(viewer), may_comment(viewer), rules.may_moderate(viewer)
    picker, replier = rules.may_pick(viewer), commenter and closing.is_open(article)

    @cache
    def visible_pattern(mine: bool, recommended: bool, editable: bool, picked: bool, named: bool) -> Pattern:
        return render(
            "discussion/_comment_actions.html",
            numbers=["number"],
            texts=["name", "count", "praise"],
            mine=mine,
            writer=writer,
            replier=replier,
            recommended=recommended,
            editable=editable,
            moderator=moderator,
            picker=picker and not mine,
            picked=picked,
            named=named,
        )

    return _Renderer(
        reader=viewer.pk,
        recommended=recommended,
        hidden=hidden_by(viewer),
        hidden_texts=cache(lambda: hidden_texts(comments)),
        writer=writer,
        commenter=commenter,
        replier=replier,
        moderator=moderator,
        picker=picker,
        now=timezone.now(),
        visible_pattern=visible_pattern,
    )
