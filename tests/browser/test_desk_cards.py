"""Cards over the lines of pictures, pull quotes and “Also on” boxes: the text works as any other field does."""

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import quote

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.browser.test_every_page import AXE, RUN_AXE
from tests.browser.webdriver import ENGINES, Missing

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.urls("tests.browser.cards_page")]

PICTURE, QUOTE, ALSO = "[picture 1: The bridge]", "[pull quote 1: It is the best]", "[also on 1: The harbour]"
TEXT = f"One.\n\n{PICTURE}\n\nTwo.\n\nThree."
HARD = (
    f"{'wordwithoutanend' * 5} https://a.example/{'path/' * 30}?q=1\n\tTabs\tand trailing blanks   \n\n{PICTURE}\n\n"
    "👩‍👩‍👧‍👦 🇳🇴🇩🇪 日本語の文章がここにあります。漢字と仮名。 한국어 문장입니다.\n\nمرحبا بالعالم، هذه جملة طويلة.\n\n"
    f"שלום עולם\n\n{QUOTE}\n\n{ALSO}\n\nsoft\u00adhyphen\u00adated zero\u200bwidth no\xa0break\u2028line\x0bfeed\n\n"
    "- a list\n- of two\n\n> and a quotation\n\n" + "The sea is cold and the winter long. " * 40 + "\n\n\n"
)
HEIGHTS = """() => {
    const field = document.querySelector("textarea");
    field.classList.add("collapsed");
    const height = field.scrollHeight;
    field.classList.remove("collapsed");
    return [height, document.querySelector(".mirror").getBoundingClientRect().height];
}"""
CARET = "() => { const { selectionStart, selectionEnd } = document.querySelector('textarea'); \
    return [selectionStart, selectionEnd]; }"
CHECKED = "() => new Promise(done => setTimeout(done, 800))"  # Later than the script's own check of the heights.

SELECT = "document.querySelector('textarea').setSelectionRange"
UP, DOWN, ALT, BACKSPACE = "\ue013", "\ue015", "\ue00a", "\ue003"

type Opened = Callable[..., Page]


@pytest.fixture
def opened(browsing: Any) -> Iterator[Opened]:
    contexts = []

    def open_page(body: str = TEXT, **options: Any) -> Page:
        context = browsing(**options)
        reader = context.__enter__()
        contexts.append(context)
        page: Page = reader.open(f"/?body={quote(body)}")
        expect(page.locator(".mirror, textarea:not(.text-cell.with-mirror textarea)").first).to_be_attached()
        page.evaluate("document.fonts.ready")
        return page

    yield open_page
    for context in contexts:
        context.__exit__(None, None, None)


def field(page: Page) -> Any:
    return page.locator("textarea")


def put_caret(page: Page, words: str, *, end: bool = True) -> None:
    at = field(page).input_value().index(words) + (len(words) if end else 0)
    field(page).evaluate("(field, at) => { field.focus(); field.setSelectionRange(at, at); }", at)


def caret(page: Page) -> tuple[str, str]:
    """The text of the caret's line, before and after it."""
    start, end = page.evaluate(CARET)
    assert start == end
    text = field(page).input_value()
    return text[:start].split("\n")[-1], text[start:].split("\n")[0]


def framed(page: Page, key: str) -> None:
    expect(page.locator(".card.current")).to_have_attribute("data-card", key)


def frame(page: Page, key: str = "picture:1") -> None:
    page.locator(f".card[data-card='{key}'] .card-text").click()
    framed(page, key)


def told(page: Page, sentence: str) -> None:
    expect(page.locator("#announcements")).to_have_text(sentence)


def text_is(page: Page, text: str) -> None:
    expect(field(page)).to_have_value(text)
    lines = page.locator(".mirror .line").evaluate_all("lines => lines.map(line => line.firstChild.data).join('\\n')")
    assert lines == text


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("size", ["normal", "double"])
def test_the_mirror_is_as_high_as_the_field(opened: Opened, width: int, size: str) -> None:
    page = opened(HARD, viewport={"width": width, "height": 900})
    if size == "double":
        page.evaluate("document.documentElement.style.fontSize = '200%'")
    page.evaluate(CHECKED)
    height, mirrored = page.evaluate(HEIGHTS)
    assert abs(height - mirrored) < 1
    expect(page.locator(".card:visible")).to_have_count(3)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.evaluate(AXE)
    assert page.evaluate(RUN_AXE) == []
    field(page).press("Control+Home")
    page.keyboard.type("Some words more. " * 9)
    page.evaluate(CHECKED)
    height, mirrored = page.evaluate(HEIGHTS)
    assert abs(height - mirrored) < 1


