"""Insert many rows at the speed of the database: COPY on PostgreSQL, one prepared statement on SQLite."""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from django.db import connection, models

type Row = Sequence[Any]


class BulkTable:
    """A table and the columns that its rows have. The others get the defaults of the model.

    Values are those of Python, datetimes in UTC. Nothing is validated, no signal is sent, and `auto_now_add` sets
    nothing: each row has what `save` would have written.
    """

    def __init__(self, model: type[models.Model], *names: str) -> None:
        """Take the names of fields, foreign keys as `author_id`."""
        fields = {field.attname: field for field in model._meta.concrete_fields}
        rest = [field for name, field in fields.items() if name not in names and not _is_automatic(field)]
        self._fields = [*(fields[name] for name in names), *rest]
        self._defaults = tuple(_stored(field, field.get_default()) for field in rest)
        self._conversions = [
            (number, convert) for number, name in enumerate(names) if (convert := _conversion_of(fields[name]))
        ]
        self.model = model

    def insert(self, rows: Iterable[Row]) -> None:
        table = self.model._meta.db_table
        columns = ", ".join(f'"{field.column}"' for field in self._fields)
        complete = self._complete(rows)
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
                    for row in complete:
                        copy.write_row(row)
            else:
                places = ", ".join(["%s"] * len(self._fields))
                cursor.executemany(f"INSERT INTO {table} ({columns}) VALUES ({places})", list(complete))  # noqa: S608

    def _complete(self, rows: Iterable[Row]) -> Iterator[Row]:
        conversions, defaults = self._conversions, self._defaults
        for row in rows:
            if not conversions:
                yield (*row, *defaults)
                continue
            values = [*row, *defaults]
            for number, convert in conversions:
                if values[number] is not None:
                    values[number] = convert(values[number])
            yield values


def reserve_ids(model: type[models.Model], number: int) -> list[int]:
    """Return ids for new rows, in order, which no other transaction will use."""
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            sequence = "nextval(pg_get_serial_sequence(%s, 'id'))"
            cursor.execute(f"SELECT {sequence} FROM generate_series(1, %s)", [table, number])  # noqa: S608
            return [pk for (pk,) in cursor.fetchall()]
        # The transaction has the write lock from its beginning.
        cursor.execute("UPDATE sqlite_sequence SET seq = seq + %s WHERE name = %s RETURNING seq", [number, table])
        if (row := cursor.fetchone()) is None:
            row = (number,)
            cursor.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [table, number])
    last: int = row[0] - number
    return list(range(last + 1, last + 1 + number))


def _is_automatic(field: "models.Field[Any, Any]") -> bool:
    """Return whether the database sets it."""
    return isinstance(field, models.AutoField | models.GeneratedField) or field.has_db_default()


def _stored(field: "models.Field[Any, Any]", value: Any) -> Any:
    value = str(value) if isinstance(value, str) else value  # An enumeration's.
    convert = _conversion_of(field)
    return value if convert is None or value is None else convert(value)


def _conversion_of(field: "models.Field[Any, Any]") -> Callable[[Any], Any] | None:
    """Return what makes a value of Python one that the driver of the database takes, if that needs something."""
    if isinstance(field, models.JSONField):
        return json.dumps
    if connection.vendor == "postgresql":
        return None
    if isinstance(field, models.DateTimeField):
        return _naive
    if isinstance(field, models.DateField):
        return str
    return _hexadecimal if isinstance(field, models.UUIDField) else None


def _naive(moment: datetime) -> str:
    return str(moment)[: -len("+00:00")]


def _hexadecimal(value: Any) -> str:
    return str(value.hex)
