"""The desk by keyboard: where the focus goes, what Enter and Space do, and what is said while somebody writes."""

from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from articles.publishing import autosave
from articles.publishing.models import Article, Source
from tests.browser.panel import open_groups, show_preview
from tests.browser.test_every_page import AXE, look_at, session_cookie
from tests.browser.test_quote_reply import SELECT
from tests.factories import make_article, make_owner

pytestmark = pytest.mark.django_db(transaction=True)

BODY = "The boat left at ten.\n\nNobody was on board.\n\nIt came back."
HEARD = "document.dispatchEvent(new Event('visibilitychange'))"  # As when a tab is looked at again; else in seconds.


def sit_down(browser: Any, path: str) -> Page:
    browser.page.context.add_cookies([session_cookie(make_owner("Ann"), browser.url)])
    page: Page = browser.open(path)
    open_groups(page)
    return page


@pytest.fixture
def article() -> Article:
    return make_article("A boat leaves", BODY, published=False)


def address(article: Article) -> str:
    return f"/admin/articles/article/{article.pk}/change/"


def test_the_sessions_end_is_said_and_signing_in_elsewhere_goes_on(browsing: Any, article: Article) -> None:
    with browsing() as editor:
        page = sit_down(editor, address(article))
        cookies = page.context.cookies()
        line = page.locator(".writing-state")
        page.locator("textarea[name=body]").fill("Words of an hour.")
        page.context.clear_cookies(name="sessionid")
        editor.watch.expected_statuses |= {401, 403, 404}
        page.evaluate(HEARD)
        expect(line).to_contain_text("You’ve been signed out, so autosave is off.")
        expect(page.get_by_label("Password")).to_have_count(0)
        # A sign-in, in another tab, changes what forms are trusted by.
        page.context.clear_cookies(name="csrftoken")
        page.context.add_cookies([cookie for cookie in cookies if cookie["name"] == "sessionid"])  # type: ignore[misc]
        other = page.context.new_page()
        other.goto(editor.url + "/admin/")
        other.close()
        page.evaluate(HEARD)
        expect(line).to_have_text("Changes autosaved.")
        page.get_by_role("button", name="Save draft").click()
        expect(page.locator(".messages")).to_be_focused()
    assert Article.objects.get().body == "Words of an hour."


def test_kept_words_are_read_first_and_enter_throws_nothing_away(browsing: Any) -> None:
    with browsing() as editor:
        owner = make_owner("Bo")
        autosave.save_autosave(owner, None, {"headline": ["Kept words"], "body": ["Of yesterday."]})
        editor.page.context.add_cookies([session_cookie(owner, editor.url)])
        page = editor.open("/admin/articles/article/add/")
        expect(page.get_by_role("region", name="Unsaved changes")).to_be_focused()
        editor.page.evaluate(AXE)
        assert list(look_at(page, "kept words")) == []
        page.locator("[name=headline]").fill("Something new")
        open_groups(page)
        page.get_by_label("Add topics").press("Enter")
        page.wait_for_url("**/change/")
        assert Article.objects.get().headline == "Something new"


def test_rows_come_and_go_by_keyboard_and_say_which_they_are(browsing: Any, article: Article) -> None:
    with browsing() as editor:
        page = sit_down(editor, address(article))
        group = page.locator("#pull_quotes-group")
        expect(group.get_by_role("button", name="Remove, Pull quote: #1")).to_be_visible()
        group.get_by_role("button", name="Add another").press("Space")
        expect(page.locator("[name=pull_quotes-1-text]")).to_be_focused()
        group.get_by_role("button", name="Remove, Pull quote: #2").press("Space")
        expect(group.get_by_role("button", name="Add another")).to_be_focused()
        expect(page.get_by_role("status").filter(has_text="Row removed.")).to_have_count(1)
        area = page.locator("textarea[name=body]")
        area.evaluate(SELECT, "It came back.")
        area.press("Alt+q")
        area.press("Alt+q")
        expect(page.get_by_role("status").filter(has_text="Already a pull quote.")).to_have_count(1)
        expect(page.locator("[name=pull_quotes-1-text]")).to_have_count(0)
        area.fill("Somebody [said so](https://paper.example/).")
        show_preview(page)
        shown = page.locator("#preview").get_by_role("link", name="said so")
        expect(shown).to_have_attribute("target", "_blank")
        expect(shown).to_have_attribute("tabindex", "-1")


def test_a_refusal_is_read_first_wherever_the_form_was_left(browsing: Any, article: Article) -> None:
    with browsing() as editor:
        page = sit_down(editor, address(article) + "#id_place")
        editor.watch.expected_statuses.add(422)
        page.locator("[name=headline]").fill("")
        page.locator("[name=related_links-0-label]").fill("Elsewhere")
        page.get_by_role("button", name="Save draft").click()
        expect(page.locator("[name=headline]")).to_be_focused()
        assert "#" not in page.url
        page.get_by_role("link", name="“Also on” link: #1 Headline when linked").press("Enter")
        expect(page.locator("[name=related_links-0-headline]")).to_be_focused()


