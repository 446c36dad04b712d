"""Share, copy, save for later, continue where one stopped; and the key that leads to the search."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_every_page import session_cookie
from tests.factories import make_article, make_reader

pytestmark = pytest.mark.django_db(transaction=True)
LONG = "\n\n".join(f"Paragraph number {number}. " + "Boats left the harbour. " * 40 for number in range(30))


def stored_position(page: Page) -> str | None:
    return page.evaluate("localStorage.getItem('reading-positions')")  # type: ignore[no-any-return]


def test_the_link_is_copied_and_shared(browsing: Any) -> None:
    article = make_article("A boat leaves")
    with browsing() as reader:
        reader.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        reader.page.add_init_script("navigator.share = async (what) => { window.shared = what }")
        page = reader.open(article.get_absolute_url())
        page.get_by_role("button", name="Copy link").click()
        expect(page.get_by_role("button", name="Link copied")).to_be_visible()
        url = page.evaluate("document.querySelector('link[rel=canonical]').href")
        assert page.evaluate("navigator.clipboard.readText()") == url
        page.get_by_role("button", name="Share").click()
        assert page.evaluate("window.shared") == {"title": "A boat leaves", "url": url}


def test_without_a_script_there_are_no_dead_buttons(browsing: Any) -> None:
    article = make_article("A boat leaves")
    with browsing(javascript=False) as reader:
        page = reader.open(article.get_absolute_url())
        for name in ("Share", "Copy link", "Continue where you stopped"):
            expect(page.get_by_text(name, exact=True)).to_be_hidden()
        reader.page.context.add_cookies([session_cookie(make_reader(), reader.url)])
        reader.open(article.get_absolute_url())
        page.get_by_role("button", name="Save for later").click()
        expect(page.get_by_text("Saved for later.")).to_be_visible()
        page.get_by_role("link", name="Saved articles").click()
        page.get_by_role("button", name="Remove A boat leaves").click()
        expect(page.get_by_text("You haven’t saved any articles yet.")).to_be_visible()


def test_an_article_is_saved_in_place(browsing: Any) -> None:
    article = make_article("A boat leaves")
    with browsing() as reader:
        reader.page.context.add_cookies([session_cookie(make_reader(), reader.url)])
        page = reader.open(article.get_absolute_url())
        page.get_by_role("button", name="Save for later").press("Enter")
        expect(page.get_by_role("button", name="Remove from saved")).to_be_focused()
        expect(page.locator("#tools-status")).to_have_text("Saved for later.")
        page.get_by_role("button", name="Remove from saved").press("Enter")
        expect(page.get_by_role("button", name="Save for later")).to_be_focused()


def test_a_reader_continues_where_they_stopped(browsing: Any) -> None:
    article = make_article("A long way", LONG)
    with browsing() as reader:
        page = reader.open(article.get_absolute_url())
        offer = page.get_by_role("navigation", name="Continue reading")
        expect(offer).to_be_hidden()
        assert stored_position(page) is None
        page.evaluate("document.querySelectorAll('.story .text p')[15].scrollIntoView()")
        page.wait_for_function("() => localStorage.getItem('reading-positions')?.includes('\"p')")
        reader.open("/")
        reader.open(article.get_absolute_url())
        expect(offer).to_be_visible()
        assert page.evaluate("scrollY") == 0
        page.get_by_role("link", name="Continue where you stopped").click()
        expect(page.get_by_text("Paragraph number 15.")).to_be_in_viewport()
        expect(offer).to_be_hidden()
        # Once it was read to the end, nothing is offered and nothing kept.
        page.evaluate("document.querySelectorAll('.story .text p')[29].scrollIntoView()")
        page.wait_for_function("() => !localStorage.getItem('reading-positions')")
        reader.open("/")
        reader.open(article.get_absolute_url())
        expect(offer).to_be_hidden()


def test_the_offer_to_continue_can_be_dismissed(browsing: Any) -> None:
    article = make_article("A long way", LONG)
    with browsing() as reader:
        page = reader.open(article.get_absolute_url())
        page.evaluate("document.querySelectorAll('.story .text p')[15].scrollIntoView()")
        page.wait_for_function("() => localStorage.getItem('reading-positions')")
        reader.open("/")
        reader.open(article.get_absolute_url())
        page.get_by_role("button", name="Dismiss").press("Enter")
        expect(page.get_by_role("link", name="Continue where you stopped")).to_be_hidden()
        assert stored_position(page) is None


def test_a_key_leads_to_the_search_unless_it_is_turned_off(browsing: Any) -> None:
    make_article("A boat leaves")
    with browsing() as reader:
        page = reader.open("/")
        page.keyboard.press("/")
        page.wait_for_url("**/search/#q")
        field = page.get_by_role("searchbox")
        expect(field).to_be_focused()
        page.keyboard.type("a/b")
        expect(field).to_have_value("a/b")
        page.keyboard.press("Enter")
        page.wait_for_url("**/search/?q=a%2Fb*")
        expect(field).not_to_be_focused()
        page.keyboard.press("/")
        expect(field).to_be_focused()
        page.get_by_label("Use keyboard shortcuts on this device").uncheck()
        reader.open("/")
        page.keyboard.press("/")
        reader.open("/search/")
        expect(page.get_by_label("Use keyboard shortcuts on this device")).not_to_be_checked()
        page.keyboard.press("Tab")
        page.keyboard.press("/")
        expect(field).not_to_be_focused()
