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
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [ADVISORY_KEY])
        if not cursor.fetchone()[0]:
            raise _refusal()
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [ADVISORY_KEY])


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
