"""In which orders a discussion is read, and places in them: where a page ends and the next one begins."""

from math import isfinite, nan

from django.core.exceptions import BadRequest
from django.db.models import Lookup

from articles.web.keyset import rows_after, rows_before

BIGGEST = 2**63 - 1  # What a database takes as a number.

RECOMMENDED, PICKS, NEWEST, OLDEST = "recommended", "picks", "newest", "oldest"
# Each begins with root_id, which is null for all: only so does PostgreSQL see that the index has this order.
ORDERS = {
    RECOMMENDED: ("-root_id", "-score", "-pk"),
    PICKS: ("-root_id", "-branch_picked", "-score", "-pk"),
    NEWEST: ("-root_id", "-pk"),
    OLDEST: ("root_id", "pk"),
}


def cursor_of(sort: str, *, picked: bool, score: float, pk: int) -> str:
    """The place of a branch in an order, for an address. `repr` gives every digit of the score."""
    if sort == PICKS:
        return f"{picked:d}_{score!r}_{pk}"
    return f"{score!r}_{pk}" if sort == RECOMMENDED else str(pk)


def following(sort: str, after: str) -> Lookup[bool]:
    """What comes after the cursor. It names a place in the order, so it tells nothing and needs no row to be there.

    Nor need a row keep its place: a branch that is picked or recommended while somebody turns pages moves, alone.
    """
    if sort == OLDEST:
        return rows_after(pk=number_of(after))
    if sort == NEWEST:
        return rows_before(pk=number_of(after))
    picked, mark, rest = after.partition("_") if sort == PICKS else ("", "", after)
    score, _mark, number = rest.rpartition("_")
    place = {"score": _score_of(score), "pk": number_of(number)}
    if sort == RECOMMENDED:
        return rows_before(**place)
    if picked not in ("0", "1") or not mark:
        raise BadRequest("No such page of comments")
    return rows_before(branch_picked=picked == "1", **place)


def _score_of(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = nan
    if "_" in text or not isfinite(value):  # Python reads 1_0 as ten.
        raise BadRequest("No such page of comments")
    return value


def number_of(text: str) -> int:
    """A comment's number from an address."""
    if not (text.isascii() and text.isdecimal()) or len(text) > len(str(BIGGEST)) or int(text) > BIGGEST:
        raise BadRequest("No such page of comments")
    return int(text)
