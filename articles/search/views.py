"""The search page: the query, sorting and filters are in the URL; results come in pages."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from articles.errors import Refused
from articles.publishing.models import Article, Author, Section
from articles.publishing.models.article import ArticleQuerySet
from articles.search.full_text_search import PAGE_SIZE, find
from articles.search.query_parser import parse_query
from articles.topics.models import ArticleTopic, Topic
from articles.topics.topic_lists import popular_topics
from articles.web.ip_rate_limits import limit, with_retry_after
from articles.web.pagination import Page, page_number

MAX_PAGES = 50  # 500 results; nobody reads that far, and each page costs the database the whole ranking.
SUGGESTED_TOPICS = 12
# For an anonymous reader: one search every two seconds for a minute is more than anybody reads.
MAX_SEARCHES = 30
SEARCH_WINDOW = 60  # Seconds.
MAX_SLUG_LENGTH = 100


@dataclass(frozen=True, kw_only=True, slots=True)
class Filters:
    """Limit a search to a section, a topic or an author."""

    section: Section | None
    topic: Topic | None
    author: Author | None

    def apply(self, articles: ArticleQuerySet) -> ArticleQuerySet:
        if self.section:
            articles = articles.filter(section=self.section)
        if self.topic:
            articles = articles.filter(article_topics__topic=self.topic, article_topics__state=ArticleTopic.State.SHOWN)
        if self.author:
            articles = articles.filter(bylines__author=self.author)
        return articles

    def as_params(self) -> dict[str, str]:
        selected = {"section": self.section, "topic": self.topic, "author": self.author}
        return {name: row.slug for name, row in selected.items() if row is not None}


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    query = parse_query(request.GET.get("q", ""))
    number = page_number(request, max_pages=MAX_PAGES)
    filters = _filters(request)
    newest = request.GET.get("sort") == "newest"
    context: dict[str, Any] = {"query": query, "filters": filters, "newest": newest}
    if not query:
        return render(request, "search/search.html", {**context, "topics": popular_topics(SUGGESTED_TOPICS)})
    visible = Article.objects.visible_to(request.user)
    try:
        if not request.user.is_authenticated:
            limit(request, "search", amount=MAX_SEARCHES, seconds=SEARCH_WINDOW)
        results = find(query, among=filters.apply(visible), newest=newest, page=number)
    except Refused as error:
        # Too many requests, or a search that takes too long. The query stays in its field.
        status = 429 if error.retry_after else 200
        response = render(request, "search/search.html", {**context, "error": error}, status=status)
        return with_retry_after(response, error)
    if not results.items and number > 1:
        raise Http404
    has_next = number * PAGE_SIZE < results.count and number < MAX_PAGES
    page = Page(items=results.items, number=number, next_number=number + 1 if has_next else 0)
    params = {"q": query.text, **filters.as_params()}
    context |= {
        "results": results,
        "page": page,
        "topics": [] if results.count else popular_topics(SUGGESTED_TOPICS),
        "unfiltered_url": "?" + urlencode({"q": query.text}),
        "by_rank_url": "?" + urlencode(params),
        "by_date_url": "?" + urlencode({**params, "sort": "newest"}),
    }
    return render(request, "search/search.html", context)


def _filters(request: HttpRequest) -> Filters:
    """Return the filters in the URL.

    Raises:
        Http404: A filter doesn't exist. Ignoring it would return results that were not asked for.
    """

    def selected[Row: (Section, Topic, Author)](name: str, rows: "QuerySet[Row]") -> Row | None:
        slug = request.GET.get(name, "")
        if not slug:
            return None
        if len(slug) > MAX_SLUG_LENGTH or "\0" in slug:
            raise Http404
        return get_object_or_404(rows, slug=slug)

    visible = Article.objects.visible_to(request.user)
    return Filters(
        section=selected("section", Section.objects.all()),
        topic=selected("topic", Topic.objects.visible_to(request.user)),
        author=selected("author", Author.objects.filter(articles__in=visible).distinct()),
    )
