"""The filter of repeated errors."""

import logging

import pytest

from articles.web import repeated_errors
from articles.web.repeated_errors import RepeatedErrorFilter


def error(message: str, *arguments: object, level: int = logging.ERROR) -> logging.LogRecord:
    return logging.LogRecord("paper", level, __file__, 1, message, arguments, None)


def test_the_same_error_is_logged_once_a_minute_with_the_number_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 1000.0
    monkeypatch.setattr("articles.web.repeated_errors.time.monotonic", lambda: now)
    kept = RepeatedErrorFilter()
    assert [kept.filter(error("Disk full: %s", "/var")) for _ in range(4)] == [True, False, False, False]
    assert kept.filter(error("Disk full: %s", "/other")), "another cause"
    assert kept.filter(error("Sent.", level=logging.INFO))
    assert kept.filter(error("Sent.", level=logging.INFO)), "only errors repeat in a fault"
    now += repeated_errors.INTERVAL
    last = error("Disk full: %s", "/var")
    logged = kept.filter(last)
    assert isinstance(logged, logging.LogRecord)
    assert logged.getMessage() == "Disk full: /var (and 3 more in the meantime)"
    assert last.getMessage() == "Disk full: /var", "other handlers count for themselves"


def test_pages_that_the_database_failed_have_one_line_whatever_their_url() -> None:
    """cases.md, D9: a full disk filled itself with a line for each of 660 requests."""
    kept = RepeatedErrorFilter()
    shown = []
    for number in range(660):
        record = error("%s: %s", "Service Unavailable", f"/articles/{number}/comments/")
        record.__dict__["status_code"] = 503
        shown.append(kept.filter(record))
    assert shown == [True, *[False] * 659]
    failed = error("%s: %s", "Internal Server Error", "/articles/1/")
    failed.__dict__["status_code"] = 500
    assert kept.filter(failed)


def test_many_causes_do_not_grow_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(repeated_errors, "MAX_CAUSES", 10)
    kept = RepeatedErrorFilter()
    for number in range(100):
        assert kept.filter(error(f"Fault {number}"))
    assert len(kept._last) <= 11


def test_an_error_that_repeats_while_another_thread_forgets_all_is_dropped() -> None:
    kept = RepeatedErrorFilter()
    assert kept.filter(error("Disk full"))
    kept._dropped.clear()
    assert not kept.filter(error("Disk full"))
