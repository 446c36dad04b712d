"""Ask the database's own search: FTS5 on SQLite, `tsvector` on PostgreSQL. One question, ranked, within a time."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import DatabaseError, connection, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from articles.errors import Refused
from articles.publishing.models import Article
from articles.search.query import Question

DEADLINE = 0.4  # Seconds; the answer shall be there within half a second, the page included.
STEPS_BETWEEN_LOOKS = 20_000  # SQLite's instructions between two looks at the clock: under a millisecond.

# Words in the headline weigh more than in the standfirst, these more than topics and authors, the body least.
_SQLITE = """
WITH hits AS MATERIALIZED (
    SELECT rowid AS id, bm25(articles_search, 10.0, 5.0, 1.0, 3.0, 3.0) AS rank
    FROM articles_search WHERE articles_search MATCH %s
)
SELECT hits.id, COUNT(*) OVER () FROM hits JOIN ({visible}) seen ON seen.id = hits.id
ORDER BY {order} LIMIT %s OFFSET %s
"""
_POSTGRESQL = """
WITH asked AS (SELECT {query} AS query)
SELECT seen.id, COUNT(*) OVER ()
FROM articles_searchdocument document CROSS JOIN asked JOIN ({visible}) seen ON seen.id = document.article_id
WHERE document.words @@ asked.query
ORDER BY {order} LIMIT %s OFFSET %s
"""
_RANK = {
    "sqlite": "hits.rank",
    "postgresql": "ts_rank('{0.1, 0.3, 0.5, 1.0}', document.words, asked.query, 1) DESC",
}
_NEWEST = "seen.dated DESC, seen.id DESC"


def ids_of(
    question: Question, among: "QuerySet[Article]", *, newest: bool, start: int, most: int
) -> tuple[list[int], int]:
    """The numbers of the articles found, best first, and how many there are in all.

    Raises:
        Refused: The search took longer than a reader would wait.
    """
    visible, visible_values = among.order_by().values("id", "dated").query.get_compiler(connection=connection).as_sql()
    vendor = connection.vendor
    order = _NEWEST if newest else f"{_RANK[vendor]}, {_NEWEST}"
    if vendor == "sqlite":
        sql = _SQLITE.format(visible=visible, order=order)
        values: list[Any] = [_match(question)]
    else:
        query = " && ".join("phraseto_tsquery('articles_english', %s)" for _term in question.terms)
        sql = _POSTGRESQL.format(query=query, visible=visible, order=order)
        values = [" ".join(term) for term in question.terms]
    with _in_time(), connection.cursor() as cursor:
        cursor.execute(sql, [*values, *visible_values, most, start])
        rows = cursor.fetchall()
    return [row[0] for row in rows], rows[0][1] if rows else 0


def _match(question: Question) -> str:
    """FTS5's language with every term quoted: terms are letters and digits alone, so nothing can end a quotation."""
    return " AND ".join(f'"{" ".join(term)}"' for term in question.terms)


@contextmanager
def _in_time() -> Iterator[None]:
    """Stop a search that would keep a worker busy."""
    try:
        if connection.vendor == "sqlite":
            with _sqlite_in_time():
                yield
        else:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("SELECT set_config('statement_timeout', %s, true)", [str(int(DEADLINE * 1000))])
                yield
                cursor.execute("SELECT set_config('statement_timeout', '0', true)")
    except DatabaseError as error:
        if "interrupted" in str(error) or "statement timeout" in str(error):
            raise Refused(_("That search takes too long. Add a rarer word, or fewer common ones.")) from None
        raise


@contextmanager
def _sqlite_in_time() -> Iterator[None]:
    connection.ensure_connection()
    raw = connection.connection
    until = time.monotonic() + DEADLINE
    raw.set_progress_handler(lambda: time.monotonic() > until, STEPS_BETWEEN_LOOKS)
    try:
        yield
    finally:
        raw.set_progress_handler(None, 0)
