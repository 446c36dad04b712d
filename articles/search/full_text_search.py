"""Find articles by FTS5 on SQLite or `tsvector` on PostgreSQL, ranked and with a time limit; highlight the matches."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import DatabaseError, connection, transaction
from django.db.models import Prefetch
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from articles.errors import Refused
from articles.publishing.models import Article, Block, PullQuote
from articles.publishing.models.article import ArticleQuerySet
from articles.search.index import searchable_text
from articles.search.query_parser import Query
from articles.search.snippets import SNIPPET_LENGTH, find_matches, highlight, snippet
from articles.text.excerpts import excerpt
from articles.topics.models import ArticleTopic

PAGE_SIZE = 10
TIMEOUT = 0.4  # Seconds; the whole page should take no more than half a second.
PROGRESS_STEPS = 20_000  # SQLite virtual machine instructions between two checks of the clock: under a millisecond.

# Of a word that is in most articles, only the newest matches are ranked and counted, so that any search ends in time.
MAX_RANKED = 2_000

# The headline weighs more than the standfirst, the standfirst more than topics and authors, the body least.
_SQLITE = """
WITH hits AS MATERIALIZED (
    SELECT visible.id, visible.sort_at
    FROM articles_search CROSS JOIN ({visible}) visible ON visible.id = articles_search.rowid
    WHERE articles_search MATCH %s
    ORDER BY {newest} LIMIT %s
)
SELECT visible.id, (SELECT COUNT(*) FROM hits)
FROM articles_search CROSS JOIN hits visible ON visible.id = +articles_search.rowid
WHERE articles_search MATCH %s
ORDER BY {order} LIMIT %s OFFSET %s
"""
_POSTGRESQL = """
WITH hits AS MATERIALIZED (
    SELECT visible.id, visible.sort_at, document.vector
    FROM articles_searchdocument document JOIN ({visible}) visible ON visible.id = document.article_id
    WHERE document.vector @@ ({query})
    ORDER BY {newest} LIMIT %s
)
SELECT visible.id, (SELECT COUNT(*) FROM hits) FROM hits visible
ORDER BY {order} LIMIT %s OFFSET %s
"""
_RANK = {
    "sqlite": "bm25(articles_search, 10.0, 5.0, 1.0, 3.0, 3.0)",
    "postgresql": "ts_rank('{{0.1, 0.3, 0.5, 1.0}}', visible.vector, {query}, 1) DESC",
}
_NEWEST = "visible.sort_at DESC, visible.id DESC"


@dataclass(frozen=True, kw_only=True, slots=True)
class Result:
    article: Article
    headline: SafeString
    snippet: SafeString
    """The standfirst or the part of the text with most matches, highlighted."""
    authors: list[SafeString]
    topics: list[SafeString]
    """Only those that match."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Results:
    items: list[Result]
    count: int
    """At most `MAX_RANKED`."""
    has_more: bool
    """Whether more articles match than `count`: older ones, which are not ranked."""


def find(query: Query, *, among: ArticleQuerySet, newest: bool = False, page: int = 1) -> Results:
    """Return one page of results with their matches highlighted, in six database queries whatever the search.

    The query must have terms. Pages are numbered from 1.

    Raises:
        Refused: The search took too long.
    """
    ids, count = _matching_ids(query, among, newest=newest, offset=(page - 1) * PAGE_SIZE, limit=PAGE_SIZE)
    shown = ArticleTopic.objects.filter(state=ArticleTopic.State.SHOWN).select_related("topic")
    rows = (
        among.filter(pk__in=ids)
        .for_lists()
        .prefetch_related(
            Prefetch("blocks", Block.objects.filter(position__isnull=False)),
            Prefetch("pull_quotes", PullQuote.objects.filter(state=PullQuote.State.ALONE)),
            Prefetch("article_topics", shown),
        )
    )
    articles = {article.pk: article for article in rows}
    items = [_result(articles[pk], query) for pk in ids if pk in articles]
    return Results(items=items, count=min(count, MAX_RANKED), has_more=count > MAX_RANKED)


def _matching_ids(
    query: Query, among: ArticleQuerySet, *, newest: bool, offset: int, limit: int
) -> tuple[list[int], int]:
    """Return one page of matching article ids, and the number of matches up to `MAX_RANKED` + 1.

    The query must have terms.

    Raises:
        Refused: The search exceeded `TIMEOUT`.
    """
    visible, visible_values = (
        among.order_by().values("id", "sort_at").query.get_compiler(connection=connection).as_sql()
    )
    vendor = connection.vendor
    if vendor == "sqlite":
        # Every term is quoted; terms are letters and digits, so none can end the quotation.
        terms = [" AND ".join(f'"{" ".join(term)}"' for term in query.terms)]
        ranked, tsquery = terms, ""
    else:
        terms = [" ".join(term) for term in query.terms]
        tsquery = " && ".join("phraseto_tsquery('articles_english', %s)" for _term in terms)
        ranked = [] if newest else terms
    order = _NEWEST if newest else f"{_RANK[vendor].format(query=tsquery)}, {_NEWEST}"
    sql = (_SQLITE if vendor == "sqlite" else _POSTGRESQL).format(
        visible=visible, query=tsquery, newest=_NEWEST, order=order
    )
    values = [*visible_values, *terms, MAX_RANKED + 1, *ranked, limit, offset]
    with _time_limit(), connection.cursor() as cursor:
        cursor.execute(sql, values)
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


def _result(article: Article, query: Query) -> Result:
    stems = query.stems
    standfirst, text = article.typographic_standfirst, searchable_text(article)
    snippets = [found for found in (snippet(standfirst, stems), snippet(text, stems)) if found is not None]
    # The one with most matches; the standfirst if both have as many.
    best = max(snippets, key=lambda found: found.match_count, default=None)
    topics = [line.topic.name for line in article.article_topics.all()]
    return Result(
        article=article,
        headline=highlight(article.typographic_headline, stems),
        snippet=best.html if best else highlight(excerpt(standfirst or text, SNIPPET_LENGTH), frozenset()),
        authors=[highlight(byline.author.name, stems) for byline in article.bylines.all()],
        topics=[highlight(name, stems) for name in topics if find_matches(name, stems)],
    )
