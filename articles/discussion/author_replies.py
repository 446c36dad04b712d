"""Comments by the article's authors in its discussion."""

from django.db.models import Count, F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse

from articles.accounts.models import Viewer
from articles.discussion.comment_controls import renderer_for
from articles.discussion.models import Comment
from articles.discussion.threads.thread_html import FIELDS, Row, nest, up_to_date
from articles.discussion.threads.thread_page import CommentPage
from articles.discussion.threads.thread_sorting import parse_id
from articles.publishing.models import Article
from articles.text.sanitizing import trusted

REPLIES_PER_PAGE = 50  # Each with the comment that it replies to.


def author_replies(article: Article | OuterRef) -> "QuerySet[Comment]":
    """Return the comments by the article's authors in its discussion."""
    return Comment.objects.public().filter(article=article, badge=Comment.Badge.AUTHOR)


# How many, to annotate articles with.
author_reply_count = Coalesce(
    Subquery(author_replies(OuterRef("pk")).order_by().values("article").annotate(number=Count("pk")).values("number")),
    0,
)


def author_replies_page(article: Article, *, viewer: Viewer, after: str | None = None) -> CommentPage:
    """Return a page of the authors' comments in the order of the discussion, each under the comment it replies to.

    Raises:
        BadRequest: `after` is not a number.
    """
    replies = author_replies(article)
    count = replies.count()
    if after:
        replies = replies.filter(pk__gt=parse_id(after))
    found = list(replies.order_by("pk").values_list("pk", "parent_id")[: REPLIES_PER_PAGE + 1])
    next_url = ""
    if len(found) > REPLIES_PER_PAGE:
        found = found[:REPLIES_PER_PAGE]
        next_url = f"{reverse('author_replies', args=[article.pk])}?after={found[-1][0]}"
    wanted = {pk for pair in found for pk in pair if pk is not None}
    comments = Comment.objects.in_threads().filter(pk__in=wanted)
    ordered = comments.order_by(Coalesce("root_id", F("pk")), "path", "pk")
    rows = up_to_date([Row._make(values) for values in ordered.values_list(*FIELDS)])
    render = renderer_for(viewer, [row.pk for row in rows], article=article)
    return CommentPage(html=trusted(nest(rows, render)), count=count, next_url=next_url)
