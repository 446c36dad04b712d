"""A reader's own comments in one place, also those that nobody else can read, with a search in their text."""

from django.core.exceptions import BadRequest
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from articles.accounts.models import User
from articles.discussion.hidden_comments import hidden_texts
from articles.discussion.models import Comment
from articles.publishing.models import Article
from articles.text.directions import own_directions
from articles.web.decorators import SignedInRequest, signed_in
from articles.web.pagination import PAGE_SIZE, parse_id, rows_before

MAX_QUERY = 200  # Characters.
MAX_WORDS = 8  # The database compares each with every comment of the reader.


@require_safe
@signed_in
def show(request: SignedInRequest) -> HttpResponse:
    """List the reader's comments, newest first. `?q=` searches them, `?before=` is the last one of the page before."""
    text = " ".join(request.GET.get("q", "").split())[:MAX_QUERY]
    comments = _comments_of(request.user)
    found = comments
    for word in text.split()[:MAX_WORDS]:
        found = found.filter(body__icontains=word)
    if before := request.GET.get("before"):
        place = comments.filter(pk=parse_id(before) or 0).values("posted_at", "pk").first()
        if place is None:
            raise BadRequest("No such page of comments")
        found = found.filter(rows_before(**place))
    page = list(found.order_by("-posted_at", "-pk")[: PAGE_SIZE + 1])
    shown = page[:PAGE_SIZE]
    hidden = [comment.pk for comment in shown if comment.state == Comment.State.HIDDEN]
    texts = hidden_texts(hidden) if hidden else {}
    context = {
        "query": text,
        "comments": [(comment, texts.get(comment.pk), own_directions(comment.body_html)) for comment in shown],
        "next_before": shown[-1].pk if len(page) > PAGE_SIZE else None,
        "first_page": not before,
    }
    return render(request, "reading/own_comments.html", context)


def _comments_of(reader: User) -> "QuerySet[Comment]":
    """Return all but the withdrawn ones, which their author gave up."""
    return (
        Comment.objects.filter(author=reader, article__in=Article.objects.visible_to(reader))
        .exclude(state=Comment.State.WITHDRAWN)
        .select_related("article")
        .defer("article__body", "article__body_html", "html")
    )
