"""Responding to a passage in a real browser: by keyboard alone, in place or on a page, and through all edits."""

import re
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import Locator, Page, expect

from articles.discussion import comment_withdrawing
from articles.models import Article, Comment
from articles.publishing.companions import Companions, Quote
from tests.browser.test_every_page import session_cookie
from tests.browser.test_keyboard import press, told
from tests.browser.test_writing import BOTH, accessible, sit_down
from tests.discussion.test_passage_pages import respond
from tests.factories import make_article, make_comment, make_owner, make_reader

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("no_time_trap")]

VOTE = "The vote took eleven minutes. When the chair asked who would pay, every hand in the net loft went up."
FERRY = "For forty years the ferry has left the south quay at ten past seven with schoolchildren, bread and the post."
CLAUSE = "What happens next depends on a clause that no one has used since 1974."
HANDS = "every hand in the net loft went up"
BODY = f"{VOTE}\n\n{FERRY}\n\n{CLAUSE}"
# Selects words of the first paragraph as a hand or the keyboard would.
SELECT = """words => {
  const text = [...document.querySelectorAll(".story .text > p")][0].firstChild;
  const range = document.createRange();
  range.setStart(text, text.data.indexOf(words));
  range.setEnd(text, text.data.indexOf(words) + words.length);
  getSelection().removeAllRanges();
  getSelection().addRange(range);
}"""


@pytest.fixture
def article(settings: Any) -> Article:
    settings.ACCOUNT_RATE_LIMITS = {}
    return make_article("Who pays", BODY, companions=Companions(quotes=[Quote(text="Who would pay?", after=0)]))


def control(page: Page, number: int = 1) -> Locator:
    return page.locator(".story .text").get_by_role("link", name=re.compile(f"paragraph {number}$"))


@BOTH
def test_a_passage_is_responded_to_by_keyboard_alone(browsing: Any, article: Article, javascript: bool) -> None:
    with browsing(javascript=javascript) as reader:
        page, mira = sit_down(reader, article)
        press(page, control(page, 2))
        if javascript:
            title = page.get_by_role("heading", name="No responses yet")
            expect(title).to_be_focused()
            expect(control(page, 2)).to_have_attribute("aria-expanded", "true")
            expect(page.get_by_role("region", name="No responses yet")).to_be_visible()
            page.keyboard.press("Tab")
            expect(page.get_by_role("button", name="Close")).to_be_focused()
            page.keyboard.press("Tab")
        else:
            expect(page.locator("blockquote.passage")).to_have_text(FERRY)
        field = page.get_by_role("textbox", name="Your response")
        if not javascript:
            field.focus()
        expect(field).to_be_focused()
        page.keyboard.type("I took it for nine of them.")
        while page.evaluate("document.activeElement.textContent.trim()") != "Post response":
            page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        if javascript:
            told(page, "Response posted.")
            expect(page.locator(".response-panel :focus")).to_have_text("Response posted.")
            expect(page.locator(".response-panel .comment")).to_contain_text("I took it for nine of them.")
            expect(page.get_by_role("heading", name="1 response")).to_be_visible()
            accessible(page)
            page.keyboard.press("Escape")
            expect(page.locator(".response-panel")).to_have_count(0)
            expect(control(page, 2)).to_be_focused()
        else:
            expect(page.locator(".messages")).to_contain_text("Response posted.")
            page.get_by_role("link", name="Back to the passage in the article").click()
        expect(control(page, 2)).to_have_accessible_name("1 response to paragraph 2")
        expect(control(page, 2)).to_have_attribute("aria-label", re.compile("^1 response"))
        thread = page.locator("#thread .comment", has_text="I took it for nine of them.")
        expect(thread.locator(".passage-quote q")).to_have_text(FERRY)
    passage = Comment.objects.get(author=mira).passage
    assert (passage.exact, passage.state) == (FERRY, "exact")


@BOTH
def test_some_words_of_a_paragraph_are_responded_to(browsing: Any, article: Article, javascript: bool) -> None:
    with browsing(javascript=javascript) as reader:
        reader.watch.expected_statuses = {422}
        page, mira = sit_down(reader, article)
        if javascript:
            chosen = page.get_by_role("link", name="Respond to this passage")
            page.locator(".story .text > p").first.dblclick(position={"x": 10, "y": 12})
            expect(chosen).to_be_visible()
            page.keyboard.press("Tab")  # From the selected words on, the control is the next stop.
            expect(chosen).to_be_focused()
            page.evaluate(SELECT, "ery hand in the net loft went u")
            page.wait_for_timeout(400)
            page.keyboard.press("Enter")
            expect(page.locator(".response-panel .comment-form .passage-quote")).to_contain_text(HANDS)
            accessible(page)
            expect(control(page, 1)).to_have_attribute("aria-expanded", "true")
        else:
            press(page, control(page, 1))
            page.locator(".passage-part summary").press("Enter")
            page.get_by_label("Exact text to respond to").fill("every foot")
        page.get_by_role("textbox", name="Your response").fill("Mine too.")
        press(page, page.get_by_role("button", name="Post response"))
        if not javascript:
            words = page.get_by_label("Exact text to respond to")
            expect(words).to_have_value("every foot")
            expect(words).to_have_accessible_description(re.compile("isn’t in the passage"))
            expect(page.get_by_role("textbox", name="Your response")).to_have_value("Mine too.")
            words.fill("Every hand in the net loft went up")
            press(page, page.get_by_role("button", name="Post response"))
            page.get_by_role("link", name="Back to the passage in the article").click()
        expect(page.locator(".story .text mark")).to_have_text(HANDS)
    assert Comment.objects.get(author=mira).passage.exact == HANDS


