"""What was read is readable without a line; what is personal is not kept."""

from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Page, expect

from articles.reading.views import offline
from tests.browser.test_every_page import session_cookie
from tests.factories import make_article, make_reader

pytestmark = pytest.mark.django_db(transaction=True)

KEPT = """async () => {
  const names = await caches.keys();
  const kept = await Promise.all(names.map(async (name) => (await caches.open(name)).keys()));
  return kept.flat().map((request) => new URL(request.url).pathname).sort();
}"""


@pytest.fixture(autouse=True)
def offline_reading(settings: Any) -> None:
    settings.OFFLINE_READING = True


def open_with_worker(reader: Any, path: str) -> Page:
    """Open a page once the worker is there, which the first page only brings."""
    page: Page = reader.open("/")
    page.evaluate("async () => { await navigator.serviceWorker.ready }")
    page.wait_for_function("() => navigator.serviceWorker.controller")
    return reader.open(path)  # type: ignore[no-any-return]


def kept(page: Page) -> list[str]:
    paths: list[str] = page.evaluate(KEPT)
    return [path for path in paths if not path.startswith("/static/")]


def wait_until_kept(page: Page, path: str) -> None:
    page.wait_for_function(f"async () => Boolean(await caches.match('{path}', {{ ignoreVary: true }}))")


def test_a_page_that_was_read_opens_without_a_line(browsing: Any) -> None:
    article, unread = make_article("A boat leaves"), make_article("Never read")
    with browsing() as reader:
        reader.watch.expected_statuses = {503}
        page = open_with_worker(reader, article.get_absolute_url())
        wait_until_kept(page, article.get_absolute_url())
        page.context.set_offline(True)
        page.reload()
        expect(page.get_by_role("heading", level=1)).to_have_text("A boat leaves")
        expect(page.get_by_text("You’re offline. This page is as it was on")).to_be_visible()
        assert page.evaluate("getComputedStyle(document.body).fontFamily").startswith("Newsreader")
        reader.open(unread.get_absolute_url())
        expect(page.get_by_role("heading", level=1)).to_have_text("You’re offline")
        page.get_by_role("link", name="A boat leaves").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("A boat leaves")
        page.context.set_offline(False)
        page.reload()
        expect(page.get_by_text("You’re offline")).to_have_count(0)


def test_of_a_signed_in_reader_the_page_that_everybody_sees_is_kept(browsing: Any) -> None:
    article, mira = make_article("A boat leaves"), make_reader("Mirabelle")
    with browsing() as reader:
        page: Any = open_with_worker(reader, "/archive/")
        page.context.add_cookies([session_cookie(mira, reader.url)])
        for path in ("/settings/", "/inbox/", "/", article.get_absolute_url()):
            reader.open(path)
            expect(page.get_by_text("Mirabelle").first).to_be_visible()
        wait_until_kept(page, article.get_absolute_url())
        assert {"/settings/", "/inbox/"}.isdisjoint(kept(page))
        bodies = page.evaluate(
            """async () => {
              const cache = await caches.open((await caches.keys())[0]);
              const kept = await cache.matchAll(undefined, { ignoreVary: true });
              return (await Promise.all(kept.map((response) => response.text()))).join("");
            }"""
        )
        assert "A boat leaves" in bodies
        assert "Mirabelle" not in bodies and "csrfmiddlewaretoken" not in bodies


def test_one_setting_takes_the_worker_away(browsing: Any, settings: Any) -> None:
    with browsing() as reader:
        page = open_with_worker(reader, "/")
        assert "/offline/" in kept(page)
        settings.OFFLINE_READING = False
        page.evaluate("async () => { await (await navigator.serviceWorker.ready).update() }")
        page.wait_for_function("async () => !(await navigator.serviceWorker.getRegistrations()).length")
        page.wait_for_function("async () => !(await caches.keys()).length")
        reader.open("/archive/")
        assert not page.evaluate("navigator.serviceWorker.controller")


def test_the_worker_is_new_with_other_static_files(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    first = client.get("/service-worker.js")
    assert first.headers["Cache-Control"] == "no-cache"
    assert first.headers["Content-Type"].startswith("text/javascript")
    offline._script.cache_clear()
    monkeypatch.setattr(offline, "static", lambda name: f"/static/{name}?new")
    assert client.get("/service-worker.js").content != first.content
    offline._script.cache_clear()
