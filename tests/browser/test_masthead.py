"""The sections on a phone: behind a native fold, with and without a script, by keyboard and by touch."""

from typing import Any

import pytest
from playwright.sync_api import expect

from articles.publishing.models import Section
from tests.browser.test_every_page import session_cookie
from tests.desk.conftest import of_group
from tests.factories import make_article

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("javascript", [True, False])
def test_a_phone_opens_the_sections_from_the_front_page_and_from_an_article(browsing: Any, javascript: bool) -> None:
    for name in ("Harbour", "Hills"):
        section = Section.objects.create(name=name, slug=name.lower())
    article = make_article("The wall", section=section)
    with browsing(javascript=javascript, viewport={"width": 360, "height": 720}) as reader:
        for path in ("/", article.get_absolute_url()):
            page = reader.open(path)
            sections = page.get_by_role("navigation", name="Sections")
            expect(sections).to_be_hidden()
            page.locator(".masthead summary").focus()
            page.keyboard.press("Enter")
            expect(sections.get_by_role("link")).to_have_text(["Harbour", "Hills", "Topics"])
            page.keyboard.press("Tab")
            expect(sections.get_by_role("link", name="Harbour")).to_be_focused()
            page.locator(".masthead summary").click()
            expect(sections).to_be_hidden()
        page.locator(".masthead summary").click()
        sections.get_by_role("link", name="Hills").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Hills")
        page.set_viewport_size({"width": 1280, "height": 720})
        expect(sections).to_be_visible()
        expect(page.locator(".masthead summary")).to_be_hidden()


@pytest.mark.parametrize("javascript", [True, False])
def test_a_phone_opens_the_links_of_the_desk(browsing: Any, javascript: bool) -> None:
    with browsing(javascript=javascript, viewport={"width": 360, "height": 720}) as editor:
        editor.page.context.add_cookies([session_cookie(of_group("Editor"), editor.url)])
        page = editor.open("/admin/")
        links = page.get_by_role("navigation", name="Desk")
        expect(links).to_be_hidden()
        page.locator(".masthead .menu summary").focus()
        page.keyboard.press("Enter")
        links.get_by_role("link", name="Moderation").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Moderation")
        page.set_viewport_size({"width": 1280, "height": 720})
        expect(links.get_by_role("link", name="Moderation")).to_have_attribute("aria-current", "page")
        page.get_by_role("navigation", name="Account").get_by_role("link", name="Desk").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Desk")
