"""The public log of moderation and its monthly counts."""

import csv

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from articles.moderation import monthly_counts, public_log
from articles.web.pagination import build_page, page_number

PAGE_SIZE = 40  # Lines, each of one or two.


@require_safe
def log(request: HttpRequest) -> HttpResponse:
    number = page_number(request)
    start = (number - 1) * PAGE_SIZE
    found = list(public_log.logged_actions()[start : start + PAGE_SIZE + 1])
    page = build_page(public_log.entries(found), number=number, size=PAGE_SIZE)
    return render(request, "moderation/log.html", {"page": page})


@require_safe
def counts(request: HttpRequest) -> HttpResponse:
    first_days = list(monthly_counts.months())[: monthly_counts.MONTHS_IN_CHART]
    months = [monthly_counts.counts_of(first) for first in first_days]
    chart = monthly_counts.chart(list(reversed(months)))
    return render(request, "moderation/counts.html", {"months": months, "chart": chart})


@require_safe
def counts_csv(request: HttpRequest) -> HttpResponse:
    """Return all months as a table: a row for each month, a column for each figure."""
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="moderation.csv"'
    table = csv.writer(response)
    for index, first in enumerate(monthly_counts.months()):
        month = monthly_counts.counts_of(first)
        if index == 0:
            table.writerow(["month", *(figure.name for figure in month.figures)])
        table.writerow([f"{first:%Y-%m}", *(figure.value for figure in month.figures)])
    return response
