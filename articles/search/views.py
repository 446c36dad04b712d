"""The search page: a question in the address, answers as a list, a page at a time."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from articles.errors import Refused
from articles.publishing.models import Author, Section
from articles.publishing.models.article import ArticleQuerySet
from articles.search.query import question_of
from articles.search.results import RESULTS_ON_A_PAGE, Results, find, searchable
from articles.topics.models import ArticleTopic, Topic
from articles.topics.topic_lists import popular_topics
from articles.web.pagination import Page, page_number
from articles.web.rate_limits import limit

MAX_PAGES = 50  # 500 results; nobody reads so far, and each page costs the engine the whole ranking.
TOPICS_OFFERED = 12
# Of a reader who is not signed in: one every two seconds for a minute is more than anybody reads.
SEARCHES = 30
SEARCHES_WITHIN = 60  # Seconds.
SLUG_MOST = 100  # Characters of the longest slug there is.


@dataclass(frozen=True, kw_only=True, slots=True)
class Filters:
    """Where to search: everywhere, or in a section, a topic, what an author wrote."""

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

    def as_query(self) -> dict[str, str]:
        chosen = {"section": self.section, "topic": self.topic, "author": self.author}
        return {name: row.slug for name, row in chosen.items() if row is not None}


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    question = question_of(request.GET.get("q", ""))
    number = page_number(request, max_pages=MAX_PAGES)
    filters = _filters(request)
    newest = request.GET.get("sort") == "newest"
    context = {"question": question, "filters": filters, "newest": newest}
    if not question:
        return render(request, "search/search.html", {**context, "topics": popular_topics(TOPICS_OFFERED)})
    try:
        if not request.user.is_authenticated:
            limit(request, "search", amount=SEARCHES, seconds=SEARCHES_WITHIN)
        results = find(question, among=filters.apply(searchable(request.user)), newest=newest, page=number)
    except Refused as no:
        return _refused(request, {**context, "refusal": no}, no)
    page = _page(results, number)
    asked = {"q": question.typed, **filters.as_query()}
    return render(
        request,
        "search/search.html",
        {
            **context,
            "results": results,
            "page": page,
            "topics": [] if results.count else popular_topics(TOPICS_OFFERED),
            "everywhere": "?" + urlencode({"q": question.typed}),
            "by_rank": "?" + urlencode(asked),
            "by_date": "?" + urlencode({**asked, "sort": "newest"}),
        },
    )


def _refused(request: HttpRequest, context: dict[str, Any], no: Refused) -> HttpResponse:
    """Asked too often, or a question that takes too long: both said on the page, the question kept."""
    response = render(request, "search/search.html", context, status=429 if no.retry_after else 200)
    if no.retry_after:
        response["Retry-After"] = str(no.retry_after)
    return response


def _filters(request: HttpRequest) -> Filters:
    """A filter that names nothing is not found: to leave it out would answer another question."""

    def chosen[Row: (Section, Topic, Author)](name: str, rows: "QuerySet[Row]") -> Row | None:
        slug = request.GET.get(name, "")
        if not slug:
            return None
        if len(slug) > SLUG_MOST or "\0" in slug:
            raise Http404
        return get_object_or_404(rows, slug=slug)

    return Filters(
        section=chosen("section", Section.objects.all()),
        topic=chosen("topic", Topic.objects.standing(request.user)),
        author=chosen("author", Author.objects.filter(articles__in=searchable(request.user)).distinct()),
    )


def _page(results: Results, number: int) -> Page[object]:
    if not results.items and number > 1:
        raise Http404
    more = number * RESULTS_ON_A_PAGE < results.count and number < MAX_PAGES
    return Page(items=list(results.items), number=number, next_number=number + 1 if more else 0)
