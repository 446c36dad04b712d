"""Pictures at the desk in a real browser: upload, drop and focal point, with and without JavaScript."""

import re
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import FilePayload, Page, Route, expect

from articles.models import Article, Picture
from articles.pictures.preparing import prepare
from articles.pictures.uploading import upload
from articles.publishing.companions import Companions, Placed
from articles.publishing.models import PicturePlacement
from tests.browser.panel import open_groups
from tests.browser.test_every_page import AXE, RUN_AXE, session_cookie
from tests.factories import make_article, make_owner, upload_picture
from tests.pictures.samples import encode, quarters

pytestmark = pytest.mark.django_db(transaction=True)

BOTH = pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without JavaScript"])
# A file dragged onto an element, or pasted into it.
TRANSFER = """([target, bytes, kind]) => {
  const data = new DataTransfer();
  data.items.add(new File([new Uint8Array(bytes)], "quay.jpg", { type: "image/jpeg" }));
  const options = { bubbles: true, cancelable: true };
  const event = kind === "paste"
    ? new ClipboardEvent("paste", { ...options, clipboardData: data })
    : new DragEvent("drop", { ...options, dataTransfer: data });
  document.querySelector(target).dispatchEvent(event);
}"""


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> None:
    settings.STORAGES = settings.STORAGES | {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path}}
    }


def picture_file(name: str = "quay.jpg", size: tuple[int, int] = (600, 400)) -> FilePayload:
    return {"name": name, "mimeType": "image/jpeg", "buffer": encode(quarters(*size))}


def open_desk(reader: Any, path: str) -> Page:
    reader.page.context.add_cookies([session_cookie(make_owner(), reader.url)])
    page: Page = reader.open(path)
    open_groups(page)
    return page


def hold_uploads(page: Page) -> list[Route]:
    """Hold what is uploaded from now on until a test lets it continue."""
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/desk/pictures/upload/", hold)
    return held


@BOTH
def test_pictures_are_uploaded_and_refused_one_by_one(browsing: Any, javascript: bool) -> None:
    with browsing(javascript=javascript) as reader:
        reader.watch.expected_statuses = {422}
        page = open_desk(reader, "/desk/pictures/upload/")
        letter: FilePayload = {"name": "letter.jpg", "mimeType": "image/jpeg", "buffer": b"Dear editor"}
        page.locator("#id_files").set_input_files([picture_file(), letter])
        if not javascript:
            page.get_by_role("button", name="Upload").click()
        expect(page.locator(".uploaded-picture")).to_have_count(1)
        expect(page.locator(".refused-picture")).to_contain_text("“letter.jpg” isn’t a picture")
        if javascript:
            expect(page.locator("#announcements")).to_contain_text("“letter.jpg” isn’t a picture")
            page.evaluate(AXE)
            assert page.evaluate(RUN_AXE) == []
        else:
            expect(page.locator("#uploaded")).to_be_focused()
        picture = Picture.objects.get()
        expect(page.locator(f"a[href='/admin/articles/picture/{picture.pk}/change/']")).to_be_visible()


@pytest.mark.parametrize("kind", ["drop", "paste"])
def test_a_file_on_the_text_becomes_a_row_of_the_pictures(browsing: Any, kind: str) -> None:
    article = make_article(body="First words.\n\nSecond words.\n\nThird words.", published=False)
    with browsing() as reader:
        page = open_desk(reader, f"/admin/articles/article/{article.pk}/change/")
        body = page.locator("#id_body")
        body.focus()
        for place, size in enumerate([(600, 400), (300, 200)]):
            body.evaluate("field => field.setSelectionRange(20, 20)")  # In the second paragraph.
            page.evaluate(TRANSFER, ["#id_body", list(picture_file(size=size)["buffer"]), kind])
            expect(page.locator(f"#id_placements-{place}-picture")).to_have_value(re.compile(r"^quay\.jpg #\d+$"))
            expect(page.locator(f"#placements-{place} .thumbnail img")).to_be_visible()
        expect(page.locator("#announcements")).to_have_text("“quay.jpg” was added to the pictures.")
        expect(page.locator("#id_placements-0-role")).to_have_value("lead")
        expect(page.locator("#id_placements-1-role")).to_have_value("body")
        expect(body).to_be_focused()
        page.get_by_role("button", name="Save draft").click()
        expect(page.locator(".messages")).to_contain_text("Saved.")
    lead, in_text = Article.objects.get(pk=article.pk).placements.order_by("pk")
    assert (lead.role, lead.after) == ("lead", None)
    assert in_text.after is not None and in_text.after.source == "Second words."


