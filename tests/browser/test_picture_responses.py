"""Responding to a picture in a real browser, with scripts and without: the lead picture, in a gallery, in the text."""

import re
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from articles.models import Article, Comment
from articles.publishing.companions import Companions, Placed
from articles.publishing.models import PicturePlacement
from tests.browser.test_keyboard import press
from tests.browser.test_pictures import shown_picture
from tests.browser.test_writing import BOTH, accessible, sit_down
from tests.factories import make_article

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("no_time_trap", "media")]

Role = PicturePlacement.Role
ROLES = (Role.LEAD, Role.GALLERY, Role.GALLERY, Role.BODY, Role.SMALL)
FITS = "document.documentElement.scrollWidth <= innerWidth"


@pytest.fixture
def article(settings: Any) -> Article:
    settings.ACCOUNT_RATE_LIMITS = {}
    placed = [
        Placed(picture=shown_picture(caption=f"The bridge, seen for the {number}. time"), role=role, after=after)
        for number, (role, after) in enumerate(zip(ROLES, (None, 0, 0, 1, 2), strict=True), 1)
    ]
    body = "\n\n".join(f"Paragraph {number}: " + "the tide came in. " * 20 for number in range(1, 5))
    return make_article("The bridge", body, companions=Companions(pictures=placed))


def control(page: Page, number: int) -> Locator:
    return page.locator(".story").get_by_role("link", name=re.compile(f"picture {number}$"))


@BOTH
@pytest.mark.parametrize(("width", "number"), [(1366, 1), (1366, 2), (1366, 4), (360, 1), (360, 3)])
def test_a_picture_is_responded_to_by_keyboard_alone(
    browsing: Any, article: Article, width: int, number: int, javascript: bool
) -> None:
    caption = f"The bridge, seen for the {number}. time"
    with browsing(javascript=javascript, viewport={"width": width, "height": 900}) as reader:
        page, mira = sit_down(reader, article)
        press(page, control(page, number))
        field = page.get_by_role("textbox", name="Your response")
        if javascript:
            expect(page.get_by_role("region", name="No responses yet")).to_be_visible()
            assert page.evaluate(FITS)
        else:
            expect(page.locator(".passage figcaption")).to_contain_text(caption)
        field.fill("I have crossed it.")
        press(page, page.get_by_role("button", name="Post response"))
        if javascript:
            expect(page.locator(".response-panel .comment")).to_contain_text("I have crossed it.")
            accessible(page)
            page.keyboard.press("Escape")
            expect(control(page, number)).to_be_focused()
        else:
            expect(page.locator(".messages")).to_contain_text("Response posted.")
            page.get_by_role("link", name="Back to the picture in the article").click()
        expect(control(page, number)).to_have_accessible_name(f"1 response to picture {number}")
        quoted = page.locator("#thread .comment", has_text="I have crossed it.").locator(".passage-quote")
        expect(quoted).to_contain_text("On the picture:")
        expect(quoted.locator("q")).to_have_text(caption)
        quoted.get_by_role("link").click()
        assert page.evaluate("location.hash") == f"#picture-{Comment.objects.get(author=mira).passage.picture_id}"
        assert page.evaluate("document.querySelector(':target').matches('figure.picture')")


@pytest.mark.parametrize("width", [320, 768, 840, 1024, 1366])
def test_the_controls_of_pictures_are_large_enough_and_do_not_widen_the_page(
    browsing: Any, article: Article, width: int
) -> None:
    with browsing(viewport={"width": width, "height": 900}) as reader:
        page = reader.open(article.get_absolute_url())
        expect(page.locator(".picture .respond-link")).to_have_count(5)
        assert page.evaluate(FITS)
        for link in page.locator(".picture .respond-link").all():
            box = link.bounding_box()
            assert box
            assert min(box["width"], box["height"]) >= 24
            assert box["x"] >= 0
            assert box["x"] + box["width"] <= width
        if width >= 1024:  # In the margin of the paragraphs' controls.
            margin = page.locator(".text > p .respond-link").first.bounding_box()
            for place in (".lead-picture", ".body-picture"):
                beside = page.locator(f"{place} .respond-link").bounding_box()
                assert margin and beside
                assert abs(margin["x"] - beside["x"]) < 1


def test_selected_words_of_a_caption_leave_the_control_of_the_picture_alone(browsing: Any, article: Article) -> None:
    with browsing() as reader:
        page, _mira = sit_down(reader, article)
        page.locator(".body-picture figcaption span[lang]").dblclick()
        page.wait_for_timeout(400)
        expect(control(page, 4)).to_have_accessible_name("Respond to picture 4")
