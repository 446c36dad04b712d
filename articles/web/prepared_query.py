"""Queries that are built once in a process. Django takes 1 to 5 ms to build one, the database 0.1 ms to answer it.

PostgreSQL plans them once a connection (3 ms for the largest), unless a plan for the values at hand promises more.

    TOPICS = PreparedQuery(lambda: ArticleTopic.objects.shown().filter(article=Parameter("article")))
    TOPICS.rows(article=article.pk)

For the queries of pages that have to be quick even if nothing is cached. All else is quick enough as Django does it.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from copy import copy
from datetime import date, datetime
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import BigIntegerField, Field, QuerySet, Value
from django.db.models.sql.compiler import SQLCompiler

MOMENT = re.compile(r"\d{4}-\d\d-\d\d")  # How a date or time begins where the database has no type for it.


class Parameter(Value):
    """Stands for a value that differs between the uses of a prepared query: a number, if no field says otherwise."""

    def __init__(self, name: str, output_field: "Field[Any, Any] | None" = None) -> None:
        super().__init__(name, output_field=output_field or BigIntegerField())

    def as_sql(self, compiler: SQLCompiler, connection: Any) -> tuple[str, Any]:
        return "%s", [self]


type Moment = datetime | Parameter
"""A time in a query that may be prepared."""


class PreparedQuery[Row]:
    """A query with `Parameter`s in place of what differs between its uses.

    Nothing else may differ: what else the function uses, such as the time, stays what it was when it was called.
    """

    def __init__(self, build: Callable[[], "QuerySet[Any, Row]"]) -> None:
        self._build = build
        self._built: tuple[QuerySet[Any, Row], SQLCompiler, str, tuple[Any, ...]] | None = None

    def rows(self, **values: Any) -> list[Row]:
        """Return the rows for these values of the parameters, in one query."""
        if self._built is None:  # Two threads may both do it; the result is the same.
            self._built = _built(self._build())
        queryset, compiler, sql, parameters = self._built
        queryset = queryset.all()
        connection = connections[queryset.db]
        filled = tuple(
            each.output_field.get_db_prep_value(values[each.value], connection) if isinstance(each, Parameter) else each
            for each in parameters
        )
        # Of the same query, so that it knows how to make objects of the rows.
        compiler = copy(compiler)
        compiler.connection = connection
        compiler.as_sql = lambda *_args, **_kwargs: (sql, filled)  # type: ignore[method-assign]
        queryset.query.get_compiler = lambda *_args, **_kwargs: compiler  # type: ignore[method-assign]
        with _values_apart(connection):
            return list(queryset)


def _built[Row](queryset: "QuerySet[Any, Row]") -> tuple["QuerySet[Any, Row]", SQLCompiler, str, tuple[Any, ...]]:
    compiler = queryset.query.get_compiler(DEFAULT_DB_ALIAS)
    sql, parameters = compiler.as_sql()
    for each in parameters:
        if isinstance(each, date) or (isinstance(each, str) and MOMENT.match(each)):
            raise TypeError(f"{each} would be the same in every use of the query: make it a parameter")
    if compiler.connection.vendor == "postgresql":
        sql, parameters = _with_constants(sql, parameters, compiler.connection)
    return queryset, compiler, sql, tuple(parameters)


def _with_constants(sql: str, parameters: Iterable[Any], connection: Any) -> tuple[str, tuple[Any, ...]]:
    """Write all but the `Parameter`s into the SQL: a plan for any value of a state can't use an index on one state."""
    from django.db.backends.postgresql.psycopg_any import mogrify

    shown = tuple(
        "%s" if isinstance(each, Parameter) else mogrify("%s", [each], connection).replace("%", "%%")
        for each in parameters
    )
    return sql.replace("%%", "%%%%") % shown, tuple(each for each in parameters if isinstance(each, Parameter))


@contextmanager
def _values_apart(connection: Any) -> Iterator[None]:
    """Send values apart from the SQL in this block, so that psycopg can prepare it (OPTIONS["prepare_threshold"])."""
    if connection.vendor != "postgresql":
        yield
        return
    from django.db.backends.postgresql.base import ServerBindingCursor

    connection.ensure_connection()
    driver = connection.connection
    usual = driver.cursor_factory
    driver.cursor_factory = ServerBindingCursor
    try:
        yield
    finally:
        driver.cursor_factory = usual
