"""An editor imports files without a shell: ten by upload, with and without JavaScript, and an archive."""

from typing import Any

import pytest
from playwright.sync_api import FilePayload, Page, expect

from articles.models import Article, Guess
from tests.browser.test_every_page import AXE, RUN_AXE, session_cookie
from tests.desk.conftest import of_group
from tests.importing.articles_to_upload import QUOTE, packed, ten_files

pytestmark = pytest.mark.django_db(transaction=True)

BOTH = pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without JavaScript"])


def payload(name: str, content: bytes) -> FilePayload:
    return {"name": name, "mimeType": "text/plain", "buffer": content}


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


@BOTH
def test_ten_files_are_imported_by_upload(browsing: Any, javascript: bool) -> None:
    editor = of_group("Editor")
    with browsing(javascript=javascript) as browser:
        browser.page.context.add_cookies([session_cookie(editor, browser.url)])
        page: Page = browser.open("/admin/")
        page.get_by_role("link", name="Import", exact=True).click()
        page.get_by_label("Files").set_input_files([payload(*file) for file in ten_files().items()])
        press(page, "Upload and check")
        expect(page.get_by_text("This is a dry run of 10 files. Nothing has been imported yet.")).to_be_visible()
        assert not Article.objects.exists()

        def file(name: str) -> Any:
            return page.get_by_role("region", name=name)

        expect(file("empty.txt")).to_contain_text("Not imported: empty")
        expect(file("undated.md")).to_contain_text("Held for review: The file has no date.")
        file("benches.txt").get_by_role("group", name="We have waited").get_by_label("Reject").check()
        file("anchor.txt").get_by_label("Headline").fill("The anchor that came home")
        file("anchor.txt").get_by_label("Section").fill("Harbour")
        file("buoy.txt").get_by_label("Import this file").uncheck()
        file("undated.md").get_by_label("Date", exact=True).fill("2019-08-30")
        press(page, "Save and check again")
        expect(page.locator(".messagelist")).to_contain_text("Dry run updated.")
        expect(file("undated.md")).not_to_contain_text("Held")
        file("benches.txt").get_by_role("link", name="Preview").click()
        expect(page.locator(".story p", has_text=QUOTE).last).to_have_text(QUOTE)
        expect(page.locator(".story aside")).to_have_count(0)
        page.get_by_role("link", name="Back to the import").click()
        press(page, "Import and publish")

        expect(page.get_by_role("heading", name="Import results")).to_be_visible()
        expect(page.locator("#content")).to_contain_text("7 files imported.")
        expect(page.get_by_role("listitem").filter(has_text="buoy.txt")).to_contain_text("it wasn’t selected")
        if javascript:
            page.evaluate(AXE)
            assert page.evaluate(RUN_AXE) == []
        page.get_by_role("link", name="The benches are back").click()
        expect(page.get_by_role("heading", name="Import detections")).to_be_attached()
    public = Article.objects.public()
    assert public.count() == 7
    assert public.get(headline="The anchor that came home").section is not None
    assert str(public.get(headline="A day without a date").dated) == "2019-08-30"
    decided = Guess.objects.get(subject="pull quote", article__headline="The benches are back")
    assert (decided.accepted, decided.decided_by) == (False, editor)


@BOTH
def test_an_archive_is_imported_as_drafts(browsing: Any, javascript: bool) -> None:
    content = packed(ten_files() | {"../anchor.txt": b"x"})
    with browsing(javascript=javascript) as browser:
        browser.page.context.add_cookies([session_cookie(of_group("Editor"), browser.url)])
        page: Page = browser.open("/desk/import/")
        page.get_by_label("Files").set_input_files([payload("articles.zip", content)])
        press(page, "Upload and check")
        expect(page.get_by_role("region", name="../anchor.txt")).to_contain_text("its path leads out of the archive")
        press(page, "Import as drafts")
        expect(page.locator("#content")).to_contain_text("8 files imported.")
    assert Article.objects.filter(status="draft").count() == 8
