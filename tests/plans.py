"""How a database reads its tables, from the plans of queries: what a page costs in a large paper, without one."""

import re
from collections.abc import Callable, Iterator
from typing import Any

from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

PRIMARY_KEY = "primary key"


def reads(table: str, run: Callable[[], object]) -> set[str]:
    """Return how the queries of `run()` read a table: names of the indexes that they seek in, or scans.

    A scan reads the whole table, or the whole of an index: "scan" or "scan of newest_articles". PostgreSQL is told that
    tables with a row have a million, and to join by index, as it does once it has statistics of large tables.
    """
    with CaptureQueriesContext(connection) as captured:
        run()
    selects = [query["sql"] for query in captured.captured_queries]
    selects = [sql for sql in selects if table in sql and sql.startswith(("SELECT", "UPDATE", "WITH", "DELETE"))]
    assert selects, f"No query reads {table}"
    plan = _postgresql if connection.vendor == "postgresql" else _sqlite
    return {read for sql in selects for read in plan(sql, table)}


def _sqlite(sql: str, table: str) -> Iterator[str]:
    names = {table, *re.findall(rf'"?{table}"? (?:AS )?"?(\w+)"?', sql)}
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {sql}")
        steps = [row[3] for row in cursor.fetchall()]
    for step in steps:
        found = re.match(r"(SCAN|SEARCH) (\w+)(?: USING (?:COVERING )?(?:INDEX (\w+)|INTEGER (PRIMARY KEY)))?", step)
        if found and found[2] in names:
            index = PRIMARY_KEY if found[4] else found[3]
            yield index if found[1] == "SEARCH" else f"scan of {index}" if index else "scan"


def _postgresql(sql: str, table: str) -> Iterator[str]:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE pg_class SET relpages = 1, reltuples = 1e6 WHERE relname ~ '^articles_' AND relkind = 'r'"
        )
        for method in ("hashjoin", "mergejoin", "material"):
            cursor.execute(f"SET LOCAL enable_{method} = off")
        cursor.execute(f"EXPLAIN (FORMAT JSON) {sql}")
        plan = cursor.fetchone()[0]
        transaction.set_rollback(True)
    yield from _postgresql_reads(plan[0]["Plan"], table)


def _postgresql_reads(node: dict[str, Any], table: str) -> Iterator[str]:
    children = node.get("Plans", [])
    if node.get("Relation Name") == table and node["Node Type"] != "ModifyTable":
        indexes = [node] if "Index Name" in node else list(_bitmaps(node))
        for index in indexes:
            name = PRIMARY_KEY if index["Index Name"] == f"{table}_pkey" else index["Index Name"]
            yield name if "Index Cond" in index else f"scan of {name}"
        if not indexes:
            yield "scan"
    for child in children:
        yield from _postgresql_reads(child, table)


def _bitmaps(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for child in node.get("Plans", []):
        if "Index Name" in child:
            yield child
        yield from _bitmaps(child)
