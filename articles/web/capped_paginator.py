"""Paginator of long lists at the desk: counts up to a cap."""

from functools import cached_property
from typing import Any

from django.core.paginator import Paginator

MAX_COUNTED = 10_000  # Rows: 100 pages or more. Filters and search find the others.


class CappedPaginator(Paginator[Any]):
    """Count no further than `MAX_COUNTED` rows, which are also all that can be paged through.

    To count a million comments takes the database longer than everything else on the page.
    """

    @cached_property
    def _counted(self) -> int:
        rows: Any = self.object_list  # The queryset of a list in the admin.
        # By their keys: what else a list shows of each row would be computed for all that are counted.
        return int(rows.order_by().values("pk")[: MAX_COUNTED + 1].count())

    @cached_property
    def count(self) -> int:
        return min(self._counted, MAX_COUNTED)

    @property
    def has_more(self) -> bool:
        """Whether there are more rows than it counts."""
        return self._counted > MAX_COUNTED
