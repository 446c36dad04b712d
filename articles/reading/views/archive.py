"""The archive: every article by year, month and day."""

from datetime import date, timedelta
from itertools import groupby
from typing import Any

from django.db.models import Count
from django.db.models.functions import TruncMonth
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from articles.publishing.models import Article
from articles.publishing.models.article import ArticleQuerySet
from articles.reading.page_cache import cache_for_anonymous
from articles.web.pagination import paginate

DAYS_PAGE_SIZE = 40  # Plain headlines, one line each.


@require_safe
@cache_for_anonymous
def years(request: HttpRequest) -> HttpResponse:
    """All years, each with its months."""
    found = _months(Article.objects.visible_to(request.user))
    by_year = [
        {"year": year, "months": (rows := list(months)), "count": sum(row["count"] for row in rows)}
        for year, months in groupby(found, key=lambda row: row["first"].year)
    ]
    return render(request, "reading/archive.html", {"years": by_year})


@require_safe
@cache_for_anonymous
def year(request: HttpRequest, year: int) -> HttpResponse:
    first = _date(year, 1, 1)
    return _span(request, first, date(year, 12, 31), {"span": "year"})


@require_safe
@cache_for_anonymous
def month(request: HttpRequest, year: int, month: int) -> HttpResponse:
    first = _date(year, month, 1)
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1) if month < 12 else date(year, 12, 31)
    return _span(request, first, last, {"span": "month"})


@require_safe
@cache_for_anonymous
def day(request: HttpRequest, year: int, month: int, day: int) -> HttpResponse:
    that = _date(year, month, day)
    return _span(request, that, that, {"span": "day"})


def _date(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        raise Http404 from None


def _months(articles: ArticleQuerySet) -> list[dict[str, Any]]:
    """The months in which something was published, newest first, with their numbers."""
    counted = articles.annotate(first=TruncMonth("dated")).values("first").annotate(count=Count("pk"))
    return [dict(row) for row in counted.order_by("-first")]


def _span(request: HttpRequest, first: date, last: date, context: dict[str, Any]) -> HttpResponse:
    """The articles from one day to another, in parts. A time in which nothing stands is not found."""
    articles = Article.objects.visible_to(request.user).filter(dated__range=(first, last))
    page = paginate(articles.for_cards().newest_first(), request, size=DAYS_PAGE_SIZE)
    if not page.items:
        raise Http404
    part = _first_of_month if context["span"] == "year" else _day
    parts = [(that, list(rows)) for that, rows in groupby(page.items, key=part)]
    months = _months(articles) if context["span"] == "year" else []
    context = {"first": first, "page": page, "parts": parts, "months": months, **context}
    return render(request, "reading/archive_span.html", context)


def _day(article: Article) -> date:
    return article.dated or date.min


def _first_of_month(article: Article) -> date:
    return _day(article).replace(day=1)
