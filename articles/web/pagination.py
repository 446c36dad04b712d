"""Pagination: by number, up to a limit, so that no URL makes the database skip many rows; or after a row (keyset).

A keyset's columns are compared as one row value, the only form that lets both databases seek in an index.
"""

from dataclasses import dataclass
from typing import Any

from django.db.models import BooleanField, F, Func, Model, QuerySet, Value
from django.db.models.expressions import Combinable
from django.db.models.lookups import GreaterThan, LessThan, LessThanOrEqual
from django.http import Http404, HttpRequest

MAX_ID = 2**63 - 1  # The largest primary key that the databases accept.
PAGE_SIZE = 20  # Headlines; a screen and a half on a laptop.
MAX_PAGES = 250  # 5,000 headlines. Older ones are found by searching or through the archive.


@dataclass(frozen=True, kw_only=True, slots=True)
class Page[Row]:
    """The rows of one page. Unlike Django's Page it needs no COUNT query."""

    items: list[Row]
    number: int
    next_number: int
    """0 on the last page."""

    @property
    def previous_number(self) -> int:
        return self.number - 1


def paginate[Row: Model](
    rows: "QuerySet[Row]", request: HttpRequest, *, size: int = PAGE_SIZE, max_pages: int = MAX_PAGES
) -> Page[Row]:
    """Return the page that the URL asks for, with one query.

    Raises:
        Http404: There is no such page.
    """
    number = page_number(request, max_pages=max_pages)
    start = (number - 1) * size
    if number == 1:
        found = list(rows[: size + 1])
    else:  # Rows are skipped by their keys: page 250 of a topic with 5,000 articles took 62 ms of the database.
        found = list(rows.filter(pk__in=rows.values("pk")[start : start + size + 1]))
    return build_page(found, number=number, size=size, max_pages=max_pages)


def page_number(request: HttpRequest, *, max_pages: int = MAX_PAGES) -> int:
    """Return the number of the requested page; raise Http404 for one that no page links to."""
    raw = request.GET.get("page", "1")
    if not (raw.isascii() and raw.isdigit() and len(raw) <= len(str(max_pages)) and 1 <= int(raw) <= max_pages):
        raise Http404
    return int(raw)


def build_page[Row](found: list[Row], *, number: int, size: int, max_pages: int = MAX_PAGES) -> Page[Row]:
    """Make a page from up to `size` + 1 rows: the extra one shows that there is a next page."""
    if not found and number > 1:
        raise Http404
    has_next = len(found) > size and number < max_pages
    return Page(items=found[:size], number=number, next_number=number + 1 if has_next else 0)


def parse_id(raw: str | None) -> int | None:
    """Return the primary key that a form field or URL parameter holds, or None. Larger ones than exist match no row."""
    return min(int(raw), MAX_ID) if raw and raw.isascii() and raw.isdigit() and len(raw) < 20 else None


def rows_after(**position: Any) -> GreaterThan[Any]:
    """Match the rows after a position in ascending order: `filter(rows_after(path="0a", pk=3))`."""
    return GreaterThan(_row(*map(F, position)), _row(*map(Value, position.values())))


def rows_before(**position: Any) -> LessThan[Any]:
    """Match the rows before a position in ascending order, which are the next ones in descending order."""
    return LessThan(_row(*map(F, position)), _row(*map(Value, position.values())))


def rows_up_to(**position: Any) -> LessThanOrEqual[Any]:
    """Match the rows before a position, and the row at it."""
    return LessThanOrEqual(_row(*map(F, position)), _row(*map(Value, position.values())))


def _row(*parts: Combinable) -> Func:
    # Nothing reads the output field, but without one Django raises an error for columns of different types.
    return Func(*parts, template="(%(expressions)s)", output_field=BooleanField())
