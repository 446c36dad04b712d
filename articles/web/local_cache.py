"""In-process cache of pages and parts of pages, each valid while the versions of what it shows are unchanged.

A response first reads the versions of the articles that its page showed last time, in one query, and only then any
data. Whatever was cached under the same versions is used; whatever is made is cached under them. Data may be newer than
its version, never older: then the version has changed, and nobody uses the value. So a comment that was hidden is never
served from the cache once the request that hid it has finished, and nothing has to be invalidated.

Which articles a page shows is noted while it is made: every `Article` that is loaded counts. The first response of an
address in a process only leaves that note, so visiting many addresses once pushes nothing out of the cache.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Lock, RLock, local
from time import time
from typing import Any

from django.conf import settings
from django.db import connection

from articles.web.page_versions import LISTS, SITE, read_versions

MAX_BYTES = 32 * 1024 * 1024  # For each process; about 400 article pages with 100 comments.
MAX_NOTES = 10_000  # Addresses; about 3 MB.
MAX_PAGES = 100  # Articles that one page may show and be cached. The front page shows the most, with a block a section.
MAX_AGE = 600  # Seconds; a bound for what changes with time alone and has no moment of its own.


@dataclass(frozen=True, slots=True)
class _Entry:
    value: Any
    versions: dict[int, int]
    """Of all that it shows, read before anything that it was made of."""
    until: float
    size: int


@dataclass(slots=True)
class _Store:
    """LRU cache, shared by all threads."""

    entries: OrderedDict[Hashable, _Entry] = field(default_factory=OrderedDict)
    notes: OrderedDict[Hashable, tuple[int, ...]] = field(default_factory=OrderedDict)
    """What the response of an address showed."""
    size: int = 0
    locks: dict[Hashable, RLock] = field(default_factory=dict)
    lock: Lock = field(default_factory=Lock)

    def get(self, key: Hashable) -> _Entry | None:
        with self.lock:
            if key not in self.entries:
                return None
            self.entries.move_to_end(key)
            return self.entries[key]

    def set(self, key: Hashable, entry: _Entry) -> None:
        if entry.size > MAX_BYTES // 4:
            return
        with self.lock:
            if key in self.entries:
                self.size -= self.entries.pop(key).size
            self.entries[key] = entry
            self.size += entry.size
            while self.size > MAX_BYTES:
                self.size -= self.entries.popitem(last=False)[1].size

    def note(self, key: Hashable, shown: tuple[int, ...]) -> None:
        with self.lock:
            self.notes[key] = shown
            self.notes.move_to_end(key)
            if len(self.notes) > MAX_NOTES:
                self.notes.popitem(last=False)

    def noted(self, key: Hashable) -> tuple[int, ...]:
        with self.lock:
            return self.notes.get(key, ())

    def clear(self) -> None:
        with self.lock:
            self.entries.clear()
            self.notes.clear()
            self.size = 0

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


_store = _Store()


@dataclass(slots=True)
class _Recording:
    """What a value that is being made depends on."""

    shown: set[int]
    until: float


class LocalCache:
    """The cache under the versions that a response read before all else. Without versions, nothing is cached."""

    def __init__(self, versions: dict[int, int]) -> None:
        self._versions = versions
        self._recordings = [_Recording({SITE}, time() + MAX_AGE)]

    @property
    def site_version(self) -> int:
        """The version of SITE; 0 if none was read."""
        return self._versions.get(SITE, 0)

    def get(self, key: Hashable) -> Any:
        """Return the cached value, or None."""
        entry = _store.get(key) if self._versions else None
        if entry is None or not entry.versions.items() <= self._versions.items() or entry.until <= time():
            return None
        self._depend(set(entry.versions), entry.until)
        return entry.value

    def get_or_set[Value](
        self,
        key: Hashable,
        compute: Callable[[], Value],
        *,
        size: int | Callable[[Value], int] = 1024,
        shows: tuple[int, ...] | None = None,
    ) -> Value:
        """Return the cached value, or compute and cache it. Single-flight: other threads wait for the value.

        The value must not depend on the reader.

        Args:
            size: The bytes that it takes, or a function that returns them.
            shows: What it depends on besides SITE and the articles that `compute` loads, if it uses nothing that was
                loaded before: LISTS, ids of articles, or nothing. By default, all that the response showed so far.
        """
        if not self._versions:
            return compute()
        found: Value | None = self.get(key)
        if found is not None:
            return found
        with _store.lock_key(key):
            found = self.get(key)
            if found is None:
                found = self._compute(key, compute, size, shows)
        return found

    def _compute[Value](
        self,
        key: Hashable,
        compute: Callable[[], Value],
        size: int | Callable[[Value], int],
        shows: tuple[int, ...] | None,
    ) -> Value:
        with self.recording(shows) as recording:
            value = compute()
        if recording.shown <= self._versions.keys():
            versions = {page: self._versions[page] for page in recording.shown}
            bytes_taken = size if isinstance(size, int) else size(value)
            _store.set(key, _Entry(value, versions, recording.until, bytes_taken))
        return value

    @contextmanager
    def recording(self, shows: tuple[int, ...] | None) -> Iterator[_Recording]:
        """Record what is made inside, see `get_or_set`."""
        before = self._recordings[-1]
        if shows is None:
            recording = _Recording(before.shown.copy(), before.until)
        else:
            recording = _Recording({SITE, *shows}, time() + MAX_AGE)
        self._recordings.append(recording)
        try:
            yield recording
        finally:
            self._recordings.pop()
            self._depend(recording.shown, recording.until)

    def _depend(self, shown: set[int], until: float) -> None:
        recording = self._recordings[-1]
        recording.shown |= shown
        recording.until = min(recording.until, until)

    def shows(self, page: int) -> None:
        """Note that what is being made depends on LISTS or on an article."""
        self._recordings[-1].shown.add(page)

    def expire_at(self, moment: float) -> None:
        """Note the time, in seconds since the epoch, at which what is being made changes by itself."""
        recording = self._recordings[-1]
        recording.until = min(recording.until, moment)

    @property
    def recorded(self) -> _Recording:
        """What the value that is being made depends on so far."""
        return self._recordings[-1]

    @property
    def shown(self) -> tuple[int, ...]:
        """All that the response showed so far; empty if that is too much to cache."""
        shown = self._recordings[0].shown
        return tuple(shown) if len(shown) <= MAX_PAGES else ()


class _Response(local):
    cache: LocalCache | None = None
    """The cache of the response that this thread is making, see `cache_for_response`."""


_response = _Response()


@contextmanager
def cache_for_response(key: Hashable, *shows: int) -> Iterator[LocalCache]:
    """Read the versions for a whole response. Call it before the first read of data, for code that writes nothing.

    Inside a transaction nothing is cached, since others can't see its changes yet.

    Args:
        key: Identifies the address: what its response shows is noted for the next one.
        shows: LISTS or ids of articles that are known before.
    """
    versions = {}
    if not settings.DEBUG and not connection.in_atomic_block:
        entry = _store.get(key)  # It may be there when the note was pushed out.
        versions = read_versions({SITE, LISTS, *shows, *_store.noted(key), *(entry.versions if entry else ())})
    cache = _response.cache = LocalCache(versions)
    try:
        yield cache
        if versions and (shown := cache.shown):
            _store.note(key, shown)
    finally:
        _response.cache = None


def response_cache() -> LocalCache:
    """Return the cache of the response that this thread is making; outside `cache_for_response`, an empty one."""
    return _response.cache or LocalCache({})


def site_cache() -> LocalCache:
    """Return the cache of the response or, outside one, that of what depends on SITE alone, by a query."""
    if _response.cache is not None:
        return _response.cache
    return LocalCache({} if settings.DEBUG or connection.in_atomic_block else read_versions([SITE]))


def is_cached(key: Hashable) -> bool:
    """Return whether there is a value for a key, valid or not, without a query."""
    return key in _store.entries


def note_shown(article_id: int) -> None:
    """Note that an article was loaded for the response that this thread is making, if it is making one."""
    if _response.cache is not None:
        _response.cache.shows(article_id)


def clear() -> None:
    """Empty the cache, for tests."""
    _store.clear()
