"""The local cache: shared by all threads, each value valid while the versions of what it shows are unchanged."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from time import sleep, time
from typing import Any

import pytest
import time_machine
from django.db import connection, transaction

from articles.publishing.models import Article, Section
from articles.web import local_cache
from articles.web.local_cache import LocalCache, cache_for_response, response_cache, site_cache
from articles.web.page_versions import LISTS, SITE
from tests.factories import make_article, make_reader

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def empty_cache() -> Iterator[None]:
    local_cache.clear()
    with time_machine.travel("2026-03-01 12:00Z", tick=False):
        yield
    local_cache.clear()


def elsewhere[Made](work: Callable[[], Made]) -> Made:
    """Return the result of `work` in another thread with a connection of its own."""

    def alone() -> Made:
        try:
            return work()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as threads:
        return threads.submit(alone).result()


def cached(value: str, *, shows: tuple[int, ...] = ()) -> str:
    """Return what a response gets that would make this value."""
    with cache_for_response("an address", *shows) as cache:
        return cache.get_or_set("a part", lambda: value, shows=shows)


def wanted_at_once(make: Callable[[], str]) -> list[str]:
    """Return what eight threads get that ask for the same value at the same time."""
    together = Barrier(8)

    def want(_number: int) -> str:
        cache = LocalCache({SITE: 7})
        together.wait()
        try:
            return cache.get_or_set("page", make, shows=())
        except LookupError:
            return "an error"

    with ThreadPoolExecutor(8) as threads:
        return list(threads.map(want, range(8)))


def test_threads_share_values() -> None:
    assert cached("the first") == "the first"
    assert elsewhere(lambda: cached("the second")) == "the first"


@pytest.mark.parametrize("somewhere", [lambda work: work(), elsewhere], ids=["this thread", "another thread"])
def test_a_change_of_what_it_shows_by_any_thread_invalidates(somewhere: Callable[[Callable[[], object]], Any]) -> None:
    article = make_article()
    assert cached("as it was", shows=(article.pk,)) == "as it was"
    somewhere(lambda: Article.objects.filter(pk=article.pk).update(comment_count=5))
    assert cached("anew", shows=(article.pk,)) == "anew"
    somewhere(lambda: Section.objects.create(name="Harbour", slug="harbour"))
    assert cached("later", shows=(article.pk,)) == "later"


def test_a_change_elsewhere_does_not_invalidate() -> None:
    article, other = make_article(), make_article()
    cached("as it is", shows=(article.pk,))
    make_reader()
    Article.objects.filter(pk=other.pk).update(headline="Another headline")
    assert cached("anew", shows=(article.pk,)) == "as it is"
    assert cached("anew", shows=(article.pk, LISTS)) == "as it is"


def test_values_made_before_a_change_are_not_used_after_it() -> None:
    article = make_article()

    def make() -> str:
        elsewhere(lambda: Article.objects.filter(pk=article.pk).update(comment_count=9))
        return "read before or after that, who knows"

    with cache_for_response("an address", article.pk) as cache:
        cache.get_or_set("a part", make, shows=(article.pk,))
    assert cached("anew", shows=(article.pk,)) == "anew"


def test_what_is_loaded_while_a_value_is_made_counts_as_shown() -> None:
    article = make_article()

    def headline() -> str:
        return Article.objects.get(pk=article.pk).headline

    for _ in range(3):  # The first response only notes the article.
        with cache_for_response("an address") as cache:
            before = cache.get_or_set("a part", headline, shows=())
    Article.objects.filter(pk=article.pk).update(headline="Another headline")
    with cache_for_response("an address") as cache:
        assert cache.get_or_set("a part", headline, shows=()) == "Another headline" != before


def test_a_page_that_shows_more_than_before_is_cached_again() -> None:
    articles = [make_article()]
    made = []

    def page() -> str:
        made.append(len(articles))
        return " ".join(Article.objects.get(pk=article.pk).headline for article in articles)

    def view() -> str:
        with cache_for_response("an address") as cache:
            return cache.get_or_set("a page", page, shows=(LISTS,))

    for _ in range(3):
        view()
    articles.append(make_article())
    for _ in range(3):
        view()
    assert made == [1, 1, 2, 2]  # Each time, the first response only notes what it shows.


def test_a_part_depends_on_what_was_loaded_before_it_unless_it_says_otherwise() -> None:
    article = make_article()

    def parts(value: str) -> tuple[str, str]:
        with cache_for_response("an address") as cache:
            Article.objects.get(pk=article.pk)
            return cache.get_or_set("own", lambda: value), cache.get_or_set("of all pages", lambda: value, shows=())

    assert parts("first") == ("first", "first")  # Only the second is cached yet.
    assert parts("second") == ("second", "first")
    assert parts("third") == ("second", "first")
    Article.objects.filter(pk=article.pk).update(headline="Another headline")
    assert parts("fourth") == ("fourth", "first")


def test_a_value_expires_at_its_moment_and_so_does_what_contains_it() -> None:
    def part(value: str) -> str:
        def make() -> str:
            response_cache().expire_at(time() + 5)
            return value

        return response_cache().get_or_set("part", make)

    def whole(value: str) -> str:
        with cache_for_response("an address") as cache:
            return cache.get_or_set("whole", lambda: f"with {part(value)}")

    assert whole("first") == whole("second") == "with first"
    with time_machine.travel("2026-03-01 12:00:06Z", tick=False):
        assert whole("third") == "with third"


def test_inside_a_transaction_nothing_is_cached() -> None:
    with transaction.atomic():
        assert cached("as only this transaction sees it") == "as only this transaction sees it"
        assert cached("the same") == "the same"
        assert site_cache().get("a part") is None
    assert cached("anew") == "anew"


def test_without_a_version_of_the_site_nothing_is_cached() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM articles_pageversion")
    assert cached("first") == "first"
    assert cached("second") == "second"


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
    cache = LocalCache({SITE: 7})
    for key in ("first", "second", "third", "fourth"):
        cache.get_or_set(key, lambda key=key: key, size=100)  # type: ignore[misc]
    assert cache.get("first")
    cache.get_or_set("fifth", lambda: "5" * 100, size=len)
    assert cache.get("second") is None
    assert all(cache.get(key) for key in ("first", "third", "fourth", "fifth"))
    cache.get_or_set("a giant", lambda: "a giant", size=101)
    assert cache.get("a giant") is None


def test_addresses_that_are_visited_once_leave_a_bounded_number_of_notes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(local_cache, "MAX_NOTES", 3)
    article = make_article()
    for number in range(9):
        with cache_for_response(f"/?{number}") as cache:
            Article.objects.get(pk=article.pk)
            cache.get_or_set(f"/?{number}", lambda: "x" * 1000, size=len)
    assert len(local_cache._store.notes) == 3
    assert not local_cache._store.entries