def test_cards_in_a_row_do_not_overlap(opened: Opened) -> None:
    page = opened(f"{PICTURE}\n\n{QUOTE}\n{ALSO}")
    boxes = [box for card in page.locator(".card").all() if (box := card.bounding_box())]
    assert len(boxes) == 3
    for above, below in ((boxes[0], boxes[1]), (boxes[1], boxes[2])):
        assert above["y"] + above["height"] <= below["y"]


def test_words_are_found_once_by_the_browsers_search(opened: Opened) -> None:
    page = opened("Lanterns.\n\nTwo.")
    assert page.evaluate("window.find('Lanterns', true, false, true)") is True
    page.evaluate("document.activeElement.blur(); getSelection().removeAllRanges()")
    hidden = page.locator(".mirror .line").evaluate_all("lines => lines.map(line => getComputedStyle(line).visibility)")
    assert hidden == ["hidden"] * 3


@pytest.mark.parametrize("declaration", ["padding-inline-end: 3rem", "letter-spacing: .02em", "font-size: 21px"])
def test_cards_are_hidden_where_the_mirror_does_not_agree_and_come_back(opened: Opened, declaration: str) -> None:
    page = opened(HARD)
    page.evaluate(CHECKED)
    expect(page.locator(".card:visible")).to_have_count(3)
    name, value = declaration.split(": ")
    field(page).evaluate("(field, [name, value]) => field.style.setProperty(name, value, 'important')", [name, value])
    put_caret(page, "quotation")
    page.keyboard.type("s")
    expect(page.locator(".text-cell")).to_have_class("text-cell with-mirror without-cards")
    expect(page.locator(".card:visible")).to_have_count(0)
    # The plain lines are seen whole, and are typed in as any others.
    assert field(page).evaluate("field => field.scrollHeight <= field.clientHeight + 1")
    put_caret(page, "The bridge")
    page.keyboard.type(" swings")
    assert "[picture 1: The bridge swings]" in field(page).input_value()
    field(page).evaluate("(field, name) => field.style.removeProperty(name)", name)
    page.keyboard.type(" well")
    expect(page.locator(".card:visible")).to_have_count(3)


def test_the_plain_lines_are_there_without_scripts(opened: Opened) -> None:
    page = opened(javascript=False)
    expect(field(page)).to_have_value(TEXT)
    expect(page.locator(".mirror")).to_have_count(0)


def test_a_card_and_the_blank_lines_beside_it_are_one_stop_for_the_caret(opened: Opened) -> None:
    page = opened()
    put_caret(page, "One.")
    page.keyboard.press("ArrowDown")
    framed(page, "picture:1")
    assert caret(page) == (PICTURE, "")
    page.keyboard.press("ArrowDown")
    assert caret(page) == ("", "Two.")
    expect(page.locator(".card.current")).to_have_count(0)
    page.keyboard.press("ArrowUp")
    framed(page, "picture:1")
    page.keyboard.press("ArrowLeft")
    assert caret(page) == ("One.", "")
    page.keyboard.press("Shift+ArrowDown")
    page.keyboard.press("Shift+ArrowDown")
    page.keyboard.press("Shift+ArrowDown")
    start, end = page.evaluate(CARET)
    assert (start, end > start) == (4, True)  # Selecting goes across.


def test_words_typed_at_a_card_begin_a_paragraph_beneath_it(opened: Opened) -> None:
    page = opened()
    frame(page)
    page.keyboard.type("New words.")
    text_is(page, f"One.\n\n{PICTURE}\n\nNew words.\n\nTwo.\n\nThree.")
    frame(page)
    page.keyboard.press("Enter")
    page.keyboard.type("First.")
    text_is(page, f"One.\n\n{PICTURE}\n\nFirst.\n\nNew words.\n\nTwo.\n\nThree.")