@BOTH
def test_the_order_of_a_gallery_is_changed_in_the_text_and_saved(browsing: Any, javascript: bool) -> None:
    pictures = [upload_picture(caption=caption) for caption in ("Dawn", "Noon", "Dusk")]
    placed = [Placed(picture=picture, role=PicturePlacement.Role.GALLERY, after=0) for picture in pictures]
    article = make_article(body="One.\n\nTwo.", published=False, companions=Companions(pictures=placed))
    with browsing(javascript=javascript) as reader:
        page = open_desk(reader, f"/admin/articles/article/{article.pk}/change/")
        body = page.locator("#id_body")
        before = body.input_value()
        dawn, noon = "[picture 1: Dawn]", "[picture 2: Noon]"
        assert before == f"One.\n\n{dawn}\n\n{noon}\n\n[picture 3: Dusk]\n\nTwo."
        if javascript:
            page.locator(".card[data-card='picture:1'] .card-text").click()
            page.keyboard.press("Alt+ArrowDown")
            expect(page.locator("#announcements")).to_have_text("Picture 1, after picture 2")
        else:
            body.fill(before.replace(f"{dawn}\n\n{noon}", f"{noon}\n\n{dawn}"))
        page.get_by_role("button", name="Save draft").click()
        expect(page.locator(".messages")).to_contain_text("Saved.")
    after = Article.objects.get(pk=article.pk).placements.all()
    assert [each.picture.caption for each in after] == ["Noon", "Dawn", "Dusk"]
    assert {each.after.source for each in after if each.after} == {"One."}


def test_a_save_waits_for_the_pictures_that_are_on_their_way(browsing: Any) -> None:
    article = make_article(body="First words.", published=False)
    with browsing() as reader:
        page = open_desk(reader, f"/admin/articles/article/{article.pk}/change/")
        on_their_way = hold_uploads(page)
        with page.expect_request("**/desk/pictures/upload/"):
            page.evaluate(TRANSFER, ["#id_body", list(picture_file()["buffer"]), "drop"])
        page.get_by_role("button", name="Save draft").click()
        expect(page.locator(".bar-state")).to_contain_text("as soon as the pictures are uploaded")
        assert not article.placements.exists()
        on_their_way.pop().continue_()
        expect(page.locator(".messages")).to_contain_text("Saved.")
    assert article.placements.get().picture.file_name == "quay.jpg"


def test_a_save_is_not_sent_when_a_picture_that_it_waits_for_is_refused(browsing: Any) -> None:
    article = make_article(body="First words.", published=False)
    with browsing() as reader:
        reader.watch.expected_statuses = {422}
        page = open_desk(reader, f"/admin/articles/article/{article.pk}/change/")
        on_their_way = hold_uploads(page)
        with page.expect_request("**/desk/pictures/upload/"):
            page.evaluate(TRANSFER, ["#id_body", list(b"Dear editor"), "drop"])
        page.locator("#id_body").press_sequentially("More. ")
        page.get_by_role("button", name="Save draft").click()
        on_their_way.pop().continue_()
        expect(page.locator(".refused-picture")).to_be_focused()
        expect(page.locator(".refused-picture")).to_contain_text("“quay.jpg” isn’t a picture")
        expect(page.locator(".bar-state")).not_to_contain_text("as soon as")
        assert "More." in page.locator("#id_body").input_value()
    article.refresh_from_db()
    assert "More." not in article.body


def test_a_file_that_misses_the_text_leaves_the_form_open(browsing: Any) -> None:
    article = make_article(published=False)
    with browsing() as reader:
        page = open_desk(reader, f"/admin/articles/article/{article.pk}/change/")
        page.evaluate(TRANSFER, ["h1", list(picture_file()["buffer"]), "drop"])
        expect(page.locator("#id_body")).to_be_visible()
        assert not Picture.objects.exists()


@BOTH
@pytest.mark.parametrize("width", [360, 1280])
def test_pressing_the_picture_sets_its_focal_point(browsing: Any, javascript: bool, width: int) -> None:
    owner = make_owner("Photo editor")
    file = encode(quarters(600, 400))
    picture, _is_new = upload(BytesIO(file), "quay.jpg", by=owner)
    prepare.call(picture.pk)
    with browsing(javascript=javascript, viewport={"width": width, "height": 900}) as reader:
        page = open_desk(reader, f"/admin/articles/picture/{picture.pk}/change/")
        control = page.locator(".focal-picture :is(input, button):visible")
        expect(control).to_have_count(1)
        box = control.bounding_box()
        assert box is not None
        assert box["width"] / box["height"] == pytest.approx(1.5, rel=0.01)
        control.click(position={"x": box["width"] * 0.25, "y": box["height"] * 0.75})
        if javascript:
            expect(page.locator("#id_focal_x")).to_have_value("25")
            page.keyboard.press("Shift+ArrowRight")
            page.keyboard.press("ArrowUp")
            expect(page.locator("#announcements")).to_have_text("Focal point: 35% from the left, 74% from the top.")
            page.locator("#id_creator").press("Enter")  # Saves, as in any form.
        expect(page.locator(".messages")).to_be_visible()
    picture.refresh_from_db()
    assert (picture.focal_x, picture.focal_y) == ((35, 74) if javascript else (25, 75))
