"""Keyset pagination: filters that start after a row of a list, however far down it is.

The columns are compared as one row value, which is the only form that lets both databases seek in an index.
"""

from typing import Any

from django.db.models import BooleanField, F, Func, Value
from django.db.models.expressions import Combinable
from django.db.models.lookups import GreaterThan, LessThan, LessThanOrEqual


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