def test_a_line_is_cut_and_pasted_and_undone(opened: Opened) -> None:
    page = opened()
    page.evaluate(
        """() => { window.events = []; for (const name of ["removed", "placed"]) document.addEventListener(
            `placement:${name}`, ({ detail }) => window.events.push([name, detail.kind, detail.number])); }"""
    )
    frame(page)
    page.keyboard.press("Control+x")
    text_is(page, "One.\n\nTwo.\n\nThree.")
    expect(page.locator(".card")).to_have_count(0)
    told(page, "Picture 1 removed from the text.")
    put_caret(page, "Two")
    page.keyboard.press("Control+v")
    text_is(page, f"One.\n\nTwo.\n\n{PICTURE}\n\nThree.")
    framed(page, "picture:1")
    assert page.evaluate("window.events") == [["removed", "picture", 1], ["placed", "picture", 1]]
    page.keyboard.press("Control+z")
    page.keyboard.press("Control+z")
    text_is(page, TEXT)
    expect(page.locator(".card")).to_have_count(1)
    page.keyboard.press("Control+Shift+z")
    text_is(page, "One.\n\nTwo.\n\nThree.")


def test_a_selected_line_is_moved_as_any_other_words(opened: Opened) -> None:
    page = opened()
    start = TEXT.index(PICTURE)
    field(page).evaluate("(field, [a, b]) => { field.focus(); field.setSelectionRange(a, b); }", [start, start + 25])
    page.keyboard.press("Control+x")
    page.keyboard.press("Control+End")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    page.keyboard.press("Control+v")
    expect(page.locator(".card")).to_have_count(1)
    assert field(page).input_value().startswith("One.\n\nTwo.\n\nThree.\n\n[picture 1")


@pytest.mark.parametrize(
    ("words", "key"),
    [("Two.", "Backspace"), ("Two.", "Control+Backspace"), ("One.", "Delete"), ("One.", "Control+Delete")],
)
def test_a_deletion_at_a_card_frames_it_and_the_next_removes_it(opened: Opened, words: str, key: str) -> None:
    page = opened()
    put_caret(page, words, end=words == "One.")
    page.keyboard.press(key)
    text_is(page, TEXT)
    framed(page, "picture:1")
    page.keyboard.press(key)
    text_is(page, "One.\n\nTwo.\n\nThree.")
    told(page, "Picture 1 removed from the text.")
    assert caret(page) == (("One.", "") if "Backspace" in key else ("", "Two."))
    page.keyboard.press("Control+z")
    text_is(page, TEXT)
    expect(page.locator(".card:visible")).to_have_count(1)


def test_a_deletion_that_cannot_be_prevented_takes_the_whole_line(opened: Opened) -> None:
    page = opened()
    at = TEXT.index(PICTURE) + len(PICTURE)
    page.evaluate(
        "document.querySelector('textarea').addEventListener('beforeinput', e => {"
        " e.stopImmediatePropagation(); }, { capture: true })"
    )
    put_caret(page, PICTURE)
    assert page.evaluate(CARET) == [at, at]
    page.keyboard.press("Backspace")
    text_is(page, "One.\n\nTwo.\n\nThree.")
    page.keyboard.press("Control+z")
    page.keyboard.press("Control+z")
    text_is(page, TEXT)


def test_alt_and_arrows_move_a_line_by_a_paragraph_and_tell_where_it_is(opened: Opened) -> None:
    page = opened()
    frame(page)
    page.keyboard.press("Alt+ArrowDown")
    text_is(page, f"One.\n\nTwo.\n\n{PICTURE}\n\nThree.")
    told(page, "Picture 1, after paragraph 2")
    framed(page, "picture:1")
    page.keyboard.press("Alt+ArrowDown")
    page.keyboard.press("Alt+ArrowDown")
    text_is(page, f"One.\n\nTwo.\n\nThree.\n\n{PICTURE}")
    told(page, "Picture 1, after paragraph 3")
    for _ in range(4):
        page.keyboard.press("Alt+ArrowUp")
    text_is(page, f"{PICTURE}\n\nOne.\n\nTwo.\n\nThree.")
    told(page, "Picture 1, before the first paragraph")
    for _ in range(5):  # As often as it has moved.
        page.keyboard.press("Control+z")
    text_is(page, TEXT)


# Pictures after one paragraph are a gallery, in the order of their lines; on this page, other rows stand for them.
GALLERY = (PICTURE, QUOTE, ALSO)


def text_with(*lines: str) -> str:
    return "\n\n".join(["One.", *lines, "Two."])


