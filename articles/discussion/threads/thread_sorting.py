"""Sort orders of a discussion and their cursors for keyset pagination."""

from math import isfinite, nan

from django.core.exceptions import BadRequest
from django.db.models import Lookup

from articles.web.pagination import rows_after, rows_before

MAX_BIGINT = 2**63 - 1  # Largest id that a database accepts.

RECOMMENDED, PICKS, NEWEST, OLDEST = "recommended", "picks", "newest", "oldest"
# Each begins with root_id, which is null for all: PostgreSQL needs it to use the index for this order.
ORDERS = {
    RECOMMENDED: ("-root_id", "-score", "-pk"),
    PICKS: ("-root_id", "-thread_has_pick", "-score", "-pk"),
    NEWEST: ("-root_id", "-pk"),
    OLDEST: ("root_id", "pk"),
}


def cursor_for(sort: str, *, picked: bool, score: float, pk: int) -> str:
    """Return the cursor of a thread. `repr` keeps every digit of the score."""
    if sort == PICKS:
        return f"{picked:d}_{score!r}_{pk}"
    return f"{score!r}_{pk}" if sort == RECOMMENDED else str(pk)


def after_cursor(sort: str, after: str) -> Lookup[bool]:
    """Return the condition for threads after a cursor.

    The cursor holds sort values, so the row may be gone. A thread that is picked or recommended between two pages moves
    without shifting the others.
    """
    if sort == OLDEST:
        return rows_after(pk=parse_id(after))
    if sort == NEWEST:
        return rows_before(pk=parse_id(after))
    picked, mark, rest = after.partition("_") if sort == PICKS else ("", "", after)
    score, _mark, number = rest.rpartition("_")
    values = {"score": _parse_score(score), "pk": parse_id(number)}
    if sort == RECOMMENDED:
        return rows_before(**values)
    if picked not in ("0", "1") or not mark:
        raise BadRequest("No such page of comments")
    return rows_before(thread_has_pick=picked == "1", **values)


def _parse_score(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = nan
    if "_" in text or not isfinite(value):  # Python accepts 1_0 as ten.
        raise BadRequest("No such page of comments")
    return value


def parse_id(text: str) -> int:
    """Parse an id from a URL.

    Raises:
        BadRequest: The text is not an id.
    """
    if not (text.isascii() and text.isdecimal()) or len(text) > len(str(MAX_BIGINT)) or int(text) > MAX_BIGINT:
        raise BadRequest("No such page of comments")
    return int(text)
