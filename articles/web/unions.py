"""Rows of several queries, each with a limit of its own, read by one query."""

from typing import Any

from django.db.models import Model, QuerySet


def primary_keys_of[M: Model](*queries: QuerySet[M]) -> QuerySet[M, Any]:
    """Return a subquery for `pk__in` with the rows of one or more queries, which may be limited.

    Each is wrapped: SQLite refuses a LIMIT inside a UNION. Every part uses its own index.
    """
    first, *others = (
        query.model._default_manager.filter(pk__in=query.values("pk")).order_by().values("pk") for query in queries
    )
    return first.union(*others, all=True)
