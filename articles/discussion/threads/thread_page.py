"""Pages of a single thread, and the HTML of single comments for htmx responses."""

from dataclasses import dataclass

from django.core.exceptions import BadRequest
from django.urls import reverse
from django.utils.safestring import SafeString

from articles.accounts.models import Viewer
from articles.discussion.comment_controls import render_page, renderer_for
from articles.discussion.models import Comment
from articles.discussion.threads.discussion_page import in_reading_order
from articles.discussion.threads.live_updates import MAX_NEW_COMMENTS
from articles.discussion.threads.thread_html import FIELDS, Row, nest, up_to_date
from articles.discussion.threads.thread_sorting import parse_id
from articles.discussion.threads.unread_markers import counted
from articles.publishing.models import Article
from articles.text.sanitizing import trusted
from articles.web.pagination import rows_after

COMMENTS_PER_PAGE = 100  # Comments on a page of a single thread.


@dataclass(frozen=True, slots=True, kw_only=True)
class CommentPage:
    """A page of comments, and where the others are."""

    html: SafeString
    count: int = 0
    """Comments on all pages, where it is shown."""
    next_url: str = ""
    first_url: str = ""


def thread_page(root: Comment, *, viewer: Viewer, after: str | None = None) -> CommentPage:
    """Return a page of a single thread, under the comment that opened it.

    Raises:
        BadRequest: `after` is not a comment of this thread.
    """
    url = reverse("thread", args=[root.pk])
    comments = Comment.objects.in_threads().filter(root=root)
    if after:
        place = comments.filter(pk=parse_id(after)).values("path", "pk").first()
        if place is None:
            raise BadRequest("No such page of comments")
        comments = comments.filter(rows_after(**place))
    rows = [Row._make(values) for values in in_reading_order(comments).values_list(*FIELDS)[: COMMENTS_PER_PAGE + 1]]
    next_url = ""
    if len(rows) > COMMENTS_PER_PAGE:
        rows = rows[:COMMENTS_PER_PAGE]
        next_url = f"{url}?after={rows[-1].pk}"
    rows = [_row_of(root), *rows]
    return CommentPage(html=_html(rows, viewer, root.article), next_url=next_url, first_url=url if after else "")


def _row_of(comment: Comment) -> Row:
    return Row._make(Comment.objects.values_list(*FIELDS).get(pk=comment.pk))


def _html(rows: list[Row], viewer: Viewer, article: Article) -> SafeString:
    rows = up_to_date(rows)
    return trusted(nest(rows, renderer_for(viewer, [row.pk for row in rows], article=article)))


def render_comment(comment: Comment, *, viewer: Viewer) -> SafeString:
    """Return one comment as this viewer sees it."""
    rows = up_to_date([_row_of(comment)])
    return trusted("".join(map(renderer_for(viewer, [comment.pk], article=comment.article), rows)))


def render_item(comment: Comment, *, viewer: Viewer) -> SafeString:
    """Return the same as a list item, to insert under its parent."""
    return _html([_row_of(comment)._replace(parent_id=None)], viewer, comment.article)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewComments:
    """New comments for an open page, each naming whom it replies to."""

    html: SafeString
    title: str
    newest: int


def new_comments(article: Article, *, viewer: Viewer, after: int) -> NewComments:
    """Return the comments after this id, oldest first. One query, one more for a signed-in reader."""
    comments = Comment.objects.public().filter(article=article, pk__gt=after).order_by("pk")
    # Depth 0 keeps them flat, so that `nest` names whom each replies to.
    found = [Row._make(values)._replace(depth=0) for values in comments.values_list(*FIELDS)[:MAX_NEW_COMMENTS]]
    rows = up_to_date(found)
    pks = [row.pk for row in rows]
    html = render_page(viewer, list(rows), ("arrived", article.pk, after), pks, article=article)
    return NewComments(html=trusted(html), title=counted(len(rows)), newest=pks[-1] if pks else after)
