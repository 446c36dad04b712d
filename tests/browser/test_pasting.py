"""Pasting into the text of an article: what is formatted stays so, and what is plain stays plain."""

from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.test_desk_keyboard import BODY, address, sit_down
from tests.browser.test_every_page import AXE, RUN_AXE
from tests.factories import make_article
from tests.text.clipboard import WORD

pytestmark = pytest.mark.django_db(transaction=True)

# As a browser does it: scripts may take the event, else the plain text comes in.
PASTE = """([html, text]) => {
  const field = document.querySelector("textarea[name=body]");
  field.focus();
  const data = new DataTransfer();
  if (html) data.setData("text/html", html);
  data.setData("text/plain", text);
  const event = new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true });
  if (field.dispatchEvent(event)) document.execCommand("insertText", false, text);
}"""
COPY = """html => navigator.clipboard.write([new ClipboardItem({
  "text/html": new Blob([html], { type: "text/html" }),
  "text/plain": new Blob(["plain"], { type: "text/plain" }),
})])"""
UNDO = "document.execCommand('undo')"
LINES = "The boat left.\nNobody was on board.\nIt came back."


def paste(page: Page, *, html: str = "", text: str = "plain") -> None:
    page.evaluate(PASTE, [html, text])


def put_caret(page: Page, at: int) -> None:
    page.locator("textarea[name=body]").evaluate("(field, at) => field.setSelectionRange(at, at)", at)


def test_a_text_from_word_is_pasted_with_a_quotation(browsing: Any) -> None:
    article = make_article("A boat leaves", BODY, published=False)
    with browsing() as editor:
        page = sit_down(editor, address(article))
        field, status = page.locator("textarea[name=body]"), page.locator(".paste-status")
        put_caret(page, len("The boat left at ten."))
        paste(page, html=WORD, text="The ferry")
        expect(status).to_have_text("Pasted without: 1 picture, 1 comment, underlining.")
        value = field.input_value()
        assert value.startswith("The boat left at ten.\n\n## The ferry\n\nThe **council** voted on *Tuesday*[^1].")
        assert "\n\n> “For forty years,” she said, “it has left at ten past seven.”\n>\n> And it never" in value
        assert "\n\n> An indented paragraph is somebody else’s.\n\n" in value
        assert value.endswith("[^1]: By eleven votes to two.\n\nNobody was on board.\n\nIt came back.")
        page.evaluate(AXE)
        assert page.evaluate(RUN_AXE) == []
        page.evaluate(UNDO)
        expect(field).to_have_value(BODY)
        paste(page, html=WORD)
        expect(status).to_have_text("Pasted without: 1 picture, 1 comment, underlining.")
        page.get_by_role("button", name="Save draft").click()
        expect(page.locator(".messages")).to_be_visible()
    article.refresh_from_db()
    assert "<blockquote>\n<p>“For forty years,”" in "".join(block.html for block in article.blocks.all())


def test_the_writer_types_on_until_the_answer_comes(browsing: Any) -> None:
    article = make_article("A boat leaves", "One . Two.", published=False)
    held: list[Route] = []
    with browsing() as editor:
        page = sit_down(editor, address(article))
        field = page.locator("textarea[name=body]")

        def hold(route: Route) -> None:
            held.append(route)

        page.route("**/desk/paste/", hold)
        put_caret(page, 4)
        paste(page, html="<b>bold</b>")
        expect(field).to_have_attribute("aria-busy", "true")
        put_caret(page, 0)
        page.keyboard.type("First. ")
        held[0].continue_()
        expect(field).to_have_value("First. One **bold**. Two.")
        expect(field).not_to_have_attribute("aria-busy", "true")
        page.keyboard.type("Typed. ")
        expect(field).to_have_value("First. Typed. One **bold**. Two.")


def test_formatting_that_could_not_be_read_is_said_and_the_text_is_pasted_plain(browsing: Any) -> None:
    article = make_article("A boat leaves", "One.", published=False)
    with browsing() as editor:
        editor.watch.expected_statuses = {500}
        page = sit_down(editor, address(article))
        page.route("**/desk/paste/", lambda route: route.fulfill(status=500))
        put_caret(page, 4)
        paste(page, html="<b>bold</b>", text=" bold")
        expect(page.locator("textarea[name=body]")).to_have_value("One. bold")
        expect(page.locator(".paste-status")).to_have_text("Pasted as plain text, without its formatting.")


def test_plain_text_and_code_are_pasted_as_they_are(browsing: Any) -> None:
    article = make_article("A boat leaves", "", published=False)
    with browsing() as editor:
        page = sit_down(editor, address(article))
        field = page.locator("textarea[name=body]")
        page.route("**/desk/paste/", lambda route: route.abort())
        paste(page, text="*a* ")
        paste(page, html='<meta charset="utf-8"><span style="color:#000">*b* </span>', text="*b* ")
        field.press("Control+Shift+V")
        paste(page, html="<b>c</b>", text="c")
        expect(field).to_have_value("*a* *b* c")


def test_pasted_footnotes_are_numbered_after_those_of_the_text(browsing: Any) -> None:
    article = make_article("A boat leaves", "One[^3].\n\n[^3]: Note.", published=False)
    note = '<a href="#b" name="a">1</a> and <a href="#a" name="b">1</a> [^1]'
    with browsing() as editor:
        page = sit_down(editor, address(article))
        put_caret(page, 0)
        paste(page, html=f"<p>{note}</p>")
        expect(page.locator("textarea[name=body]")).to_have_value("[^4] and [^4] \\[^1\\]One[^3].\n\n[^3]: Note.")


def test_lines_that_are_sentences_become_paragraphs_when_the_writer_says_so(browsing: Any) -> None:
    article = make_article("A boat leaves", "Before.\n\n", published=False)
    with browsing() as editor:
        page = sit_down(editor, address(article))
        field, status = page.locator("textarea[name=body]"), page.locator(".paste-status")
        put_caret(page, len(field.input_value()))
        page.keyboard.press("Enter")
        start = field.input_value()
        paste(page, text=LINES)
        expect(status).to_contain_text("Make each line a paragraph?")
        expect(field).to_have_value(start + LINES)
        page.keyboard.press("Tab")
        expect(status.get_by_role("button", name="Make paragraphs")).to_be_focused()
        page.keyboard.press("Enter")
        expect(field).to_have_value(start + LINES.replace("\n", "\n\n"))
        expect(field).to_be_focused()
        expect(status).to_be_empty()
        page.evaluate(UNDO)
        expect(field).to_have_value(start + LINES)


@pytest.mark.parametrize("text", ["Roses are red,\nviolets blue.", "One line.", "One.\n\nTwo."])
def test_other_lines_bring_no_question(browsing: Any, text: str) -> None:
    article = make_article("A boat leaves", "", published=False)
    with browsing() as editor:
        page = sit_down(editor, address(article))
        paste(page, text=text)
        expect(page.locator("textarea[name=body]")).to_have_value(text)
        expect(page.locator(".paste-status")).to_be_empty()


def test_the_clipboard_itself_is_pasted_formatted_or_plain(browsing: Any) -> None:
    article = make_article("A boat leaves", "", published=False)
    with browsing() as editor:
        page = sit_down(editor, address(article))
        field = page.locator("textarea[name=body]")
        page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        page.evaluate(COPY, "<p>The <b>council</b> voted.</p><blockquote>Late.</blockquote>")
        field.press("Control+v")
        expect(field).to_have_value("The **council** voted.\n\n> Late.")
        page.evaluate(UNDO)
        expect(field).to_have_value("")
        field.press("Control+Shift+V")
        expect(field).to_have_value("plain")
