"""The local cache: shared by all threads, valid until the next commit."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from time import sleep
from typing import Any

import pytest
import time_machine
from django.db import connection, transaction

from articles.web import local_cache
from articles.web.local_cache import LocalCache, current_cache
from tests.factories import make_reader

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def standing_clock() -> Any:
    with time_machine.travel("2026-03-01 12:00Z", tick=False):
        yield


def elsewhere[Made](work: Callable[[], Made]) -> Made:
    """Return the result of `work` in another thread with a connection of its own."""

    def alone() -> Made:
        try:
            return work()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as threads:
        return threads.submit(alone).result()


def wanted_at_once(make: Callable[[], str]) -> list[str]:
    """Return what eight threads get that ask for the same value at the same time."""
    shared, together = LocalCache(local_cache._Store("a state")), Barrier(8)

    def want(_number: int) -> str:
        together.wait()
        try:
            return shared.get_or_set("page", make)
        except LookupError:
            return "an error"

    with ThreadPoolExecutor(8) as threads:
        return list(threads.map(want, range(8)))


def test_threads_share_values() -> None:
    for _ in range(50):  # On PostgreSQL other work on the same server, such as other tests, counts as a change.
        current_cache().set("page", "as it is")
        found = elsewhere(lambda: current_cache().get("page"))
        if found:
            break
    assert found == "as it is"


@pytest.mark.parametrize("somewhere", [lambda work: work(), elsewhere], ids=["this thread", "another thread"])
def test_a_commit_of_any_thread_or_process_invalidates(somewhere: Callable[[Callable[[], object]], object]) -> None:
    for _ in range(2):
        current_cache().set("page", "as it was")
        somewhere(make_reader)
        assert current_cache().get("page") is None
        assert elsewhere(lambda: current_cache().get("page")) is None


def test_values_read_before_a_commit_are_not_served_after_it() -> None:
    before = current_cache()
    make_reader()
    before.set("page", "as it was")
    assert current_cache().get("page") is None
    assert before.get("page") == "as it was"


def test_inside_a_transaction_nothing_is_cached() -> None:
    with transaction.atomic():
        current_cache().set("page", "as only this transaction sees it")
        assert current_cache().get("page") is None
    assert current_cache().get("page") is None


def test_simultaneous_requests_compute_a_value_once() -> None:
    made = []

    def make() -> str:
        made.append(1)
        sleep(0.05)
        return "a page"

    assert wanted_at_once(make) == ["a page"] * 8
    assert len(made) == 1


def test_after_a_failure_a_waiting_thread_computes_the_value() -> None:
    tries = []

    def make() -> str:
        tries.append(1)
        sleep(0.02)
        if len(tries) == 1:
            raise LookupError
        return "a page"

    assert sorted(wanted_at_once(make)) == ["a page"] * 7 + ["an error"]
    assert len(tries) == 2


def test_the_least_recently_used_value_is_evicted_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(local_cache, "MAX_BYTES", 400)
    shared = LocalCache(local_cache._Store("a state"))
    for key in ("first", "second", "third", "fourth"):
        shared.set(key, key, size=100)
    assert shared.get("first")
    shared.get_or_set("fifth", lambda: "5" * 100, size=len)
    assert shared.get("second") is None
    assert all(shared.get(key) for key in ("first", "third", "fourth", "fifth"))
    shared.set("a giant", "a giant", size=101)
    assert shared.get("a giant") is None
