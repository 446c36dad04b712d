"""What was made from the database, kept in this process for as long as nobody has changed the database.

Nothing has to be told of a change: before each use the database itself is asked whether anything was committed since,
by whatever process. So nothing that was hidden, withdrawn or edited outlives the answer to the request that did it.
"""

import sqlite3
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Lock, RLock, local
from time import time
from typing import Any

from django.conf import settings
from django.db import connection

MOST_BYTES = 32 * 1024 * 1024  # For each process; about 400 article pages with 100 comments.
SECONDS = 10  # What changes with the clock alone (an article whose time has come, “Today”) is at most so late.


@dataclass(slots=True)
class _Store:
    """What was made of one state of the database, least recently used first. All threads of the process share it."""

    state: Hashable
    kept: OrderedDict[Hashable, tuple[Any, int]] = field(default_factory=OrderedDict)
    size: int = 0
    making: dict[Hashable, RLock] = field(default_factory=dict)
    lock: Lock = field(default_factory=Lock)

    def find(self, key: Hashable) -> Any:
        with self.lock:
            if key not in self.kept:
                return None
            self.kept.move_to_end(key)
            return self.kept[key][0]

    def put(self, key: Hashable, value: Any, size: int) -> None:
        if size > MOST_BYTES // 4:
            return
        with self.lock:
            if key in self.kept:
                self.size -= self.kept.pop(key)[1]
            self.kept[key] = value, size
            self.size += size
            while self.size > MOST_BYTES:
                self.size -= self.kept.popitem(last=False)[1][1]

    @contextmanager
    def alone(self, key: Hashable) -> Iterator[None]:
        """One thread at a time, and then nobody needs to: the others find what the first has made."""
        with self.lock:
            turn = self.making.setdefault(key, RLock())
        with turn:
            try:
                yield
            finally:
                self.making.pop(key, None)


class Memory:
    """The store as it was when the request began to read. Without one, everything is made anew."""

    def __init__(self, store: _Store | None) -> None:
        self._store = store

    def find(self, key: Hashable) -> Any:
        """What is kept, or None."""
        return None if self._store is None else self._store.find(key)

    def put(self, key: Hashable, value: Any, *, size: int = 1024) -> None:
        if self._store is not None:
            self._store.put(key, value, size)

    def keep[Made](self, key: Hashable, make: Callable[[], Made], *, size: int | Callable[[Made], int] = 1024) -> Made:
        """What is kept, else what `make` gives, kept from now on. `make` must not depend on who asks.

        When a page that many read has changed, one thread makes it and the others wait: all at once, on few cores,
        would each take as many times longer.
        """
        found: Made | None = self.find(key)
        if found is not None:
            return found
        if self._store is None:
            return make()
        with self._store.alone(key):
            found = self.find(key)
            if found is None:
                found = make()
                self.put(key, found, size=size if isinstance(size, int) else size(found))
        return found


class _Here(local):
    present: Memory | None = None
    """That of the answer which this thread is making, see `remembering`."""


_here = _Here()
_latest = _Store(None)


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
    global _latest
    if _here.present is not None:
        return _here.present
    if settings.DEBUG or connection.in_atomic_block:
        return Memory(None)
    if connection.vendor == "sqlite" and not connection.is_in_memory_db():  # type: ignore[attr-defined]
        state = _state_of_sqlite()
    elif connection.vendor == "postgresql":
        state = _state_of_postgresql()
    else:
        return Memory(None)
    now = (state, int(time()) // SECONDS)
    store = _latest
    if store.state != now:  # Two threads that see a change at once may make a store each: the later one stays.
        store = _latest = _Store(now)
    return Memory(store)


@dataclass(slots=True)
class _Watcher:
    """A connection that never writes, so that its one number tells all commits: of this process and of others."""

    connection: sqlite3.Connection | None = None
    path: object = None
    lock: Lock = field(default_factory=Lock)


_watcher = _Watcher()


def _state_of_sqlite() -> Hashable:
    """Another number after each commit. One connection is asked for all threads: numbers of two can't be compared."""
    database = connection.settings_dict
    with connection.wrap_database_errors, _watcher.lock:
        if _watcher.connection is None or _watcher.path != database["NAME"]:
            patience = database["OPTIONS"].get("timeout", 5)  # A backup that comes back holds the file for a moment.
            # Each use is guarded by the lock.
            _watcher.connection = sqlite3.connect(database["NAME"], timeout=patience, check_same_thread=False)
            _watcher.path = database["NAME"]
        return int(_watcher.connection.execute("PRAGMA data_version").fetchone()[0])


def _state_of_postgresql() -> Hashable:
    """Which transactions can be seen: the very thing that decides what a query finds."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_snapshot()::text")
        return str(cursor.fetchone()[0])
