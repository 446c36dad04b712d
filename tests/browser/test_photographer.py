"""A photographer’s file: dropped into a new article, cropped, published, seen, and gone with its licence."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import FilePayload, Page, expect

from articles.models import Article, Picture
from tests.browser.panel import open_groups
from tests.browser.test_desk_pictures import BOTH, TRANSFER
from tests.browser.test_every_page import session_cookie
from tests.factories import make_owner
from tests.pictures import files

pytestmark = pytest.mark.django_db(transaction=True)

CAPTION, CREDIT = "The swing bridge at half past three", "Jane Roe/Harbour Press"
IPTC = [files.UTF8_MARK, (2, 120, CAPTION.encode()), (2, 80, b"Jane Roe"), (2, 110, b"Harbour Press")]
ALT = "An iron bridge stands open over the river."
DESK, PHONE = {"width": 1280, "height": 900}, {"width": 360, "height": 740}


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> None:
    settings.STORAGES = settings.STORAGES | {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path}}
    }


def see(browsing: Any, article: Article, javascript: bool, *, is_there: bool) -> None:
    """Look at the front page and the article as a reader, on a desk and on a phone."""
    for viewport in (DESK, PHONE):
        with browsing(javascript=javascript, viewport=viewport) as reader:
            front = reader.open("/")
            expect(front.get_by_role("heading", name=article.headline)).to_be_visible()
            expect(front.locator("main img")).to_have_count(int(is_there))
            page = reader.open(article.get_absolute_url())
            figure = page.locator("figure")
            expect(figure).to_contain_text(CAPTION)
            expect(figure.locator(".credit")).to_have_text(f"Photograph: {CREDIT}")
            image = figure.get_by_role("img", name=ALT)
            expect(image).to_have_count(int(is_there))
            if is_there:
                expect(image).to_have_js_property("complete", True)
                box = image.bounding_box()
                assert box is not None and box["width"] / box["height"] == pytest.approx(1.5, rel=0.01)
            else:
                expect(figure).to_contain_text("This picture is no longer available.")


@BOTH
def test_a_photograph_is_dropped_cropped_published_seen_and_gone_with_its_licence(
    browsing: Any, javascript: bool
) -> None:
    file = files.picture_data(iptc=IPTC, size=(600, 900))
    with browsing(javascript=javascript, viewport=DESK) as desk:
        desk.page.context.add_cookies([session_cookie(make_owner("Edna"), desk.url)])
        if javascript:
            page: Page = desk.open("/admin/articles/article/add/")
            page.evaluate(TRANSFER, ["#id_body", list(file), "drop"])
            expect(page.locator("#placements-0 .thumbnail img")).to_be_attached()
        else:
            payload: FilePayload = {"name": "quay.jpg", "mimeType": "image/jpeg", "buffer": file}
            page = desk.open("/desk/pictures/upload/")
            page.locator("#id_files").set_input_files([payload])
            page.get_by_role("button", name="Upload").click()
            page = desk.open("/admin/articles/article/add/")
            open_groups(page)
            page.locator("#id_placements-0-picture").fill("quay.jpg")
            page.locator("#id_placements-0-role").select_option("lead")
        page.locator("#id_headline").fill("The bridge is stuck")
        page.locator("#id_body").fill("It has been open since noon.")
        page.get_by_role("button", name="Save draft").click()
        expect(page.locator(".messages")).to_contain_text("Saved.")
        open_groups(page)
        card = page.locator("#placements-0 .picture-card")
        expect(card).to_contain_text(CAPTION)
        expect(card).to_contain_text(CREDIT)
        expect(card).to_contain_text("From the file (IPTC). Check it.")
        page.locator("#id_placements-0-alt").fill(ALT)

        with page.context.expect_page() as opened:
            card.get_by_role("link", name="Edit quay.jpg (new tab)").click()
        picture = opened.value
        point = picture.locator(".focal-picture :is(input, button):visible")
        expect(point).to_have_count(1)
        box = point.bounding_box()
        assert box is not None
        point.click(position={"x": box["width"] * 0.5, "y": box["height"] * 0.9})
        if javascript:
            picture.get_by_role("button", name="Save", exact=True).click()
        expect(picture.locator(".messages")).to_be_visible()
        assert Picture.objects.get().focal_y == 90

        page.get_by_role("button", name="Publish now").click()
        expect(page.locator(".messages")).to_contain_text("The article is published.")
        article = Article.objects.get()
        see(browsing, article, javascript, is_there=True)

        picture.goto(f"{desk.url}/admin/articles/picture/{Picture.objects.get().pk}/change/")
        picture.locator("#id_licensed_until").fill(str(timezone.localdate() - timedelta(days=1)))
        picture.get_by_role("button", name="Save", exact=True).click()
        expect(picture.locator(".messages")).to_be_visible()
    see(browsing, article, javascript, is_there=False)
    assert re.fullmatch(r"[0-9a-f]{32}", Picture.objects.get().folder)  # Its files stay, for the day of a new licence.