def test_the_order_of_neighbours_is_changed_by_keyboard_and_told(opened: Opened) -> None:
    page = opened(text_with(*GALLERY))
    frame(page)
    page.keyboard.press("Alt+ArrowDown")
    text_is(page, text_with(QUOTE, PICTURE, ALSO))
    told(page, "Picture 1, after pull quote 1")
    page.keyboard.press("Alt+ArrowDown")
    text_is(page, text_with(QUOTE, ALSO, PICTURE))
    told(page, "Picture 1, after also on 1")
    page.keyboard.press("Alt+ArrowUp")
    page.keyboard.press("Alt+ArrowUp")
    text_is(page, text_with(*GALLERY))
    told(page, "Picture 1, after paragraph 1")
    framed(page, "picture:1")


def test_the_order_of_neighbours_is_changed_by_dragging(opened: Opened) -> None:
    page = opened(text_with(*GALLERY), viewport={"width": 800, "height": 900})
    grip = page.locator(".card[data-card='also-on:1'] .grip").bounding_box()
    first = page.locator(".card[data-card='picture:1']").bounding_box()
    assert grip and first
    page.mouse.move(grip["x"] + 10, grip["y"] + 10)
    page.mouse.down()
    page.mouse.move(grip["x"] + 10, first["y"] + 2, steps=4)
    expect(page.locator(".drop-mark")).to_be_visible()
    page.mouse.up()
    text_is(page, text_with(ALSO, PICTURE, QUOTE))
    told(page, "Also on 1, after paragraph 1")
    page.keyboard.press("Control+z")
    text_is(page, text_with(*GALLERY))


def test_alt_enter_goes_to_the_fields_of_a_row_and_escape_back_to_its_line(opened: Opened) -> None:
    page = opened()
    frame(page)
    page.keyboard.press("Alt+Enter")
    expect(page.locator("#alt")).to_be_focused()
    framed(page, "picture:1")
    page.keyboard.press("Escape")
    expect(field(page)).to_be_focused()
    assert caret(page) == (PICTURE, "")
    page.locator(".card [data-edit]").click()
    expect(page.locator("#alt")).to_be_focused()


def test_a_new_row_stands_beneath_the_paragraph_in_which_the_caret_is(opened: Opened) -> None:
    page = opened()
    put_caret(page, "Tw")
    add = """words => {
        const row = document.querySelector('[data-placement-kind=picture]').cloneNode(true);
        row.dataset.placementNumber = 2;
        document.querySelector('details').append(row);
        document.dispatchEvent(new CustomEvent('placement:added', { detail: { kind: 'picture', number: 2, words } }));
    }"""
    page.evaluate(add, "Lights")
    text_is(page, f"One.\n\n{PICTURE}\n\nTwo.\n\n[picture 2: Lights]\n\nThree.")
    framed(page, "picture:2")
    page.keyboard.press("Control+z")
    text_is(page, TEXT)


def test_the_form_moves_and_deletes_a_row_and_is_told_where_it_is(opened: Opened) -> None:
    page = opened()
    send = """([name, way]) => {
        document.querySelector('summary').focus();
        document.dispatchEvent(new CustomEvent(`placement:${name}`, { detail: { kind: 'picture', number: 1, way } }));
    }"""
    page.evaluate(
        """() => { window.paragraphs = []; document.addEventListener(
            "placement:placed", ({ detail }) => window.paragraphs.push(detail.paragraph)); }"""
    )
    page.evaluate(send, ["move", 1])
    text_is(page, f"One.\n\nTwo.\n\n{PICTURE}\n\nThree.")
    expect(page.locator("summary")).to_be_focused()
    put_caret(page, "One.")
    page.keyboard.type("\n\nMore.")
    assert page.evaluate("window.paragraphs") == [2, 3]
    page.evaluate(send, ["deleted", 0])
    text_is(page, "One.\n\nMore.\n\nTwo.\n\nThree.")


