"""The article form: what is in view, the keys, the panel and the menu, on a desk and on a phone."""

from io import BytesIO
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from articles.models import Article, Author
from articles.publishing.companions import Companions, Quote
from tests.browser.panel import open_groups, press_in_menu, show_preview
from tests.browser.test_every_page import AXE, look_at, session_cookie
from tests.factories import make_article, make_owner

pytestmark = pytest.mark.django_db(transaction=True)

ADD = "/admin/articles/article/add/"
SCREEN = {"width": 1280, "height": 900}
TABLET = {"width": 768, "height": 1024}
PHONE = {"width": 360, "height": 740}


def open_form(browser: Any, path: str) -> Page:
    browser.page.context.add_cookies([session_cookie(make_owner("Edna"), browser.url)])
    page: Page = browser.open(path)
    return page


def change_path(article: Article) -> str:
    return f"/admin/articles/article/{article.pk}/change/"


def test_a_new_article_fits_one_screen_and_begins_at_its_headline(browsing: Any) -> None:
    with browsing(viewport=SCREEN) as editor:
        page = open_form(editor, ADD)
        expect(page.locator("#id_headline")).to_be_focused()
        assert page.evaluate("document.documentElement.scrollHeight") <= SCREEN["height"] + 4
        page.keyboard.press("Shift+Tab")
        expect(page.get_by_role("button", name="Publish now")).to_be_focused()


@pytest.mark.parametrize("viewport", [SCREEN, TABLET, PHONE], ids=["desk", "tablet", "phone"])
def test_the_next_step_stays_in_view(browsing: Any, viewport: Any) -> None:
    article = make_article(body="\n\n".join(["Nobody was on board."] * 80), published=False)
    with browsing(viewport=viewport) as editor:
        page = open_form(editor, change_path(article))
        page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
        expect(page.get_by_role("button", name="Publish now")).to_be_in_viewport(ratio=1)


def test_an_empty_form_says_what_goes_where(browsing: Any) -> None:
    with browsing(viewport=SCREEN) as editor:
        page = open_form(editor, ADD)
        for name in ("Headline", "Standfirst", "Body"):
            field = page.get_by_label(name, exact=True)
            assert field.get_attribute("placeholder")
            colours = field.evaluate(
                "field => [getComputedStyle(field, '::placeholder').color,"
                " getComputedStyle(document.querySelector('.galley-label')).color]"
            )
            assert colours[0] == colours[1], name


def test_an_article_is_written_and_published_by_keys(browsing: Any) -> None:
    edna = make_owner("Edna")
    Author.objects.create(name="Edna Marsh", slug="edna-marsh", user=edna)
    with browsing(viewport=SCREEN) as editor:
        editor.page.context.add_cookies([session_cookie(edna, editor.url)])
        page = editor.open(ADD)
        page.keyboard.type("A boat leaves")
        page.keyboard.press("Tab")
        page.keyboard.type("It came back.")
        page.locator("#id_body").focus()
        page.keyboard.type("Nobody was on board.")
        page.keyboard.press("Control+s")
        expect(page.locator(".messages")).to_contain_text("Saved.")
        expect(page.locator(".byline-line")).to_contain_text("By Edna Marsh")
        page.locator("#id_body").focus()
        page.keyboard.press("Control+e")
        expect(page.locator("#preview")).to_contain_text("Nobody was on board.")
        expect(page.locator("#panel")).to_be_hidden()
        page.keyboard.press("Control+e")
        page.keyboard.press("F9")
        assert page.evaluate("document.getElementById('panel').contains(document.activeElement)")
        page.keyboard.press("F9")
        expect(page.locator("#id_body")).to_be_focused()
        page.keyboard.press("Control+Enter")
        expect(page.locator(".messages")).to_contain_text("The article is published.")


def test_a_key_leads_to_each_problem_even_in_a_closed_group(browsing: Any) -> None:
    article = make_article(published=False)
    with browsing(viewport=SCREEN) as editor:
        page = open_form(editor, change_path(article))
        expect(page.get_by_role("link", name="1 to check")).to_be_visible()
        page.keyboard.press("F8")
        expect(page.locator("#id_bylines-0-author")).to_be_focused()


# The letters above each underline.
MARKS = """() => [...document.querySelectorAll(".mirror .problem-mark")].map((mark) => {
  const range = document.createRange();
  const line = mark.parentElement.firstChild;
  const box = mark.getBoundingClientRect();
  const isUnder = (at) => {
    range.setStart(line, at);
    range.setEnd(line, at + 1);
    const { left, right, top, bottom } = range.getBoundingClientRect();
    return left >= box.left - 0.5 && right <= box.right + 0.5 && top >= box.top - 0.5 && bottom <= box.bottom + 0.5;
  };
  return [...line.data].filter((_, at) => isUnder(at)).join("");
})"""


@pytest.mark.parametrize("width", [360, 1280])
def test_words_that_a_problem_is_about_are_underlined_and_selected_by_a_key(browsing: Any, width: int) -> None:
    body = "Nobody was on board.\n\nIt left at ten on Tuesday, 23 November 2026, and came back the same night."
    article = make_article(body=body, published=False)
    with browsing(viewport={"width": width, "height": 740}) as editor:
        page = open_form(editor, change_path(article))
        marks = page.locator(".mirror .problem-mark")
        expect(marks.first).to_be_visible()
        assert "".join(page.evaluate(MARKS)).replace(" ", "") == "Tuesday,23November2026"
        field = page.locator("#id_body")
        page.keyboard.press("F8")
        expect(field).to_be_focused()
        selected = "(field) => field.value.slice(field.selectionStart, field.selectionEnd)"
        assert field.evaluate(selected) == "Tuesday, 23 November 2026"
        expect(marks.first).to_be_in_viewport()
        problem = "Check the date “Tuesday, 23 November 2026”. That day is a Monday."
        expect(page.locator("#announcements")).to_have_text(problem)
        page.keyboard.press("ArrowLeft")
        page.keyboard.type("on a ")  # Above the words, they move with their line.
        expect(marks).to_have_count(0)
        expect(marks.first).to_be_visible()
        assert "".join(page.evaluate(MARKS)).replace(" ", "") == "Tuesday,23November2026"
        field.fill("Nobody was on board.")
        expect(marks).to_have_count(0)


