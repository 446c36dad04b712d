"""A place in an order of several columns, compared as one row: only so can an index seek it, however far in it lies."""

from typing import Any

from django.db.models import BooleanField, F, Func, Value
from django.db.models.expressions import Combinable
from django.db.models.lookups import GreaterThan, LessThan, LessThanOrEqual


def beyond(**place: Any) -> GreaterThan[Any]:
    """What comes after a place in a rising order: `filter(beyond(path="0a", pk=3))`."""
    return GreaterThan(_row(*map(F, place)), _row(*map(Value, place.values())))


def before(**place: Any) -> LessThan[Any]:
    """What comes before it; in a falling order, what follows it."""
    return LessThan(_row(*map(F, place)), _row(*map(Value, place.values())))


def up_to(**place: Any) -> LessThanOrEqual[Any]:
    """What comes before it, and what stands there."""
    return LessThanOrEqual(_row(*map(F, place)), _row(*map(Value, place.values())))


def _row(*parts: Combinable) -> Func:
    # The type is never looked at; without one Django would ask for what text and number have in common.
    return Func(*parts, template="(%(expressions)s)", output_field=BooleanField())
