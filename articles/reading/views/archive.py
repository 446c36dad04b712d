"""The archive: all articles by year, month and day."""

from calendar import monthrange
from datetime import date
from itertools import groupby
from typing import Any

from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.formats import date_format
from django.views.decorators.http import require_safe

from articles.publishing.models import Article
from articles.publishing.models.article import ArticleQuerySet
from articles.publishing.page_cache import cache_for_anonymous
from articles.publishing.placed_pictures import load_lead_pictures
from articles.reading.article_lookup import date_or_404
from articles.web.pagination import paginate

PAGE_SIZE = 40  # Headlines, one line each.
HEADINGS = {"year": "Y", "month": "F Y", "day": "j F Y"}


@require_safe
@cache_for_anonymous
def years(request: HttpRequest) -> HttpResponse:
    """Show all years with their months."""
    months_with_articles = _months(Article.objects.visible_to(request.user))
    by_year = [
        {"year": year, "months": (rows := list(months)), "count": sum(row["count"] for row in rows)}
        for year, months in groupby(months_with_articles, key=lambda row: row["first"].year)
    ]
    return render(request, "reading/archive.html", {"years": by_year})


@require_safe
@cache_for_anonymous
def year(request: HttpRequest, year: int) -> HttpResponse:
    first = date_or_404(year, 1, 1)
    return _render_period(request, "year", first, date(year, 12, 31))


@require_safe
@cache_for_anonymous
def month(request: HttpRequest, year: int, month: int) -> HttpResponse:
    first = date_or_404(year, month, 1)
    return _render_period(request, "month", first, first.replace(day=monthrange(year, month)[1]))


@require_safe
@cache_for_anonymous
def day(request: HttpRequest, year: int, month: int, day: int) -> HttpResponse:
    date_shown = date_or_404(year, month, day)
    return _render_period(request, "day", date_shown, date_shown)


def _months(articles: ArticleQuerySet) -> list[dict[str, Any]]:
    """Return the months with articles, newest first: the first day of each and the number of its articles.

    Counted by day, in the order of an index that has all it takes, and added up here: by month, the database would read
    and sort all articles.
    """
    days = articles.order_by("-dated").values_list("dated").annotate(count=Count("*"))
    months = groupby(days, key=lambda day: day[0].replace(day=1))
    return [{"first": first, "count": sum(count for _day, count in counted)} for first, counted in months]


def _render_period(request: HttpRequest, period: str, first: date, last: date) -> HttpResponse:
    """Render the articles of a "year", "month" or "day", grouped by month or day; raise Http404 if there is none."""
    articles = Article.objects.visible_to(request.user).filter(dated__range=(first, last))
    page = paginate(articles.for_lists().latest_date_first(), request, size=PAGE_SIZE)
    if not page.items:
        raise Http404
    if period == "day":
        load_lead_pictures(page.items)

    def group_of(article: Article) -> date:
        day = article.dated or date.min
        return day.replace(day=1) if period == "year" else day

    context = {
        "period": period,
        "first": first,
        "heading": date_format(first, HEADINGS[period]),
        "page": page,
        "groups": [(day, list(rows)) for day, rows in groupby(page.items, key=group_of)],
        "months": _months(articles) if period == "year" else [],
    }
    return render(request, "reading/archive_period.html", context)
