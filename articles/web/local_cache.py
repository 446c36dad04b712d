"""In-process cache of values derived from the database, valid until the next commit by any process.

Nothing has to be invalidated: each use first asks the database whether anything was committed since. So a comment that
was hidden, withdrawn or edited is never served from the cache once the request that changed it has finished.
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

MAX_BYTES = 32 * 1024 * 1024  # For each process; about 400 article pages with 100 comments.
MAX_AGE = 10  # Seconds; the delay of changes that come with time alone, such as a scheduled article or “Today”.


@dataclass(slots=True)
class _Store:
    """LRU cache for one database version, shared by all threads."""

    version: Hashable
    entries: OrderedDict[Hashable, tuple[Any, int]] = field(default_factory=OrderedDict)
    size: int = 0
    locks: dict[Hashable, RLock] = field(default_factory=dict)
    lock: Lock = field(default_factory=Lock)

    def get(self, key: Hashable) -> Any:
        with self.lock:
            if key not in self.entries:
                return None
            self.entries.move_to_end(key)
            return self.entries[key][0]

    def set(self, key: Hashable, value: Any, size: int) -> None:
        if size > MAX_BYTES // 4:
            return
        with self.lock:
            if key in self.entries:
                self.size -= self.entries.pop(key)[1]
            self.entries[key] = value, size
            self.size += size
            while self.size > MAX_BYTES:
                self.size -= self.entries.popitem(last=False)[1][1]

    @contextmanager
    def lock_key(self, key: Hashable) -> Iterator[None]:
        """Single-flight: one thread computes a value, the others wait for it."""
        with self.lock:
            key_lock = self.locks.setdefault(key, RLock())
        with key_lock:
            try:
                yield
            finally:
                self.locks.pop(key, None)


class LocalCache:
    """The cache for the database version at the start of a read. Without a store, nothing is cached."""

    def __init__(self, store: _Store | None) -> None:
        self._store = store

    def get(self, key: Hashable) -> Any:
        """Return the cached value, or None."""
        return None if self._store is None else self._store.get(key)

    def set(self, key: Hashable, value: Any, *, size: int = 1024) -> None:
        if self._store is not None:
            self._store.set(key, value, size)

    def get_or_set[Value](
        self, key: Hashable, compute: Callable[[], Value], *, size: int | Callable[[Value], int] = 1024
    ) -> Value:
        """Return the cached value, or compute and cache it. Single-flight: other threads wait for the value.

        The value must not depend on the reader. `size` is the bytes that it takes, or a function that returns them.
        """
        found: Value | None = self.get(key)
        if found is not None:
            return found
        if self._store is None:
            return compute()
        with self._store.lock_key(key):
            found = self.get(key)
            if found is None:
                found = compute()
                self.set(key, found, size=size if isinstance(size, int) else size(found))
        return found


class _Response(local):
    cache: LocalCache | None = None
    """The cache of the response that this thread is making, see `cache_for_response`."""


_response = _Response()
_latest = _Store(None)


@contextmanager
def cache_for_response() -> Iterator[LocalCache]:
    """Check the database version once for a whole response. Only for code that writes nothing."""
    cache = _response.cache = current_cache()
    try:
        yield cache
    finally:
        _response.cache = None


def response_cache() -> LocalCache:
    """Return the cache of the current response without a query; outside `cache_for_response`, an empty one."""
    return _response.cache or LocalCache(None)


def current_cache() -> LocalCache:
    """Return the cache for the current database version. Call it before the first read for a response.

    Later reads may be newer than that version but never older; the next request then sees another version. Inside a
    transaction nothing is cached, since others can't see its changes yet.
    """
    global _latest  # noqa: PLW0603 -- one cache for the whole process
    if _response.cache is not None:
        return _response.cache
    if settings.DEBUG or connection.in_atomic_block:
        return LocalCache(None)
    if connection.vendor == "sqlite" and not connection.is_in_memory_db():  # type: ignore[attr-defined]
        version = _sqlite_version()
    elif connection.vendor == "postgresql":
        version = _postgresql_version()
    else:
        return LocalCache(None)
    current = (version, int(time()) // MAX_AGE)
    store = _latest
    if store.version != current:  # Two threads may each create a store; the later one stays.
        store = _latest = _Store(current)
    return LocalCache(store)


@dataclass(slots=True)
class _Watcher:
    """A read-only connection whose data_version changes with every commit, by this process and by others."""

    connection: sqlite3.Connection | None = None
    path: object = None
    lock: Lock = field(default_factory=Lock)


_watcher = _Watcher()


def _sqlite_version() -> Hashable:
    """Return data_version of one connection for all threads, since those of two connections can't be compared."""
    database = connection.settings_dict
    with connection.wrap_database_errors, _watcher.lock:
        if _watcher.connection is None or _watcher.path != database["NAME"]:
            timeout = database["OPTIONS"].get("timeout", 5)  # Restoring a backup locks the file for a moment.
            # check_same_thread=False, since the lock guards every use.
            _watcher.connection = sqlite3.connect(database["NAME"], timeout=timeout, check_same_thread=False)
            _watcher.path = database["NAME"]
        return int(_watcher.connection.execute("PRAGMA data_version").fetchone()[0])


def _postgresql_version() -> Hashable:
    """Return the snapshot: the set of transactions whose changes a query sees."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_snapshot()::text")
        return str(cursor.fetchone()[0])
