"""The permalink page of a comment: its ancestors, some siblings and its replies.

The page is complete when it loads, so that nothing moves the comment that the reader came for.
"""

from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from articles.accounts.models import Viewer
from articles.discussion.comment_controls import renderer_for
from articles.discussion.models import Comment
from articles.discussion.threads.discussion_page import in_reading_order, more_replies, page_url
from articles.discussion.threads.thread_html import FIELDS, Note, Row, nest, up_to_date
from articles.discussion.threads.thread_path import MAX_LENGTH, after_path
from articles.discussion.threads.thread_sorting import NEWEST, OLDEST
from articles.text.sanitizing import trusted

MAX_REPLIES = 50  # Replies shown below the comment.
SIBLINGS = 2  # Siblings shown before the comment, and after it.


def in_context(comment: Comment, *, viewer: Viewer) -> SafeString:
    """Return a comment with its ancestors (the nearest three and the root), some siblings and its replies.

    Links stand in for what is left out. Five queries, one more for a signed-in reader.
    """
    *above, here = _ancestors(comment)
    rows = up_to_date([*_with_gaps(above), *_earlier(comment), here, *_replies(comment), *_later(comment)])
    pks = [row.pk for row in rows if isinstance(row, Row)]
    return trusted(nest(rows, renderer_for(viewer, pks, article=comment.article), here=comment.pk))


def _ancestors(comment: Comment) -> list[Row]:
    """Return the root, the nearest three ancestors and the comment itself, in this order."""
    line = (
        Comment.objects.filter(pk=comment.pk)
        .values_list("root_id", "parent__parent__parent_id", "parent__parent_id", "parent_id", "pk")
        .get()
    )
    # The comment itself may be held: its author can open it.
    shown = Comment.objects.filter(pk=comment.pk) | Comment.objects.in_threads()
    found = shown.filter(pk__in={pk for pk in line if pk is not None})
    return [Row._make(values) for values in found.order_by("depth").values_list(*FIELDS)]


def _with_gaps(above: list[Row]) -> list[Row | Note]:
    """Add a link to the nearest ancestor that is left out, which leads on to the others."""
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
    found = _read(_siblings(comment).filter(pk__lt=comment.pk), "-root_id", "-pk")
    rows = _without_replies(found[SIBLINGS - 1 :: -1])
    if len(found) <= SIBLINGS:
        return rows
    if comment.parent_id is None:
        link = _link(0, page_url(comment.article, NEWEST, str(found[SIBLINGS - 1][0].pk)), _("Earlier comments"))
    else:
        link = _link(comment.depth, reverse("comment", args=[comment.parent_id]), _("Earlier replies"))
    return [link, *rows]


def _later(comment: Comment) -> list[Row | Note]:
    found = _read(_siblings(comment).filter(pk__gt=comment.pk), "root_id", "pk")
    rows = _without_replies(found[:SIBLINGS])
    if len(found) <= SIBLINGS:
        return rows
    last = found[SIBLINGS - 1][0].pk
    if comment.root_id is None:
        url, text = page_url(comment.article, OLDEST, str(last)), _("Later comments")
    else:
        url, text = f"{reverse('thread', args=[comment.root_id])}?after={last}", _("Later replies")
    return [*rows, _link(comment.depth, url, text)]


def _siblings(comment: Comment) -> "QuerySet[Comment]":
    if comment.parent_id is None:
        return Comment.objects.in_threads().filter(article=comment.article_id, root=None)
    return Comment.objects.in_threads().filter(parent=comment.parent_id)


def _read(comments: "QuerySet[Comment]", *order: str) -> list[tuple[Row, bool]]:
    """Return comments, each with whether it has replies."""
    replies = Comment.objects.in_threads().filter(parent=OuterRef("pk"))
    found = comments.annotate(has_replies=Exists(replies)).order_by(*order).values_list(*FIELDS, "has_replies")
    return [(Row._make(values[:-1]), values[-1]) for values in found[: SIBLINGS + 1]]


def _without_replies(found: list[tuple[Row, bool]]) -> list[Row | Note]:
    """Return siblings with a link in place of their replies."""
    rows: list[Row | Note] = []
    for row, has_replies in found:
        rows.append(row)
        if has_replies:
            name = row.author or _("deleted user")
            text = _("Replies to %(name)s") % {"name": name} if row.state == Comment.State.VISIBLE else _("Replies")
            number = format_html('{}<span class="sr-only"> #{}</span>', text, row.pk)
            rows.append(_link(row.depth + 1, reverse("comment", args=[row.pk]), number))
    return rows


def _replies(comment: Comment) -> list[Row | Note]:
    found = [Row._make(values) for values in _descendants(comment).values_list(*FIELDS)[: MAX_REPLIES + 1]]
    rows: list[Row | Note] = [*found[:MAX_REPLIES]]
    if len(found) > MAX_REPLIES:
        left = more_replies(comment.root_id or comment.pk, after=found[MAX_REPLIES - 1].pk)
        rows.append(left._replace(depth=comment.depth + 1))
    return rows


def _descendants(comment: Comment) -> "QuerySet[Comment]":
    """Return all replies below a comment; at the cap of the path, where they can't be told, only the direct ones."""
    shown = Comment.objects.in_threads()
    if comment.root_id is None:
        return in_reading_order(shown.filter(root=comment))
    if len(comment.path) >= MAX_LENGTH:
        return shown.filter(parent=comment).order_by("pk")
    return in_reading_order(
        shown.filter(root=comment.root_id, path__gt=comment.path, path__lt=after_path(comment.path))
    )


def _link(depth: int, url: str, text: str) -> Note:
    return Note(depth, format_html('<a href="{}">{}</a>', url, text))
