"""Search comments. Only public ones are in the index; what the viewer hides is left out of the results."""

from dataclasses import dataclass

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils.safestring import SafeString

from articles.accounts.hidden_items import hidden_by
from articles.accounts.models import Viewer
from articles.discussion.models import Comment
from articles.publishing.models import Article
from articles.search import full_text_search
from articles.search.article_search import PAGE_SIZE, Results
from articles.search.filters import Facets
from articles.search.query_parser import Query
from articles.search.snippets import SNIPPET_LENGTH, highlight, snippet
from articles.text.excerpts import excerpt, plain_text


@dataclass(frozen=True, kw_only=True, slots=True)
class CommentResult:
    comment: Comment
    snippet: SafeString


def find_comments(
    query: Query, *, viewer: Viewer, newest: bool = False, any_term: bool = False, page: int = 1
) -> Results[CommentResult]:
    """Return one page of results, in two database queries. Pages are numbered from 1.

    Raises:
        Refused: The search took too long.
    """
    comments = _findable_by(viewer)
    matches = full_text_search.find(
        query,
        full_text_search.COMMENTS,
        among=comments.values("id", sort_at=F("posted_at")),
        newest=newest,
        any_term=any_term,
        limit=PAGE_SIZE,
        offset=(page - 1) * PAGE_SIZE,
    )
    rows = comments.filter(pk__in=matches.ids).select_related("article", "author")
    found = {comment.pk: comment for comment in rows.defer("html", "article__body", "article__body_html")}
    return Results(
        items=[_result(found[pk], query) for pk in matches.ids if pk in found],
        count=matches.count,
        has_more=matches.has_more,
        facets=Facets(),
    )


def _findable_by(viewer: Viewer) -> "QuerySet[Comment]":
    # For each comment that is found, instead of a list of all articles.
    article = Article.objects.visible_to(viewer).filter(pk=OuterRef("article"))
    comments = Comment.objects.public().filter(Exists(article))
    hidden = hidden_by(viewer)
    if hidden.people:
        comments = comments.exclude(author__isnull=False, author__in=hidden.people)
    if hidden.threads:
        comments = comments.exclude(Q(pk__in=hidden.threads) | Q(root__isnull=False, root__in=hidden.threads))
    if hidden.articles:
        comments = comments.exclude(article__in=hidden.articles)
    return comments


def _result(comment: Comment, query: Query) -> CommentResult:
    text = plain_text(comment.body_html)
    found = snippet(text, query.stems)
    return CommentResult(
        comment=comment, snippet=found.html if found else highlight(excerpt(text, SNIPPET_LENGTH), frozenset())
    )
