"""Full-text search in the database: FTS5 on SQLite, `tsvector` on PostgreSQL. Results are ranked, with a time limit."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import DatabaseError, connection, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from articles.errors import Refused
from articles.publishing.models import Article
from articles.search.query import Query

TIMEOUT = 0.4  # Seconds; the whole page should take no more than half a second.
PROGRESS_STEPS = 20_000  # SQLite virtual machine instructions between two checks of the clock: under a millisecond.

# The headline weighs more than the standfirst, the standfirst more than topics and authors, the body least.
_SQLITE = """
WITH hits AS MATERIALIZED (
    SELECT rowid AS id, bm25(articles_search, 10.0, 5.0, 1.0, 3.0, 3.0) AS rank
    FROM articles_search WHERE articles_search MATCH %s
)
SELECT hits.id, COUNT(*) OVER () FROM hits JOIN ({visible}) visible ON visible.id = hits.id
ORDER BY {order} LIMIT %s OFFSET %s
"""
_POSTGRESQL = """
WITH search AS (SELECT {query} AS query)
SELECT visible.id, COUNT(*) OVER ()
FROM articles_searchdocument document
CROSS JOIN search JOIN ({visible}) visible ON visible.id = document.article_id
WHERE document.vector @@ search.query
ORDER BY {order} LIMIT %s OFFSET %s
"""
_RANK = {"sqlite": "hits.rank", "postgresql": "ts_rank('{0.1, 0.3, 0.5, 1.0}', document.vector, search.query, 1) DESC"}
_NEWEST = "visible.sort_at DESC, visible.id DESC"


def matching_ids(
    query: Query, among: "QuerySet[Article]", *, newest: bool, offset: int, limit: int
) -> tuple[list[int], int]:
    """Return one page of matching article ids, and the number of all matches. The query must have terms.

    Raises:
        Refused: The search exceeded `TIMEOUT`.
    """
    visible, visible_values = (
        among.order_by().values("id", "sort_at").query.get_compiler(connection=connection).as_sql()
    )
    vendor = connection.vendor
    order = _NEWEST if newest else f"{_RANK[vendor]}, {_NEWEST}"
    if vendor == "sqlite":
        sql = _SQLITE.format(visible=visible, order=order)
        # Every term is quoted; terms are letters and digits, so none can end the quotation.
        values: list[Any] = [" AND ".join(f'"{" ".join(term)}"' for term in query.terms)]
    else:
        tsquery = " && ".join("phraseto_tsquery('articles_english', %s)" for _term in query.terms)
        sql = _POSTGRESQL.format(query=tsquery, visible=visible, order=order)
        values = [" ".join(term) for term in query.terms]
    with _time_limit(), connection.cursor() as cursor:
        cursor.execute(sql, [*values, *visible_values, limit, offset])
        rows = cursor.fetchall()
    return [row[0] for row in rows], rows[0][1] if rows else 0


@contextmanager
def _time_limit() -> Iterator[None]:
    """Stop a search that would keep a worker busy."""
    try:
        if connection.vendor == "sqlite":
            with _sqlite_time_limit():
                yield
        else:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("SELECT set_config('statement_timeout', %s, true)", [str(int(TIMEOUT * 1000))])
                yield
                cursor.execute("SELECT set_config('statement_timeout', '0', true)")
    except DatabaseError as error:
        if "interrupted" in str(error) or "statement timeout" in str(error):
            raise Refused(_("That search takes too long. Add a rarer word, or use fewer common ones.")) from None
        raise


@contextmanager
def _sqlite_time_limit() -> Iterator[None]:
    connection.ensure_connection()
    raw = connection.connection
    until = time.monotonic() + TIMEOUT
    raw.set_progress_handler(lambda: time.monotonic() > until, PROGRESS_STEPS)
    try:
        yield
    finally:
        raw.set_progress_handler(None, 0)
