"""Read pages from a replica of the PostgreSQL database (`REPLICA_DATABASE_URL`) while it has all that was committed.

With the first read of a GET request, the primary is asked how far its write-ahead log has come, and the replica whether
it has replayed that. If so, the rest of the request reads from the replica: it has every change that was acknowledged
before, also the reader's own, and all that the versions of cached pages (`web.page_versions`), which the primary tells,
stand for. If not, or if the replica doesn't answer, the request reads from the primary. So does what comes after a
write, what is inside a transaction, SQL that is written by hand, and everything outside of GET requests.
"""

import logging
from collections.abc import Callable
from threading import local
from time import monotonic
from typing import Any

from django.db import DEFAULT_DB_ALIAS as PRIMARY
from django.db import Error, connections
from django.http import HttpRequest, HttpResponse

REPLICA = "replica"
RETRY_AFTER = 5.0  # Seconds for which a replica that failed isn't asked: each time, some readers wait for its timeout.

# After a failover, a replica may have replayed what the new primary never had, to a position beyond its own. Only the
# number of the timeline tells them apart. The replica's is that of the last change it has on disk: never ahead of what
# it has replayed.
# A primary that is a standby itself tells neither, and is read from.
_POSITION = """
    SELECT position, ('x' || left(pg_walfile_name(position), 8))::bit(32)::int
    FROM (SELECT CASE WHEN NOT pg_is_in_recovery() THEN pg_current_wal_flush_lsn() END AS position) AS primary_log
"""
_HAS_REPLAYED = """
    SELECT pg_is_in_recovery() AND pg_last_wal_replay_lsn() >= %s::pg_lsn
        AND (SELECT min_recovery_end_timeline FROM pg_control_recovery()) = %s
"""

logger = logging.getLogger(__name__)


class _Request(local):
    reads_from: str | None = PRIMARY
    """Where the request of this thread reads from. None: it has read nothing so far."""


_request = _Request()
_unavailable_until = {REPLICA: 0.0}
"""For all threads of the process."""


class ReplicaRouter:
    """Django's database router: chooses where a request reads from, once."""

    def db_for_read(self, model: object, **_hints: object) -> str:
        if connections[PRIMARY].in_atomic_block:
            return PRIMARY
        if _request.reads_from is None:
            _request.reads_from = REPLICA if _has_caught_up() else PRIMARY
        return _request.reads_from

    def db_for_write(self, model: object, **_hints: object) -> str:
        _request.reads_from = PRIMARY
        return PRIMARY

    def allow_relation(self, *_objects: object, **_hints: object) -> bool:
        return True

    def allow_migrate(self, database: str, *_what: object, **_hints: object) -> bool:
        return database == PRIMARY


class ReplicaMiddleware:
    """Let GET requests read from the replica. What fails for its sake is done again with the primary."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method not in ("GET", "HEAD"):
            return self.get_response(request)
        _request.reads_from = None
        try:
            response = self.get_response(request)
            # It stopped, or cancelled a query that kept it from replaying.
            if response.status_code == 503 and _request.reads_from == REPLICA:
                _request.reads_from = PRIMARY
                response = self.get_response(request)
            return response
        finally:
            _request.reads_from = PRIMARY


def _has_caught_up() -> bool:
    if monotonic() < _unavailable_until[REPLICA]:
        return False
    with connections[PRIMARY].cursor() as cursor:
        cursor.execute(_POSITION)
        position: tuple[Any, ...] = cursor.fetchone()
    try:
        with connections[REPLICA].cursor() as cursor:
            cursor.execute(_HAS_REPLAYED, position)
            return bool(cursor.fetchone()[0])
    except Error as error:
        logger.warning("The replica is unavailable: %s", str(error).strip())
        _unavailable_until[REPLICA] = monotonic() + RETRY_AFTER
        return False