def test_dragging_by_the_grip_moves_a_line_and_scrolls_at_the_edge(opened: Opened) -> None:
    body = TEXT + "\n\n" + "\n\n".join(f"Paragraph {number}." for number in range(4, 60))
    page = opened(body, viewport={"width": 800, "height": 500})
    grip = page.locator(".card .grip").bounding_box()
    assert grip
    page.mouse.move(grip["x"] + 10, grip["y"] + 10)
    page.mouse.down()
    page.mouse.move(grip["x"] + 10, 495, steps=4)
    page.wait_for_function("() => scrollY > 400")
    expect(page.locator(".drop-mark")).to_be_visible()
    page.keyboard.press("Escape")
    page.mouse.up()
    text_is(page, body)
    page.evaluate("scrollTo(0, 0)")
    page.mouse.move(grip["x"] + 10, grip["y"] + 10)
    page.mouse.down()
    third = page.locator(".line", has_text="Three.").bounding_box()
    assert third
    page.mouse.move(grip["x"] + 10, third["y"] + third["height"] + 2, steps=4)
    page.mouse.up()
    assert field(page).input_value().startswith(f"One.\n\nTwo.\n\nThree.\n\n{PICTURE}\n\nParagraph 4.")
    told(page, "Picture 1, after paragraph 3")
    page.keyboard.press("Control+z")
    text_is(page, body)


def test_a_composition_at_a_card_begins_a_paragraph_beneath_it(opened: Opened) -> None:
    page = opened()
    frame(page)
    client = page.context.new_cdp_session(page)
    client.send("Input.imeSetComposition", {"text": "に", "selectionStart": 1, "selectionEnd": 1})
    client.send("Input.imeSetComposition", {"text": "日本", "selectionStart": 2, "selectionEnd": 2})
    client.send("Input.insertText", {"text": "日本"})
    text_is(page, f"One.\n\n{PICTURE}\n\n日本\n\nTwo.\n\nThree.")
    expect(page.locator(".card")).to_have_count(1)


def test_lines_in_code_and_second_lines_of_a_row_are_words(opened: Opened) -> None:
    page = opened(f"```\n{PICTURE}\n```\n\n[BILD 01 : a ] b]\n\n{PICTURE}\n\n\\{QUOTE}\n\n > {ALSO}\n\n[picture 9]")
    expect(page.locator(".card")).to_have_count(1)
    expect(page.locator(".with-card")).to_contain_text("[BILD 01")


def test_a_text_that_is_replaced_as_a_whole_is_shown_at_once(opened: Opened) -> None:
    page = opened()
    field(page).fill(f"{QUOTE}\n\nEnd.")
    text_is(page, f"{QUOTE}\n\nEnd.")
    expect(page.locator(".card")).to_have_attribute("data-card", "pull-quote:1")
    page.evaluate("document.querySelector('form').reset()")
    text_is(page, TEXT)


@pytest.mark.parametrize("engine", ENGINES)
def test_other_engines_move_remove_and_restore_a_line(live_server: LiveServer, engine: str) -> None:
    try:
        driven = ENGINES[engine](live_server.url)
        window = driven.__enter__()
    except Missing as missing:
        pytest.skip(str(missing))
    try:
        window.open(f"/?body={quote(HARD)}")
        window.wait_until("document.querySelectorAll('.card').length === 3")
        window.script("document.fonts.ready.then(() => 0)")
        height, mirrored = window.script(f"({HEIGHTS})()")
        assert abs(height - mirrored) < 1

        window.open(f"/?body={quote(TEXT)}")
        window.wait_until("document.querySelectorAll('.card').length === 1")
        at = len("One.")
        window.script(f"(document.querySelector('textarea').focus(), {SELECT}({at}, {at}))")
        window.type(DOWN)
        window.wait_until("document.querySelector('.card.current') !== null")
        window.type(DOWN, holding=ALT)
        assert window.value() == f"One.\n\nTwo.\n\n{PICTURE}\n\nThree."
        assert window.script("document.getElementById('announcements').textContent") == "Picture 1, after paragraph 2"
        window.type("Words.")
        assert window.value() == f"One.\n\nTwo.\n\n{PICTURE}\n\nWords.\n\nThree."
        window.type(UP + BACKSPACE)
        assert window.value() == "One.\n\nTwo.\n\nWords.\n\nThree."
        window.script("document.execCommand('undo')")  # WebKit's driver has no Ctrl+Z.
        assert window.value() == f"One.\n\nTwo.\n\n{PICTURE}\n\nWords.\n\nThree."
        assert window.script("document.querySelectorAll('.text-cell:not(.without-cards) .card').length") == 1
    finally:
        driven.__exit__(None, None, None)
