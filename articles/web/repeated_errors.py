"""Log a repeated error once a minute: a full disk or a lost database fails every request for the same reason."""

import logging
import time
from copy import copy

INTERVAL = 60  # Seconds.
SERVICE_UNAVAILABLE = 503
MAX_CAUSES = 1_000  # Beyond it all are forgotten, which is simpler than to forget the oldest.


class RepeatedErrorFilter(logging.Filter):
    """Drop errors that were logged in the last minute, and count them in the next one that is let through."""

    def __init__(self) -> None:
        super().__init__()
        self._last: dict[tuple[object, ...], float] = {}
        self._dropped: dict[tuple[object, ...], int] = {}

    def filter(self, record: logging.LogRecord) -> bool | logging.LogRecord:
        """Return whether the handler logs the record, or what it logs in its place. Other handlers get it unchanged."""
        if record.levelno < logging.ERROR:
            return True
        cause = record.exc_info[1] if record.exc_info else None
        # Django logs the URL of each page that failed; while the database is away, that is every page.
        unavailable = getattr(record, "status_code", 0) == SERVICE_UNAVAILABLE
        key = (record.name, record.msg, "" if unavailable else str(record.args), type(cause), str(cause))
        now = time.monotonic()
        if now - self._last.get(key, -INTERVAL) < INTERVAL:
            self._dropped[key] = self._dropped.get(key, 0) + 1  # Another thread may have forgotten it.
            return False
        if len(self._last) > MAX_CAUSES:
            self._last.clear()
            self._dropped.clear()
        self._last[key] = now
        dropped, self._dropped[key] = self._dropped.get(key, 0), 0
        if not dropped:
            return True
        counted = copy(record)
        counted.msg = f"{record.msg} (and {dropped} more in the meantime)"
        return counted
