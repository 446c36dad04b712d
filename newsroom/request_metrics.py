"""What the web processes count of their requests, for /metrics.

Whoever asks reaches any one of the processes. So each writes what it counted to a file every few seconds, and the one
that is asked adds up all files. The file of a process that ended stays until the server starts again, so that counts
never fall: Prometheus would take that for a restart.
"""

import json
import logging
import os
import secrets
import shutil
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from time import perf_counter
from typing import Any

from django.conf import settings

from articles.publishing.page_cache import CACHE_RESULT
from articles.web.view_names import view_name

type Environ = dict[str, Any]
type WSGIApplication = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]

# Upper bounds in seconds: a cached page takes less than the first, and after the last the reader has left.
BUCKETS = (0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)

logger = logging.getLogger(__name__)


def _no_durations() -> defaultdict[str, list[float]]:
    return defaultdict(lambda: [0.0] * (len(BUCKETS) + 2))


@dataclass(slots=True)
class Counts:
    """Counts of requests. There are no more of them than views, and statuses that they answer with."""

    requests: Counter[str] = field(default_factory=Counter)
    """By view and status, with a blank between them."""
    durations: defaultdict[str, list[float]] = field(default_factory=_no_durations)
    """By view: their sum in seconds, then the number of requests in each bucket and above the last."""
    cache_results: Counter[str] = field(default_factory=Counter)

    def add(self, other: dict[str, Any]) -> None:
        self.requests.update(other["requests"])
        self.cache_results.update(other["cache_results"])
        for view, numbers in other["durations"].items():
            self.durations[view] = [one + more for one, more in zip(self.durations[view], numbers, strict=True)]


_counts = Counts()
_lock = Lock()
_file_name = f"{os.getpid()}-{secrets.token_hex(4)}.json"


def with_request_metrics(application: WSGIApplication) -> WSGIApplication:
    """Count the requests of an application."""

    def counted_application(environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        status, started = "500", perf_counter()

        def start(line: str, headers: list[tuple[str, str]], *exc_info: Any) -> Any:
            nonlocal status
            status = line[:3]
            return start_response(line, headers, *exc_info)

        try:
            return application(environ, start)
        finally:
            _count(view_name(environ), status, perf_counter() - started, environ.get(CACHE_RESULT))

    return counted_application


def _count(view: str, status: str, seconds: float, cache_result: str | None) -> None:
    with _lock:
        _counts.requests[f"{view} {status}"] += 1
        durations = _counts.durations[view]
        durations[0] += seconds
        durations[bisect_left(BUCKETS, seconds) + 1] += 1
        if cache_result:
            _counts.cache_results[cache_result] += 1


def write() -> None:
    """Write what this process counted to its file."""
    path = _folder() / _file_name
    with _lock:
        counts = json.dumps(
            {
                "requests": _counts.requests,
                "durations": _counts.durations,
                "cache_results": _counts.cache_results,
            }
        )
        try:
            path.parent.mkdir(mode=0o700, exist_ok=True)
            unfinished = path.with_suffix(".new")
            unfinished.touch(mode=0o600)
            unfinished.write_text(counts, encoding="utf-8")
            unfinished.replace(path)
        except OSError as error:  # The disk is full: the last file stays as it is.
            logger.info("Counts of requests were not written: %s", error.strerror)


def read() -> Counts:
    """Return the sum of what all processes counted.

    This one's own is read from its file as well: when another process is asked next, it knows no more than that.
    """
    write()
    found = Counts()
    for path in sorted(_folder().glob("*.json")):
        found.add(json.loads(path.read_text(encoding="utf-8")))
    return found


def clear() -> None:
    """Remove the files of an earlier run, before this one's processes start."""
    shutil.rmtree(_folder(), ignore_errors=True)


def _folder() -> Path:
    return Path(settings.VAR_DIR) / "metrics"