def test_the_menu_closes_by_escape_and_by_a_press_elsewhere(browsing: Any) -> None:
    with browsing(viewport=SCREEN) as editor:
        page = open_form(editor, change_path(make_article(published=False)))
        menu, more = page.locator(".menu-items"), page.locator(".bar-steps .menu > summary")
        more.press("Enter")
        expect(menu).to_be_visible()
        page.keyboard.press("Escape")
        expect(menu).to_be_hidden()
        expect(more).to_be_focused()
        more.click()
        page.locator("#id_body").click()
        expect(menu).to_be_hidden()


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_an_article_is_fixed_and_sent_on_from_a_phone(browsing: Any, javascript: bool) -> None:
    article = make_article(published=False)
    with browsing(viewport=PHONE, javascript=javascript) as editor:
        page = open_form(editor, change_path(article))
        page.locator("#id_headline").fill("A boat leaves")
        page.locator(".bar-steps .menu > summary").click()
        box = page.locator(".menu-items").bounding_box()
        assert box is not None and box["x"] >= 0 and box["x"] + box["width"] <= PHONE["width"]
        page.locator(".bar-steps .menu > summary").click()
        press_in_menu(page, "button[name=_review]")
        expect(page.locator(".messages")).to_contain_text("awaiting review")
    article.refresh_from_db()
    assert (article.headline, article.status) == ("A boat leaves", "review")


def test_the_chosen_view_is_seen_where_the_page_has_no_colours_of_its_own(browsing: Any) -> None:
    def ground(label: Locator) -> Any:
        """The colour left of the word. Styles don't tell what is drawn."""
        image = Image.open(BytesIO(label.screenshot()))
        return image.getpixel((6, image.height // 2))

    with browsing(viewport=SCREEN, forced_colors="active") as editor:
        page = open_form(editor, change_path(make_article(published=False)))
        write, preview = (page.locator(f"label[for=view-{view}]") for view in ("write", "beside"))
        chosen, other = ground(write), ground(preview)
        assert chosen != other
        preview.click()
        page.locator("#id_headline").focus()
        assert (ground(write), ground(preview)) == (other, chosen)


@pytest.mark.parametrize("preview", [False, True])
def test_the_whole_form_is_accessible(browsing: Any, preview: bool) -> None:
    article = make_article(body="Nobody was on board.\n\nIt came back.")
    with browsing(viewport=SCREEN) as editor:
        editor.page.context.add_init_script(AXE)
        page = open_form(editor, change_path(article))
        open_groups(page)
        if preview:
            show_preview(page)
            expect(page.locator("#preview")).to_contain_text("Nobody was on board.")
        else:
            page.locator(".bar-steps .menu > summary").click()
        assert list(look_at(page, "the article form")) == []


def test_a_card_is_moved_taken_out_and_brought_back(browsing: Any) -> None:
    companions = Companions(quotes=[Quote(text="Nobody was on board", after=0)])
    article = make_article(body="Nobody was on board.\n\nIt came back.", published=False, companions=companions)
    with browsing(viewport=SCREEN) as editor:
        page = open_form(editor, change_path(article))
        card = page.locator(".mirror .card")
        expect(card).to_contain_text("Nobody was on board")
        body = page.locator("#id_body")
        line = "[pull quote 1: Nobody was on board]"
        body.evaluate("(field, at) => { field.focus(); field.setSelectionRange(at, at); }", 25)
        page.keyboard.press("Alt+ArrowDown")
        expect(body).to_have_value(f"Nobody was on board.\n\nIt came back.\n\n{line}")
        page.keyboard.press("Control+s")
        expect(page.locator(".messages")).to_contain_text("Saved.")
        expect(body).to_have_value(f"Nobody was on board.\n\nIt came back.\n\n{line}")
        open_groups(page)
        page.get_by_label("Delete").check()
        expect(card).to_have_count(0)
        page.get_by_label("Delete").uncheck()
        expect(card).to_have_count(1)
    after = article.pull_quotes.select_related("after").get().after
    assert after is not None and after.position == 1


def test_a_box_gets_its_line_beneath_the_paragraph_where_the_writer_was(browsing: Any) -> None:
    article = make_article(body="Nobody was on board.\n\nIt came back.", published=False)
    with browsing(viewport=SCREEN) as editor:
        page = open_form(editor, change_path(article))
        body = page.locator("#id_body")
        body.evaluate("(field) => { field.focus(); field.setSelectionRange(3, 3); }")
        page.get_by_role("button", name="Also on").click()
        expect(page.locator("#id_related_links-0-headline")).to_be_focused()
        page.keyboard.type("The harbour lights")
        page.keyboard.press("Tab")
        expect(body).to_have_value("Nobody was on board.\n\n[also on 1: The harbour lights]\n\nIt came back.")
        expect(page.locator(".mirror .card")).to_contain_text("The harbour lights")
