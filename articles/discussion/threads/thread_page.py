"""One branch of a discussion, page by page, and single comments as answers to what was done."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import BadRequest
from django.urls import reverse
from django.utils.safestring import SafeString

from articles.discussion.comment_controls import render_page, renderer_for
from articles.discussion.models import Comment
from articles.discussion.rules import ARRIVED_MOST
from articles.discussion.threads.discussion_page import in_order
from articles.discussion.threads.thread_html import FIELDS, Row, nest, up_to_date
from articles.discussion.threads.thread_sorting import number_of
from articles.discussion.threads.unread_markers import counted
from articles.publishing.models import Article
from articles.text.sanitizing import trusted
from articles.web.keyset import rows_after

if TYPE_CHECKING:
    from articles.accounts.models import User

BRANCH_PAGE = 100  # Comments on a page that shows a single branch.


@dataclass(frozen=True, slots=True, kw_only=True)
class BranchPage:
    html: SafeString
    next_url: str = ""
    first_url: str = ""


def branch_page(root: Comment, *, viewer: "User | AnonymousUser", after: str | None = None) -> BranchPage:
    """A page of a single branch, under the comment that opened it.

    Raises:
        BadRequest: `after` names no comment of this branch.
    """
    url = reverse("branch", args=[root.pk])
    comments = Comment.objects.in_threads().filter(root=root)
    if after:
        place = comments.filter(pk=number_of(after)).values("path", "pk").first()
        if place is None:
            raise BadRequest("No such page of comments")
        comments = comments.filter(rows_after(**place))
    rows = [Row._make(values) for values in in_order(comments).values_list(*FIELDS)[: BRANCH_PAGE + 1]]
    next_url = ""
    if len(rows) > BRANCH_PAGE:
        rows = rows[:BRANCH_PAGE]
        next_url = f"{url}?after={rows[-1].pk}"
    rows = [_row_of(root), *rows]
    return BranchPage(html=_html(rows, viewer), next_url=next_url, first_url=url if after else "")


def _row_of(comment: Comment) -> Row:
    return Row._make(Comment.objects.values_list(*FIELDS).get(pk=comment.pk))


def _html(rows: list[Row], viewer: "User | AnonymousUser") -> SafeString:
    rows = up_to_date(rows)
    return trusted(nest(rows, renderer_for(viewer, [row.pk for row in rows])))


def card_for(comment: Comment, *, viewer: "User | AnonymousUser") -> SafeString:
    """One comment as this viewer sees it, alone."""
    rows = up_to_date([_row_of(comment)])
    return trusted("".join(map(renderer_for(viewer, [comment.pk]), rows)))


def item_for(comment: Comment, *, viewer: "User | AnonymousUser") -> SafeString:
    """The same as an item of a list, to be put under the comment that it answers."""
    return _html([_row_of(comment)._replace(parent_id=None)], viewer)


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrived:
    """New comments for an open page, each naming whom it answers."""

    html: SafeString
    title: str
    newest: int


def arrived(article: Article, *, viewer: "User | AnonymousUser", after: int) -> Arrived:
    """What came after a comment, in the order in which it was said. One query, one more for a signed-in reader."""
    comments = Comment.objects.public().filter(article=article, pk__gt=after).order_by("pk")
    # Out of their places, so none stands under another: `nest` then says in words what each answers.
    found = [Row._make(values)._replace(depth=0) for values in comments.values_list(*FIELDS)[:ARRIVED_MOST]]
    rows = up_to_date(found)
    pks = [row.pk for row in rows]
    html = render_page(viewer, list(rows), ("arrived", article.pk, after), pks)
    return Arrived(html=trusted(html), title=counted(len(rows)), newest=pks[-1] if pks else after)
