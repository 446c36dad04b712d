"""Pages of a list by number, bounded, so that no address makes the database walk far. For rooms below reading."""

from dataclasses import dataclass

from django.http import Http404, HttpRequest

BIGGEST_ID = 2**63 - 1  # What a database takes for a number of a row.
PAGES_MOST = 250  # 5,000 headlines; what lies further back is found by a better question, or through the archive.


@dataclass(frozen=True, kw_only=True, slots=True)
class Numbered[Row]:
    """Some rows of a list, and whether there are more."""

    items: list[Row]
    number: int
    next_number: int
    """0 on the last page."""

    @property
    def previous_number(self) -> int:
        return self.number - 1


def row_number(raw: str | None) -> int | None:
    """A row's number from a form or an address; None for anything else. One that is too large names no row."""
    return min(int(raw), BIGGEST_ID) if raw and raw.isascii() and raw.isdigit() and len(raw) < 20 else None


def asked_page(request: HttpRequest, *, most: int = PAGES_MOST) -> int:
    """The number in the address. One that was never linked is not found."""
    raw = request.GET.get("page", "1")
    if not (raw.isascii() and raw.isdigit() and len(raw) <= len(str(most)) and 1 <= int(raw) <= most):
        raise Http404
    return int(raw)


def numbered[Row](found: list[Row], *, number: int, size: int, most: int = PAGES_MOST) -> Numbered[Row]:
    """A page from at most `size` + 1 rows: the one too many tells that there is another page."""
    if not found and number > 1:
        raise Http404
    more = len(found) > size and number < most
    return Numbered(items=found[:size], number=number, next_number=number + 1 if more else 0)
