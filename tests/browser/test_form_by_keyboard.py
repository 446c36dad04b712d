"""The article form by keyboard alone: each control is reached in order, named and seen, and an article is written."""

from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from articles.models import Article, PicturePlacement, Section
from articles.publishing.companions import Companions, Placed, Quote, Related
from tests.browser.test_every_page import session_cookie
from tests.factories import make_article, make_owner, upload_picture

pytestmark = pytest.mark.django_db(transaction=True)

SCREEN = {"width": 1280, "height": 900}
MOST_STOPS = 200
# What Tab should reach: a group of radio buttons is one stop.
CONTROLS = """() => {
  const kinds = ":is(a[href], button, input, select, textarea, summary, [tabindex])";
  const isStop = (each) => each.tabIndex >= 0 && !each.disabled && each.type !== "hidden"
    && (each.type !== "radio" || each.checked) && each.checkVisibility({ visibilityProperty: true });
  const stops = [...document.querySelectorAll(`#article_form ${kinds}`)].filter(isStop);
  stops.forEach((each, index) => { each.dataset.stop = index; });
  return stops.map((each) => each.outerHTML.slice(0, 90));
}"""
# Where the focus is: its number in that order, and whether it can be seen.
STOP = """() => {
  const at = document.activeElement;
  const box = at.getBoundingClientRect();
  const bar = document.querySelector(".writing-bar");
  const isCovered = !bar.contains(at) && box.bottom <= bar.getBoundingClientRect().bottom;
  const isSeen = at.matches(".sr-only") || (box.bottom > 0 && box.top < innerHeight && !isCovered);
  return { number: at.dataset.stop ?? "", isSeen, html: at.outerHTML.slice(0, 90) };
}"""


def focused_name(page: Page) -> str:
    """Return the name that assistive technology has for the element with the focus."""
    session = page.context.new_cdp_session(page)
    element = session.send("Runtime.evaluate", {"expression": "document.activeElement"})["result"]["objectId"]
    nodes = session.send("Accessibility.getPartialAXTree", {"objectId": element, "fetchRelatives": False})["nodes"]
    session.detach()
    return str(nodes[0].get("name", {}).get("value", "")).strip()


def open_form(browser: Any, path: str) -> Page:
    browser.page.context.add_cookies([session_cookie(make_owner("Edna"), browser.url)])
    page: Page = browser.open(path)
    return page


def test_each_control_is_reached_in_order_named_and_seen(browsing: Any) -> None:
    companions = Companions(
        pictures=[Placed(picture=upload_picture(alt=""), role=PicturePlacement.Role.BODY, after=0)],
        quotes=[Quote(text="Nobody was on board", after=0)],
        related=[Related(headline="The harbour lights", after=1)],
    )
    article = make_article(body="Nobody was on board.\n\nIt came back.", published=False, companions=companions)
    with browsing(viewport=SCREEN) as editor:
        page = open_form(editor, f"/admin/articles/article/{article.pk}/change/")
        for _ in range(len(page.locator("#panel > details:not([open]) > summary").all())):
            tab_to(page, page.locator("#panel > details:not([open]) > summary").first)
            page.keyboard.press("Enter")
        controls = page.evaluate(CONTROLS)
        tab_to(page, page.locator("[data-stop='0']"))
        for number, html in enumerate(controls):
            stop = page.evaluate(STOP)
            assert stop["number"] == str(number), f"{html} comes after {stop['html']}"
            assert stop["isSeen"], html
            assert focused_name(page), html
            page.keyboard.press("Tab")
            while page.evaluate(STOP)["number"] == str(number):  # Day, month and year of a date are stops of their own.
                page.keyboard.press("Tab")
        assert not page.evaluate(STOP)["number"], "the keyboard doesn't come out of the form"


def tab_to(page: Page, target: Locator) -> None:
    for _ in range(MOST_STOPS):
        if target.evaluate("(element) => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    pytest.fail(f"Tab doesn't reach {target}")


def open_group(page: Page, key: str) -> None:
    tab_to(page, page.locator(f"#{key} > summary"))
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")


def test_an_article_with_all_that_belongs_to_it_is_written_and_published(browsing: Any) -> None:
    Section.objects.create(name="Harbour", slug="harbour")
    linked = make_article("The harbour lights")
    with browsing(viewport=SCREEN) as editor:
        page = open_form(editor, "/admin/articles/article/add/")
        keys = page.keyboard
        keys.type("A boat leaves")  # The headline has the focus.
        keys.press("Tab")
        keys.type("It came back.")
        tab_to(page, page.locator("#id_body"))
        keys.type("Nobody was on board.")
        for _ in "on board.":
            keys.press("Shift+ArrowLeft")
        keys.press("Control+b")
        keys.press("Shift+Home")
        keys.press("Alt+q")
        expect(page.locator("#id_pull_quotes-0-text")).to_have_value("Nobody was")
        keys.press("F9")
        open_group(page, "placed")
        tab_to(page, page.locator("#id_related_links-0-target"))
        keys.type(f"The harbour lights #{linked.pk}")
        open_group(page, "section")
        keys.type("Harb")
        open_group(page, "place")
        tab_to(page, page.locator("#id_place"))
        keys.type("PORT ELLERY")
        open_group(page, "byline")
        tab_to(page, page.locator("#id_bylines-0-author"))
        keys.type("Ana Lima")
        keys.press("F9")
        expect(page.locator("#id_body")).to_be_focused()
        keys.press("Control+s")
        expect(page.locator(".messages")).to_contain_text("Saved.")
        keys.press("Control+Enter")
        expect(page.locator(".messages")).to_contain_text("The article is published.")
    article = Article.objects.exclude(pk=linked.pk).get()
    assert (article.headline, article.standfirst) == ("A boat leaves", "It came back.")
    assert article.body == "Nobody was **on board.**"
    assert (str(article.section), article.place) == ("Harbour", "PORT ELLERY")
    assert [author.name for author in article.authors.all()] == ["Ana Lima"]
    assert [quote.text for quote in article.pull_quotes.all()] == ["Nobody was"]
    assert [box.target for box in article.related_links.all()] == [linked]
