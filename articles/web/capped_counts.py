"""Counts that stop at a cap, so that what they cost doesn't grow with what they count."""

from typing import Any

from django.db.models import Func, IntegerField, QuerySet, Subquery


def count_up_to(limit: int, rows: "QuerySet[Any]") -> Func:
    """Return the expression that counts rows which belong to a row of the outer query.

    Args:
        limit: The count is `limit` + 1 if there are more than that.
        rows: Filtered by an `OuterRef`, without an order.
    """
    counted = Subquery(rows.values("pk")[: limit + 1])
    return Func(counted, template="(SELECT COUNT(*) FROM %(expressions)s counted)", output_field=IntegerField())