@pytest.mark.parametrize(
    ("selected", "typed", "text"),
    [
        ("boat", "https://boats.example/", "The [boat](https://boats.example/) left at ten."),
        ("https://boats.example/", "the *boat*", "The [the *boat*](https://boats.example/) left at ten."),
        ("", "a boat", "[a boat](https://)"),
    ],
    ids=["words", "an address", "nothing"],
)
def test_a_link_keeps_the_selected_words_and_takes_the_typed_ones(
    browsing: Any, selected: str, typed: str, text: str
) -> None:
    """cases.md B4"""
    body = f"The {selected} left at ten." if selected else ""
    with browsing() as editor:
        page = sit_down(editor, address(make_article("A boat", body, published=False)))
        area = page.locator("textarea[name=body]")
        area.evaluate(SELECT, selected)
        page.keyboard.press("Control+k")
        page.keyboard.type(typed)
        expect(area).to_have_value(text)


LONG = "Why the ferry that nobody wanted to pay for now crosses the sound eleven times a day and is full every morning"


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("grows_by_itself", [True, False])
def test_a_long_headline_is_seen_whole_while_it_is_typed(browsing: Any, width: int, grows_by_itself: bool) -> None:
    """cases.md B7"""
    article = make_article(LONG, BODY, published=False)
    with browsing(viewport={"width": width, "height": 740}) as editor:
        if not grows_by_itself:  # As in Firefox and in WebKit before 26.
            editor.page.add_init_script("CSS.supports = () => false")
            editor.page.route("**/css/desk-*.css", without_field_sizing)
        page = sit_down(editor, address(article))
        field = page.locator("[name=headline]")
        assert field.evaluate(HIDDEN_PIXELS) <= 0
        field.press("End")
        page.keyboard.type(", as we had said all along, and as the council has now found out by counting")
        assert field.evaluate(HIDDEN_PIXELS) <= 0
        field.fill("Short")
        assert field.evaluate("field => field.clientHeight") < 90


HIDDEN_PIXELS = "field => field.scrollHeight - field.clientHeight"


def without_field_sizing(route: Route) -> None:
    css = route.fetch().text().replace("field-sizing: content;", "")
    route.fulfill(body=css, content_type="text/css")


@pytest.mark.parametrize(("width", "height"), [(360, 600), (1280, 600), (1280, 900)])
def test_the_preview_fits_the_window(browsing: Any, width: int, height: int) -> None:
    """cases.md B8"""
    article = make_article("A boat leaves", "\n\n".join([BODY] * 30), published=False)
    with browsing(viewport={"width": width, "height": height}) as editor:
        page = sit_down(editor, address(article))
        show_preview(page)
        pane = page.locator(".preview-pane")
        expect(pane).to_contain_text("Nobody was on board.")
        assert pane.evaluate("pane => pane.scrollHeight > pane.clientHeight")
        pane.evaluate("pane => pane.scrollIntoView({ block: 'end' })")
        box = pane.bounding_box()
        assert box is not None
        assert box["y"] >= 0
        assert box["y"] + box["height"] < height + 1  # It may stand between two pixels.


def test_good_news_has_no_ring_around_it(browsing: Any, article: Article) -> None:
    """cases.md T9. The message is focused, so that it is read first; a red ring would look like an error."""
    with browsing() as editor:
        page = sit_down(editor, address(article))
        page.locator("textarea[name=body]").press("End")
        page.keyboard.type("More.")
        page.get_by_role("button", name="Save draft").press("Enter")
        messages = page.locator(".messages")
        expect(messages).to_be_focused()
        expect(messages).to_contain_text("Saved.")
        assert messages.evaluate("element => getComputedStyle(element).outlineStyle") == "none"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", ["/", "/admin/"])
def test_the_theme_button_says_what_pressing_it_does(browsing: Any, scheme: str, path: str) -> None:
    """cases.md T9"""
    other = {"light": "dark", "dark": "light"}[scheme]
    with browsing(color_scheme=scheme) as reader:
        page = sit_down(reader, path)
        button = page.locator("button.theme")
        expect(button).to_have_accessible_name(f"{other.title()} mode")
        assert button.get_attribute("aria-pressed") is None
        button.click()
        expect(button).to_have_text(f"{scheme.title()} mode")
        assert page.evaluate(PAGE_SCHEME) == other
        page.reload()
        expect(button).to_have_text(f"{scheme.title()} mode")
        button.click()
        expect(button).to_have_text(f"{other.title()} mode")
        assert page.evaluate(PAGE_SCHEME) == scheme


PAGE_SCHEME = "getComputedStyle(document.documentElement).colorScheme"


def test_a_late_suggestion_replaces_no_newer_one(browsing: Any, article: Article) -> None:
    Source.objects.bulk_create(Source(name=name) for name in ("Harbour Post", "Hill Times"))
    with browsing() as editor:
        page = sit_down(editor, address(article))
        held: list[Route] = []

        def hold(route: Route) -> None:
            held.append(route)

        page.route("**/autocomplete/**term=Ha", hold)
        field = page.locator("#id_source")
        offered = page.locator("#id_source + datalist option")
        with page.expect_request("**/autocomplete/**term=Ha"):
            field.fill("Ha")
        field.fill("Hi")
        expect(offered).to_have_text(["Hill Times"])
        with page.expect_response("**/autocomplete/**term=Ha"):
            held[0].continue_()
        page.evaluate("() => new Promise((done) => setTimeout(done))")
        expect(offered).to_have_text(["Hill Times"])
        page.route("**/autocomplete/**", lambda route: route.abort())
        editor.watch.troubles.clear()
        with page.expect_event("requestfailed"):
            field.fill("Hills")
        page.evaluate("() => new Promise((done) => setTimeout(done))")
        assert not [trouble for trouble in editor.watch.troubles if "script error" in trouble]
        editor.watch.troubles.clear()
