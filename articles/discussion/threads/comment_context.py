"""One comment in its place: what it answers, what stands beside it, what was answered.

All of it comes in one page and nothing is fetched later, so that nothing moves under a reader who came for this one.
"""

from typing import TYPE_CHECKING

from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from articles.discussion.comment_controls import renderer_for
from articles.discussion.models import Comment
from articles.discussion.threads.discussion_page import in_order, more, page_url
from articles.discussion.threads.thread_html import FIELDS, Note, Row, nest, up_to_date
from articles.discussion.threads.thread_path import FULL, after_path
from articles.discussion.threads.thread_sorting import NEWEST, OLDEST
from articles.text.sanitizing import trusted

if TYPE_CHECKING:
    from articles.accounts.models import User

REPLIES_IN_CONTEXT = 50  # Below the comment that a page is about.
BESIDE = 2  # Comments before it and after it that answer the same: enough to see what was being said.


def in_context(comment: Comment, *, viewer: "User | AnonymousUser") -> SafeString:
    """A comment with those above it (the nearest three, and the one that opened the branch), with some that stand
    beside it, and with its replies. Links lead to what lies between, before and after.

    Five queries, one more for a signed-in reader.
    """
    *above, here = _line(comment)
    rows = up_to_date([*_with_gaps(above), *_earlier(comment), here, *_replies(comment), *_later(comment)])
    pks = [row.pk for row in rows if isinstance(row, Row)]
    return trusted(nest(rows, renderer_for(viewer, pks), here=comment.pk))


def _line(comment: Comment) -> list[Row]:
    """The one that opened the branch, the nearest three above, and the comment itself."""
    line = (
        Comment.objects.filter(pk=comment.pk)
        .values_list("root_id", "parent__parent__parent_id", "parent__parent_id", "parent_id", "pk")
        .get()
    )
    # Its own author meets it here while it is held; what stands above it has its place.
    placed = Comment.objects.filter(pk=comment.pk) | Comment.objects.in_threads()
    found = placed.filter(pk__in={pk for pk in line if pk is not None})
    return [Row._make(values) for values in found.order_by("depth").values_list(*FIELDS)]


def _with_gaps(above: list[Row]) -> list[Row | Note]:
    """Where some are left out, a link to the nearest of them; from there it goes on upwards."""
    rows: list[Row | Note] = []
    for row in above:
        before = rows[-1] if rows else None
        if before is not None and row.depth > before.depth + 1:
            gap = row.depth - before.depth - 1
            text = ngettext("%(gap)d comment between", "%(gap)d comments between", gap) % {"gap": gap}
            rows.append(_link(before.depth + 1, reverse("comment", args=[row.parent_id]), text))
        rows.append(row)
    return rows


def _earlier(comment: Comment) -> list[Row | Note]:
    found = _read(_beside(comment).filter(pk__lt=comment.pk), "-root_id", "-pk")
    rows = _folded(found[BESIDE - 1 :: -1])
    if len(found) <= BESIDE:
        return rows
    if comment.parent_id is None:
        link = _link(0, page_url(comment.article, NEWEST, str(found[BESIDE - 1][0].pk)), _("Earlier comments"))
    else:
        link = _link(comment.depth, reverse("comment", args=[comment.parent_id]), _("Earlier replies"))
    return [link, *rows]


def _later(comment: Comment) -> list[Row | Note]:
    found = _read(_beside(comment).filter(pk__gt=comment.pk), "root_id", "pk")
    rows = _folded(found[:BESIDE])
    if len(found) <= BESIDE:
        return rows
    last = found[BESIDE - 1][0].pk
    if comment.root_id is None:
        url, text = page_url(comment.article, OLDEST, str(last)), _("Later comments")
    else:
        url, text = f"{reverse('branch', args=[comment.root_id])}?after={last}", _("Later replies")
    return [*rows, _link(comment.depth, url, text)]


def _beside(comment: Comment) -> "QuerySet[Comment]":
    if comment.parent_id is None:
        return Comment.objects.in_threads().filter(article=comment.article_id, root=None)
    return Comment.objects.in_threads().filter(parent=comment.parent_id)


def _read(comments: "QuerySet[Comment]", *order: str) -> list[tuple[Row, bool]]:
    """Comments, and whether each was answered."""
    replies = Comment.objects.in_threads().filter(parent=OuterRef("pk"))
    found = comments.annotate(answered=Exists(replies)).order_by(*order).values_list(*FIELDS, "answered")
    return [(Row._make(values[:-1]), values[-1]) for values in found[: BESIDE + 1]]


def _folded(found: list[tuple[Row, bool]]) -> list[Row | Note]:
    """What stands beside a comment is shown without its replies, but for a link to them."""
    rows: list[Row | Note] = []
    for row, answered in found:
        rows.append(row)
        if answered:
            name = row.author or _("deleted user")
            text = _("Replies to %(name)s") % {"name": name} if row.state == Comment.State.VISIBLE else _("Replies")
            number = format_html('{}<span class="unseen"> #{}</span>', text, row.pk)
            rows.append(_link(row.depth + 1, reverse("comment", args=[row.pk]), number))
    return rows


def _replies(comment: Comment) -> list[Row | Note]:
    found = [Row._make(values) for values in _below(comment).values_list(*FIELDS)[: REPLIES_IN_CONTEXT + 1]]
    rows: list[Row | Note] = [*found[:REPLIES_IN_CONTEXT]]
    if len(found) > REPLIES_IN_CONTEXT:
        left = more(comment.root_id or comment.pk, after=found[REPLIES_IN_CONTEXT - 1].pk)
        rows.append(left._replace(depth=comment.depth + 1))
    return rows


def _below(comment: Comment) -> "QuerySet[Comment]":
    """All below a comment; at the cap of the path, where no path tells, only those that answer it."""
    from_here = Comment.objects.in_threads()
    if comment.root_id is None:
        return in_order(from_here.filter(root=comment))
    if len(comment.path) >= FULL:
        return from_here.filter(parent=comment).order_by("pk")
    return in_order(from_here.filter(root=comment.root_id, path__gt=comment.path, path__lt=after_path(comment.path)))


def _link(depth: int, url: str, text: str) -> Note:
    return Note(depth, format_html('<a href="{}">{}</a>', url, text))
