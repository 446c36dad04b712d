"""Find articles and comments by FTS5 on SQLite or `tsvector` on PostgreSQL, ranked and with a time limit."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.db import DatabaseError, connection, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from articles.errors import Refused
from articles.search.query_parser import Query

TIMEOUT = 0.4  # Seconds; the whole page should take no more than half a second.
PROGRESS_STEPS = 20_000  # SQLite virtual machine instructions between two checks of the clock: under a millisecond.

# Of a word that is in most articles, only the newest matches are ranked and counted, so that any search ends in time.
MAX_RANKED = 2_000
# Of comments on SQLite, only so many with the highest ids are looked at: they leave enough when those are dropped that
# nobody may see. With 100,000 comments a frequent word took 230 ms.
MAX_LOOKED_AT = 3 * MAX_RANKED


@dataclass(frozen=True, kw_only=True, slots=True)
class Index:
    """A table of documents with its full-text index."""

    documents: str
    key: str
    """The column of the documents with the id of what they describe."""
    fts5: str
    """The table with SQLite's index."""
    weights: str
    """Of SQLite's columns. PostgreSQL has them in the vector."""
    newest: str = "visible.sort_at DESC, visible.id DESC"
    """Which of the matches are ranked, if there are too many."""
    looked_at: str = ""
    """Which of the matching rows SQLite looks at; empty for all."""


# The headline weighs more than the standfirst, the standfirst more than topics and authors, the body least.
ARTICLES = Index(
    documents="articles_searchdocument",
    key="article_id",
    fts5="articles_search",
    weights="10.0, 5.0, 1.0, 3.0, 3.0",
)
COMMENTS = Index(
    documents="articles_commentdocument",
    key="comment_id",
    fts5="articles_comment_search",
    weights="1.0",
    # But for imported ones, the order of their ids is that of time, and PostgreSQL can read them in it.
    newest="visible.id DESC",
    looked_at=f"ORDER BY rowid DESC LIMIT {MAX_LOOKED_AT}",
)

_HITS = {
    "sqlite": """
SELECT visible.id, visible.sort_at
FROM (SELECT rowid FROM {fts5} WHERE {fts5} MATCH %s {looked_at}) found
CROSS JOIN ({visible}) visible ON visible.id = found.rowid
ORDER BY {newest} LIMIT %s
""",
    "postgresql": """
SELECT visible.id, visible.sort_at, document.vector
FROM {documents} document JOIN ({visible}) visible ON visible.id = document.{key}
WHERE document.vector @@ ({query})
ORDER BY {newest} LIMIT %s
""",
}
_PAGE = """
WITH hits AS MATERIALIZED ({hits})
SELECT visible.id, (SELECT COUNT(*) FROM hits) FROM hits visible
ORDER BY {order} LIMIT %s OFFSET %s
"""
_RANKED_PAGE = {
    # Equal ranks are ordered by id: joined with `hits` for the times, SQLite might read all hits for each row.
    "sqlite": """
WITH hits AS MATERIALIZED ({hits})
SELECT {fts5}.rowid, (SELECT COUNT(*) FROM hits) FROM {fts5}
WHERE {fts5} MATCH %s AND {fts5}.rowid >= (SELECT MIN(id) FROM hits) AND +{fts5}.rowid IN (SELECT id FROM hits)
ORDER BY {order} LIMIT %s OFFSET %s
""",
    "postgresql": _PAGE,
}
_NEWEST = "visible.sort_at DESC, visible.id DESC"
_RANK = {
    "sqlite": "bm25({fts5}, {weights}), {fts5}.rowid DESC",
    "postgresql": "ts_rank('{{0.1, 0.3, 0.5, 1.0}}', visible.vector, {query}, 1) DESC, {newest}",
}


class FacetRow(NamedTuple):
    kind: str
    value: str
    name: str
    number: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Matches:
    """A page of matching ids, and how many there are in all."""

    ids: list[int]
    count: int
    """At most `MAX_RANKED`."""
    has_more: bool
    """Whether more match than `count`: older ones, which are not ranked."""
    facets: list[FacetRow] = field(default_factory=list)


def find(
    query: Query,
    index: Index,
    *,
    among: "QuerySet[Any, Any]",
    newest: bool = False,
    any_term: bool = False,
    facets: tuple[str, list[Any]] | None = None,
    limit: int,
    offset: int,
) -> Matches:
    """Return the matches of a query, which must have terms.

    Args:
        among: Values of `id` and `sort_at` of all rows that may be found.
        any_term: Find what has one of the terms, instead of all.
        facets: SQL over the table `hits`, which counts them, with its parameters.

    Raises:
        Refused: The search exceeded `TIMEOUT`.
    """
    vendor = connection.vendor
    visible, visible_values = among.order_by().query.get_compiler(connection=connection).as_sql()
    match, terms = _match(query, any_term=any_term)
    names = {
        "documents": index.documents, "key": index.key, "fts5": index.fts5, "weights": index.weights, "query": match,
        "visible": visible, "newest": index.newest, "looked_at": index.looked_at,
    }  # fmt: skip
    values = [*terms, *visible_values] if vendor == "sqlite" else [*visible_values, *terms]
    hits, hits_values = _HITS[vendor].format(**names), [*values, MAX_RANKED + 1]
    order = _NEWEST if newest else _RANK[vendor].format(**names)
    page = _PAGE if newest else _RANKED_PAGE[vendor]
    ranked = [] if newest else terms
    with _time_limit(), connection.cursor() as cursor:
        sql = page.format(hits=hits, order=order, **names)
        cursor.execute(sql, [*hits_values, *ranked, limit, offset])
        rows = cursor.fetchall()
        counted = []
        if rows and facets:
            cursor.execute(f"WITH hits AS MATERIALIZED ({hits}) {facets[0]}", [*hits_values, *facets[1]])
            counted = [FacetRow(*row) for row in cursor.fetchall()]
    count = rows[0][1] if rows else 0
    return Matches(
        ids=[row[0] for row in rows], count=min(count, MAX_RANKED), has_more=count > MAX_RANKED, facets=counted
    )


def _match(query: Query, *, any_term: bool) -> tuple[str, list[str]]:
    """Return the query in the database's language, as SQL with its parameters. A term may have two spellings."""
    if connection.vendor == "sqlite":
        # Every term is quoted; terms are letters and digits, so none can end the quotation.
        terms = [" OR ".join(f'"{" ".join(term)}"' for term in spellings) for spellings in query.spellings]
        return "", [(" OR " if any_term else " AND ").join(f"({term})" for term in terms)]
    phrase = "phraseto_tsquery('articles_english', %s)"
    sql = (" || " if any_term else " && ").join(
        f"({' || '.join(phrase for _term in spellings)})" for spellings in query.spellings
    )
    return sql, [" ".join(term) for spellings in query.spellings for term in spellings]


@contextmanager
def _time_limit() -> Iterator[None]:
    """Stop a search that would keep a worker busy."""
    try:
        if connection.vendor == "sqlite":
            with _sqlite_time_limit():
                yield
        else:
            with transaction.atomic(), connection.cursor() as cursor:
                limit = str(int(TIMEOUT * 1000))
                cursor.execute(
                    "SELECT current_setting('statement_timeout'), set_config('statement_timeout', %s, true)", [limit]
                )
                before = cursor.fetchone()[0]
                yield
                cursor.execute("SELECT set_config('statement_timeout', %s, true)", [before])
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
