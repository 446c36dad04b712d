"""What is kept of pages belongs to the process: any thread makes it, all find it, until anybody commits."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from time import sleep
from typing import Any

import pytest
import time_machine
from django.db import connection, transaction

from articles.web import local_cache
from articles.web.local_cache import Memory, recall
from tests.factories import make_reader

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def standing_clock() -> Any:
    with time_machine.travel("2026-03-01 12:00Z", tick=False):
        yield


def elsewhere[Made](work: Callable[[], Made]) -> Made:
    """What `work` gives in another thread, with a connection of its own."""

    def alone() -> Made:
        try:
            return work()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as threads:
        return threads.submit(alone).result()


def wanted_at_once(make: Callable[[], str]) -> list[str]:
    """What eight threads get that want the same at the same moment."""
    shared, together = Memory(local_cache._Store("a state")), Barrier(8)

    def want(_number: int) -> str:
        together.wait()
        try:
            return shared.keep("page", make)
        except LookupError:
            return "an error"

    with ThreadPoolExecutor(8) as threads:
        return list(threads.map(want, range(8)))


def test_what_one_thread_made_another_finds() -> None:
    for _ in range(50):  # On PostgreSQL other work on the same server, such as other tests, counts as a change.
        recall().put("page", "as it is")
        found = elsewhere(lambda: recall().find("page"))
        if found:
            break
    assert found == "as it is"


@pytest.mark.parametrize("somewhere", [lambda work: work(), elsewhere], ids=["this thread", "another thread"])
def test_a_commit_of_whichever_thread_ends_it(somewhere: Callable[[Callable[[], object]], object]) -> None:
    for _ in range(2):
        recall().put("page", "as it was")
        somewhere(make_reader)
        assert recall().find("page") is None
        assert elsewhere(lambda: recall().find("page")) is None


def test_what_was_read_before_a_commit_is_not_kept_for_after_it() -> None:
    before = recall()
    make_reader()
    before.put("page", "as it was")
    assert recall().find("page") is None
    assert before.find("page") == "as it was"


def test_inside_a_transaction_nothing_is_kept() -> None:
    with transaction.atomic():
        recall().put("page", "as only this transaction sees it")
        assert recall().find("page") is None
    assert recall().find("page") is None


def test_what_many_want_at_once_is_made_once() -> None:
    made = []

    def make() -> str:
        made.append(1)
        sleep(0.05)
        return "a page"

    assert wanted_at_once(make) == ["a page"] * 8
    assert len(made) == 1


def test_whoever_waited_for_a_page_that_failed_makes_it() -> None:
    tries = []

    def make() -> str:
        tries.append(1)
        sleep(0.02)
        if len(tries) == 1:
            raise LookupError
        return "a page"

    assert sorted(wanted_at_once(make)) == ["a page"] * 7 + ["an error"]
    assert len(tries) == 2


def test_what_was_wanted_least_lately_goes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(local_cache, "MOST_BYTES", 400)
    shared = Memory(local_cache._Store("a state"))
    for key in ("first", "second", "third", "fourth"):
        shared.put(key, key, size=100)
    assert shared.find("first")
    shared.keep("fifth", lambda: "5" * 100, size=len)
    assert shared.find("second") is None
    assert all(shared.find(key) for key in ("first", "third", "fourth", "fifth"))
    shared.put("a giant", "a giant", size=101)
    assert shared.find("a giant") is None
