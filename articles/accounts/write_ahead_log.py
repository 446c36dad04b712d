"""Remove deleted data from SQLite's write-ahead log, which keeps earlier pages until it is overwritten.

It is emptied right after an account was deleted. Where a long read of another process prevents that, the worker does it
within the hour. The database file itself keeps nothing, because of `secure_delete`.
"""

import logging

from django.db import connection

WAIT = 250  # Milliseconds for readers to finish; the reader who leaves waits for no longer.

logger = logging.getLogger(__name__)


def empty_write_ahead_log() -> bool:
    """Copy the log into the database and truncate it. Return whether that was possible. Not within a transaction."""
    if connection.vendor != "sqlite":
        return True
    with connection.cursor() as cursor:
        (before,) = cursor.execute("PRAGMA busy_timeout").fetchone()
        cursor.execute(f"PRAGMA busy_timeout = {WAIT}")
        try:
            busy, _pages, _copied = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        finally:
            cursor.execute(f"PRAGMA busy_timeout = {int(before)}")
    if busy:
        logger.info("The write-ahead log is in use; the worker empties it within the hour.")
    return not busy
