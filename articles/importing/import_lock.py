"""A lock that one import holds at a time, so that two of them don't import the same files or starve the readers."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import connection
from django.utils.translation import gettext as _

from articles.errors import Refused

ADVISORY_KEY = 0x696D706F7274  # “import”


@contextmanager
def import_lock() -> Iterator[None]:
    """Hold the lock. The system releases it when the process ends, however that happens.

    Raises:
        Refused: Another import holds it.
    """
    with _postgres_lock() if connection.vendor == "postgresql" else _file_lock():
        yield


@contextmanager
def _postgres_lock() -> Iterator[None]:
    """Hold a lock of a transaction on a connection of its own: one of a session doesn't go through PgBouncer."""
    import psycopg

    with psycopg.connect(**connection.get_connection_params()) as lock:
        lock.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
        (held,) = lock.execute("SELECT pg_try_advisory_xact_lock(%s)", [ADVISORY_KEY]).fetchone() or (False,)
        if not held:
            raise _refusal()
        yield


@contextmanager
def _file_lock() -> Iterator[None]:
    """Lock a file beside the SQLite database; one in memory belongs to this process alone."""
    if connection.is_in_memory_db():  # type: ignore[attr-defined]
        yield
        return
    with Path(f"{connection.settings_dict['NAME']}-import-lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise _refusal() from None
        yield


def _refusal() -> Refused:
    return Refused(_("Another import is running. Start this one when it has finished."))