def edit(browsing: Any, article: Article, body: str) -> None:
    """In the admin, as an editor does."""
    with browsing() as editor:
        owner = make_owner()
        editor.page.context.add_cookies([session_cookie(owner, editor.url)])
        page = editor.open(f"/admin/articles/article/{article.pk}/change/")
        page.locator("textarea[name=body]").fill(body)
        page.get_by_role("button", name=re.compile("^Save", re.I)).first.click()
        expect(page.locator(".messagelist, .messages").first).to_be_visible()


@BOTH
@pytest.mark.parametrize("state", ["untouched", "moved", "changed", "removed"])
def test_each_edit_of_the_article_in_the_admin_is_told_truly(
    browsing: Any, article: Article, state: str, javascript: bool
) -> None:
    respond(article, "I was there.", HANDS, place=article.blocks.get(position=0).anchor)
    number, body = {
        "untouched": (1, BODY.replace("forty", "thirty")),
        "moved": (3, f"{FERRY}\n\n{CLAUSE}\n\n{VOTE}"),
        "changed": (1, BODY.replace("every hand in the net loft went up", "every hand in the room went up")),
        "removed": (0, f"{FERRY}\n\n{CLAUSE}"),
    }[state]
    edit(browsing, article, body)
    with browsing(javascript=javascript) as reader:
        page, _ = sit_down(reader, article)
        card = page.locator("#thread .comment", has_text="I was there.")
        expect(card.locator(".passage-quote q")).to_have_text(HANDS)
        marks = page.locator(".story .text mark")
        note = card.locator(".passage-quote .note")
        if state in ("untouched", "moved"):
            expect(marks).to_have_text(HANDS)
        else:
            expect(marks).to_have_count(0)
        if state == "untouched":
            expect(note).to_have_count(0)
        else:
            says = {
                "moved": "moved within the article",
                "changed": "has changed since",
                "removed": "no longer in the article",
            }
            expect(note).to_contain_text(says[state])
        if state == "changed":
            press(page, card.locator("summary"))
            expect(card.locator(".passage-before del")).to_have_text("[removed: net loft]")
            expect(card.locator(".passage-before ins")).to_have_text("[added: room]")
        if state == "removed":
            expect(card.locator(".passage-quote a")).to_have_count(0)
            expect(page.locator(".story .text").get_by_role("link", name=re.compile("^1 response"))).to_have_count(0)
        else:
            expect(control(page, number)).to_have_accessible_name(f"1 response to paragraph {number}")
            card.locator(".passage-quote a").click()
            expect(page).to_have_url(re.compile(r"#p\d+$"))
            expect(page.locator(".story .text > p").nth(number - 1)).to_be_in_viewport()
        if javascript:
            accessible(page)


def test_the_panel_opens_beneath_on_a_phone_and_beside_on_a_wide_screen(browsing: Any, article: Article) -> None:
    respond(article, place=article.blocks.get(position=0).anchor)
    for width in (360, 1280):
        for scheme in ("light", "dark"):
            with browsing(viewport={"width": width, "height": 900}, color_scheme=scheme) as reader:
                page = reader.open(article.get_absolute_url())
                box = control(page, 1).bounding_box()
                assert box is not None
                assert min(box["width"], box["height"]) >= 24
                press(page, control(page, 1))
                panel = page.locator(".response-panel")
                expect(panel.get_by_role("link", name="Sign in to respond")).to_be_visible()
                accessible(page)
                beside, words = panel.bounding_box(), page.locator(".story .text > p").first.bounding_box()
                assert beside is not None
                assert words is not None
                if width == 360:
                    assert beside["y"] >= words["y"] + words["height"] - 10
                else:
                    assert beside["x"] > words["x"] + words["width"]
                    assert abs(beside["y"] - words["y"]) < 2
                assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
                page.get_by_role("button", name="Close").click()
                expect(panel).to_have_count(0)
                expect(control(page, 1)).to_be_focused()
                assert page.context.cookies() == []


