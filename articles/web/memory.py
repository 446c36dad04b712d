"""What was made from the database, kept in this process for as long as nobody has changed the database.

Nothing has to be told of a change: before each use the database itself is asked whether anything was committed since,
by whatever process. So nothing that was hidden, withdrawn or edited outlives the answer to the request that did it.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import local
from time import time
from typing import Any

from django.conf import settings
from django.db import connection

MOST_BYTES = 16 * 1024 * 1024  # For each thread; about 200 article pages with 100 comments.
SECONDS = 10  # What changes with the clock alone (an article whose time has come, “Today”) is at most so late.


@dataclass(slots=True)
class _Store:
    """What was made of one state of the database, least recently used first."""

    connection: Any
    state: Hashable
    kept: OrderedDict[Hashable, tuple[Any, int]] = field(default_factory=OrderedDict)
    size: int = 0


class Memory:
    """The store as it was when the request began to read. Without one, everything is made anew."""

    def __init__(self, store: _Store | None) -> None:
        self._store = store
        self._state = store.state if store else None

    def find(self, key: Hashable) -> Any:
        """What is kept, or None."""
        if self._store is None or key not in self._store.kept:
            return None
        self._store.kept.move_to_end(key)
        return self._store.kept[key][0]

    def put(self, key: Hashable, value: Any, *, size: int = 1024) -> None:
        store = self._store
        if store is None or store.state != self._state or size > MOST_BYTES // 4:
            return
        if key in store.kept:
            store.size -= store.kept.pop(key)[1]
        store.kept[key] = value, size
        store.size += size
        while store.size > MOST_BYTES:
            store.size -= store.kept.popitem(last=False)[1][1]

    def keep[Made](self, key: Hashable, make: Callable[[], Made], *, size: int = 1024) -> Made:
        """What is kept, else what `make` gives, kept from now on. `make` must not depend on who asks."""
        found: Made | None = self.find(key)
        if found is None:
            found = make()
            self.put(key, found, size=size)
        return found


class _Here(local):
    """Each thread has its own connection, so each has its own store: nothing is shared, nothing is locked."""

    store: _Store | None = None
    present: Memory | None = None
    """That of the answer which this thread is making, see `remembering`."""


_here = _Here()


@contextmanager
def remembering() -> Iterator[Memory]:
    """Ask the database once for a whole answer. Only around what changes nothing."""
    memory = _here.present = recall()
    try:
        yield memory
    finally:
        _here.present = None


def at_hand() -> Memory:
    """The memory of the answer that is being made, if it has one; the database is not asked."""
    return _here.present or Memory(None)


def recall() -> Memory:
    """The memory of the database's present state. Call it before the first thing is read for an answer.

    What is read afterwards may be newer than that state, never older; then the next request finds another state.
    Inside a transaction there is no memory: what it sees is nobody else's yet.
    """
    if _here.present is not None:
        return _here.present
    if settings.DEBUG or connection.in_atomic_block:
        return Memory(None)
    connection.ensure_connection()
    raw = None
    if connection.vendor == "sqlite":
        raw = connection.connection  # Its numbers tell states apart only as this one connection sees them.
        state = _state_of_sqlite(raw)
    elif connection.vendor == "postgresql":
        state = _state_of_postgresql()
    else:
        return Memory(None)
    now = (state, int(time()) // SECONDS)
    store = _here.store
    if store is None or store.connection is not raw or store.state != now:
        store = _here.store = _Store(raw, now)
    return Memory(store)


def _state_of_sqlite(raw: Any) -> Hashable:
    """Rises with each commit of another connection, and with each row that this one has written."""
    with connection.wrap_database_errors:
        return raw.execute("PRAGMA data_version").fetchone()[0], raw.total_changes


def _state_of_postgresql() -> Hashable:
    """Which transactions can be seen: the very thing that decides what a query finds."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_snapshot()::text")
        return str(cursor.fetchone()[0])
