"""Pages of a list by number, bounded, so that no address makes the database walk far."""

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.utils.functional import cached_property

PAGE_SIZE = 20  # Headlines; a screen and a half on a laptop.
PAGES_MOST = 250  # 5,000 articles of one author or section; what is older is found through the archive, day by day.


@dataclass(frozen=True)
class Page:
    """Some rows of a list, and whether there are more."""

    items: list[Any]
    number: int
    has_next: bool

    @cached_property
    def previous_number(self) -> int:
        return self.number - 1

    @cached_property
    def next_number(self) -> int:
        return self.number + 1 if self.has_next and self.number < PAGES_MOST else 0


def page_of(rows: "QuerySet[Any]", request: HttpRequest, *, size: int = PAGE_SIZE) -> Page:
    """The page that the address asks for, in one query. A number that was never linked is not found."""
    raw = request.GET.get("page", "1")
    if not (raw.isascii() and raw.isdigit() and len(raw) <= 3 and 1 <= int(raw) <= PAGES_MOST):
        raise Http404
    number = int(raw)
    start = (number - 1) * size
    found = list(rows[start : start + size + 1])
    if not found and number > 1:
        raise Http404
    return Page(items=found[:size], number=number, has_next=len(found) > size)