def test_words_that_were_begun_are_there_again_when_the_panel_is_opened_again(browsing: Any, article: Article) -> None:
    with browsing() as reader:
        page, _ = sit_down(reader, article)
        press(page, control(page, 1))
        page.get_by_role("textbox", name="Your response").fill("Half a thought")
        page.keyboard.press("Escape")
        expect(control(page, 1)).to_be_focused()
        press(page, control(page, 3))
        expect(page.locator(".response-panel:visible")).to_have_count(1)
        press(page, control(page, 1))
        expect(page.get_by_role("textbox", name="Your response")).to_have_value("Half a thought")
        page.evaluate(SELECT, HANDS)  # Other words, the same thought.
        chosen = page.get_by_role("link", name="Respond to this passage")
        chosen.click()
        # Not what stood there before: the whole passage has these words too.
        expect(page.locator(".response-panel:visible .passage-quote:not(.whole-passage)")).to_contain_text(HANDS)
        expect(page.get_by_role("textbox", name="Your response")).to_have_value("Half a thought")
        page.reload()
        page.locator("#drafts").get_by_role("link", name=re.compile("^Continue writing")).click()
        expect(page).to_have_url(re.compile(r"/passages/p\d+/\?words=every"))
        expect(page.get_by_role("textbox", name="Your response")).to_have_value("Half a thought")
        expect(page.locator("blockquote.passage mark")).to_have_text(HANDS)


def test_the_session_ends_while_somebody_responds_and_the_words_stay(browsing: Any, article: Article) -> None:
    make_comment(article, author=make_reader("Mirabel"))
    with browsing() as reader:
        reader.watch.expected_statuses = {422}
        page, _ = sit_down(reader, article)
        expect(control(page, 2)).to_have_attribute("aria-expanded", "false")
        press(page, control(page, 2))
        field = page.get_by_role("textbox", name="Your response")
        field.press_sequentially("Ask @mir")
        expect(page.locator(".response-panel [role=option]").first).to_be_visible()
        field.press("Escape")  # Puts away the names, not the panel.
        expect(field).to_be_focused()
        field.fill("It was nine of them.")
        Session.objects.all().delete()
        press(page, page.get_by_role("button", name="Post response"))
        expect(page.locator(".response-panel .errors")).to_contain_text("You’ve been signed out")
        expect(field).to_have_value("It was nine of them.")
        expect(field).to_be_focused()
        expect(page.locator(".response-panel").get_by_role("link", name=re.compile("^Sign in"))).to_be_visible()
        accessible(page)


def test_from_a_response_beside_the_words_to_the_discussion_and_back(browsing: Any, article: Article) -> None:
    comment = respond(article, place=article.blocks.get(position=0).anchor)
    with browsing() as reader:
        page, _ = sit_down(reader, article)
        press(page, control(page, 1))
        press(page, page.locator(".response-panel").get_by_role("link", name=re.compile("^In the discussion")))
        expect(page.locator(f"#comment-{comment.pk}")).to_be_focused()
        page.locator(f"#comment-{comment.pk} .passage-quote a").click()
        expect(page.locator(".story .text > p").first).to_be_in_viewport()


def test_the_page_of_a_passage_is_accessible(browsing: Any, article: Article) -> None:
    comment = respond(article, place=article.blocks.get(position=0).anchor)
    assert comment.author is not None
    for width in (360, 1280):
        for scheme in ("light", "dark"):
            with browsing(viewport={"width": width, "height": 900}, color_scheme=scheme) as reader:
                page, _ = sit_down(reader, article, f"Mira{width}{scheme}")
                reader.open(f"/articles/{article.pk}/passages/{comment.passage.place}/?words=eleven+minutes")
                accessible(page)
                assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_paper_has_neither_controls_nor_washes(browsing: Any, article: Article) -> None:
    respond(article, place=article.blocks.get(position=0).anchor)
    with browsing() as reader:
        page = reader.open(article.get_absolute_url())
        page.emulate_media(media="print")
        assert page.locator(".respond-link:visible").count() == 0
        assert (
            page.locator(".text mark").evaluate("mark => getComputedStyle(mark).backgroundColor") == "rgba(0, 0, 0, 0)"
        )


def test_a_hidden_response_is_gone_from_an_open_panel_when_it_is_opened_again(browsing: Any, article: Article) -> None:
    author = make_reader("Ben")
    comment = respond(article, "Never mind.", place=article.blocks.get(position=0).anchor, author=author)
    with browsing() as reader:
        page, _ = sit_down(reader, article)
        press(page, control(page, 1))
        expect(page.locator(".response-panel .comment")).to_have_count(1)
        page.keyboard.press("Escape")
        comment_withdrawing.withdraw_comment(comment=comment, by=author)
        press(page, control(page, 1))
        expect(page.get_by_role("heading", name="No responses yet")).to_be_focused()
        expect(page.locator(".response-panel .comment")).to_have_count(0)
