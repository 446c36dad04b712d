"""One branch of a discussion, and one comment in its place."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import BadRequest
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import ngettext

from articles.discussion.layer import dress_for, dress_page
from articles.discussion.marking import counted
from articles.discussion.models import Comment
from articles.discussion.nesting import FIELDS, Note, Row, nest
from articles.discussion.paths import FULL, after_path
from articles.discussion.rules import ARRIVED_MOST
from articles.discussion.threads import in_order, more, number_of
from articles.publishing.models import Article
from articles.text.cleaning import trusted

if TYPE_CHECKING:
    from articles.accounts.models import User

BRANCH_PAGE = 100  # Comments on a page that shows a single branch.
REPLIES_IN_CONTEXT = 50  # Below the comment that a page is about.


@dataclass(frozen=True, slots=True, kw_only=True)
class BranchPage:
    html: SafeString
    next_url: str = ""


def branch_page(root: Comment, *, viewer: "User | AnonymousUser", after: str | None = None) -> BranchPage:
    """A page of a single branch, under the comment that opened it.

    Raises:
        BadRequest: `after` names no comment of this branch.
    """
    comments = Comment.objects.in_threads().filter(root=root)
    if after:
        place = Comment.objects.filter(root=root, pk=number_of(after)).values_list("path", "pk").first()
        if place is None:
            raise BadRequest("No such page of comments")
        comments = comments.filter(Q(path__gt=place[0]) | Q(path=place[0], pk__gt=place[1]))
    rows = [Row._make(values) for values in in_order(comments).values_list(*FIELDS)[: BRANCH_PAGE + 1]]
    next_url = ""
    if len(rows) > BRANCH_PAGE:
        rows = rows[:BRANCH_PAGE]
        next_url = f"{reverse('branch', args=[root.pk])}?after={rows[-1].pk}"
    rows = [_row_of(root), *rows]
    return BranchPage(html=_html(rows, viewer), next_url=next_url)


def _row_of(comment: Comment) -> Row:
    return Row._make(Comment.objects.values_list(*FIELDS).get(pk=comment.pk))


def _html(rows: "list[Row] | list[Row | Note]", viewer: "User | AnonymousUser", here: int | None = None) -> SafeString:
    pks = [row.pk for row in rows if isinstance(row, Row)]
    return trusted(nest(rows, dress_for(viewer, pks), here=here))


def card_for(comment: Comment, *, viewer: "User | AnonymousUser") -> SafeString:
    """One comment as this viewer sees it, alone."""
    row = _row_of(comment)
    return trusted(dress_for(viewer, [row.pk])(row))


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
    rows = [Row._make(values)._replace(depth=0) for values in comments.values_list(*FIELDS)[:ARRIVED_MOST]]
    pks = [row.pk for row in rows]
    html = dress_page(viewer, list(rows), ("arrived", article.pk, after), pks)
    return Arrived(html=trusted(html), title=counted(len(rows)), newest=pks[-1] if pks else after)


def in_context(comment: Comment, *, viewer: "User | AnonymousUser") -> SafeString:
    """A comment with those above it (the nearest three, and the one that opened the branch) and its replies.

    Three queries, one more for a signed-in reader.
    """
    line = (
        Comment.objects.filter(pk=comment.pk)
        .values_list("root_id", "parent__parent__parent_id", "parent__parent_id", "parent_id", "pk")
        .get()
    )
    wanted = {pk for pk in line if pk is not None}
    found = {values[0]: Row._make(values) for values in Comment.objects.filter(pk__in=wanted).values_list(*FIELDS)}
    rows: list[Row | Note] = []
    for row in sorted(found.values(), key=lambda row: row.depth):
        if isinstance(before := rows[-1] if rows else None, Row) and row.depth > before.depth + 1:
            gap = row.depth - before.depth - 1
            text = ngettext("%(gap)d comment between", "%(gap)d comments between", gap) % {"gap": gap}
            url = reverse("branch", args=[before.pk])
            rows.append(Note(before.depth + 1, format_html('<a href="{}">{}</a>', url, text)))
        rows.append(row)
    replies = [Row._make(values) for values in in_order(_below(comment)).values_list(*FIELDS)[: REPLIES_IN_CONTEXT + 1]]
    rows += replies[:REPLIES_IN_CONTEXT]
    if len(replies) > REPLIES_IN_CONTEXT:
        rows.append(more(comment.root_id or comment.pk, after=replies[REPLIES_IN_CONTEXT - 1].pk))
    return _html(rows, viewer, here=comment.pk)


def _below(comment: Comment) -> "QuerySet[Comment]":
    """All below a comment; at the cap of the path, where no path tells, only those that answer it."""
    from_here = Comment.objects.in_threads()
    if comment.root_id is None:
        return from_here.filter(root=comment)
    if len(comment.path) >= FULL:
        return from_here.filter(parent=comment)
    return from_here.filter(root=comment.root_id, path__gt=comment.path, path__lt=after_path(comment.path))
