"""The search page: the query, sorting and filters are in the URL; results come in pages."""

from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from articles.errors import Refused
from articles.publishing.models import Article
from articles.search import vocabulary
from articles.search.article_search import PAGE_SIZE, Result, Results, find_articles
from articles.search.comment_search import CommentResult, find_comments
from articles.search.filters import KINDS, Filters, filters_in
from articles.search.query_parser import Query, parse_query
from articles.topics.topic_lists import popular_topics
from articles.web.ip_rate_limits import limit, with_retry_after
from articles.web.pagination import Page, page_number

MAX_PAGES = 50  # 500 results; nobody reads that far, and each page costs the database the whole ranking.
SUGGESTED_TOPICS = 12
# For an anonymous reader: one search every two seconds for a minute is more than anybody reads.
MAX_SEARCHES = 30
SEARCH_WINDOW = 60  # Seconds.

type Found = Results[Result] | Results[CommentResult]


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    query = parse_query(request.GET.get("q", ""))
    number = page_number(request, max_pages=MAX_PAGES)
    filters = filters_in(request)
    newest = request.GET.get("sort") == "newest"
    in_comments = request.GET.get("in") == "comments"
    context: dict[str, Any] = {"query": query, "params": filters.as_params(), "newest": newest}
    context |= {"in_comments": in_comments, **_urls(query, filters, in_comments=in_comments)}
    if not query:
        return render(request, "search/search.html", {**context, "topics": popular_topics(SUGGESTED_TOPICS)})
    try:
        if not request.user.is_authenticated:
            limit(request, "search", amount=MAX_SEARCHES, seconds=SEARCH_WINDOW)
        context |= _results(request, query, filters, newest=newest, in_comments=in_comments, number=number)
    except Refused as error:
        # Too many requests, or a search that takes too long. The query stays in its field.
        status = 429 if error.retry_after else 200
        response = render(request, "search/search.html", {**context, "error": error}, status=status)
        return with_retry_after(response, error)
    return render(request, "search/search.html", context)


def _results(
    request: HttpRequest, query: Query, filters: Filters, *, newest: bool, in_comments: bool, number: int
) -> dict[str, Any]:
    """Return the results for the template; where nothing has all the words, what has some, and what was meant."""
    articles = filters.apply(Article.objects.visible_to(request.user))

    def find(query: Query, *, any_term: bool = False) -> Found:
        if in_comments:
            return find_comments(query, viewer=request.user, newest=newest, any_term=any_term, page=number)
        return find_articles(query, among=articles, newest=newest, any_term=any_term, page=number)

    results, correction, some_words = find(query), "", False
    if not results.items:
        corrected = vocabulary.correct(query) if number == 1 else ""
        if corrected and find(parse_query(corrected), any_term=True).items:
            correction = corrected
        if len(query.terms) > 1:
            results, some_words = find(query, any_term=True), True
    if not results.items and number > 1:
        raise Http404
    has_next = number * PAGE_SIZE < results.count and number < MAX_PAGES
    chosen = filters.as_params()
    params = _params(query, filters, in_comments=in_comments)
    return {
        "results": results,
        "some_words": some_words and results.count,
        "correction": correction,
        "correction_url": _url(params | {"q": correction}),
        "page": Page(items=results.items, number=number, next_number=number + 1 if has_next else 0),
        "topics": [] if results.count else popular_topics(SUGGESTED_TOPICS),
        "facets": [
            (KINDS[kind], [(choice, _url({**params, kind: choice.value})) for choice in choices])
            for kind, choices in results.facets.choices.items()
            if kind not in chosen and len(choices) > 1
        ],
        "by_rank_url": _url(params),
        "by_date_url": _url({**params, "sort": "newest"}),
    }


def _urls(query: Query, filters: Filters, *, in_comments: bool) -> dict[str, Any]:
    params = _params(query, filters, in_comments=in_comments)
    return {
        "chosen": [
            (KINDS[kind], name, _url({key: value for key, value in params.items() if key != kind}))
            for kind, name in filters.names().items()
        ],
        "articles_url": _url({"q": query.text}),
        "comments_url": _url({"q": query.text, "in": "comments"}),
    }


def _params(query: Query, filters: Filters, *, in_comments: bool) -> dict[str, str]:
    return {"q": query.text} | ({"in": "comments"} if in_comments else filters.as_params())


def _url(params: dict[str, str]) -> str:
    return "?" + urlencode(params)
