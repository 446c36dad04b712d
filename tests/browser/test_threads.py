"""Threads in a real browser: collapsed and opened, walked through by keys, linked to, with relative times."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from articles.models import Article, Comment
from tests.browser.test_every_page import session_cookie
from tests.browser.test_keyboard import MARK, press, told
from tests.browser.test_writing import accessible
from tests.factories import make_article, make_comment, make_reader

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("no_time_trap")]

FOCUSED = "() => document.activeElement.id"


@pytest.fixture
def article() -> Article:
    return make_article("A street of lamps", authors=["Ada Okafor"])


@pytest.fixture
def thread(article: Article) -> list[Comment]:
    """A comment, a reply, a reply to that, and a comment beside them."""
    root = make_comment(article, "The lamps are too bright.", author=make_reader("Ben"))
    reply = make_comment(parent=root, body="They hum, too.", author=make_reader("Cleo"))
    deeper = make_comment(parent=reply, body="Only in winter.", author=make_reader("Dora"))
    # Oldest first, they stand in this order.
    beside = make_comment(article, "I like them.", author=make_reader("Emil"))
    return [root, reply, deeper, beside]


def open_thread(reader: Any, article: Article) -> Page:
    page: Page = reader.open(f"{article.get_absolute_url()}?sort=oldest")
    return page


def fold_of(page: Page, comment: Comment) -> Locator:
    return page.locator(f"li:has(> #comment-{comment.pk}) > .fold > summary")


def body_of(page: Page, comment: Comment) -> Locator:
    return page.locator(f"#comment-{comment.pk} .comment-body")


@pytest.mark.parametrize("javascript", [True, False])
def test_a_branch_collapses_to_its_first_line_and_opens_again(
    browsing: Any, article: Article, thread: list[Comment], javascript: bool
) -> None:
    root, reply, deeper, beside = thread
    for width in (360, 1280):
        with browsing(javascript=javascript, viewport={"width": width, "height": 900}) as reader:
            page = open_thread(reader, article)
            fold = fold_of(page, root)
            press(page, fold)
            for comment in (root, reply, deeper):
                expect(body_of(page, comment)).not_to_be_visible()
            expect(page.locator(f"#comment-{root.pk} h3")).to_be_visible()  # Its links stay.
            expect(fold.get_by_text("2 replies")).to_be_visible()
            expect(page.locator(f"#comment-{reply.pk}")).not_to_be_visible()
            expect(body_of(page, beside)).to_be_visible()
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
            if javascript:
                accessible(page)
            page.keyboard.press("Enter")
            for comment in thread:
                expect(body_of(page, comment)).to_be_visible()


def test_the_control_of_a_fold_is_drawn_where_the_page_has_no_colours_of_its_own(
    browsing: Any, article: Article, thread: list[Comment]
) -> None:
    drawn = "summary => getComputedStyle(summary, '::before').backgroundImage.split('gradient').length - 1"
    with browsing(forced_colors="active") as reader:
        page = open_thread(reader, article)
        fold = fold_of(page, thread[0])
        assert fold.evaluate(drawn) == 1  # A minus.
        fold.press("Enter")
        assert fold.evaluate(drawn) == 2  # A plus.


@pytest.mark.parametrize("javascript", [True, False])
def test_a_link_into_a_collapsed_branch_opens_it(
    browsing: Any, article: Article, thread: list[Comment], javascript: bool
) -> None:
    root, _reply, deeper, _beside = thread
    with browsing(javascript=javascript) as reader:
        page = open_thread(reader, article)
        fold_of(page, root).press("Enter")
        expect(body_of(page, deeper)).not_to_be_visible()
        if javascript:  # The script hears of it a moment after the style sheet has hidden it.
            expect(page.locator("li > .thread[hidden]")).to_have_count(1)
        page = reader.open(f"{article.get_absolute_url()}?sort=oldest#comment-{deeper.pk}")
        expect(body_of(page, deeper)).to_be_visible()


def test_what_is_collapsed_can_be_found_and_opens(browsing: Any, article: Article, thread: list[Comment]) -> None:
    root, _reply, deeper, _beside = thread
    with browsing() as reader:
        page = open_thread(reader, article)
        fold_of(page, root).press("Enter")
        hidden = page.locator("li > .thread[hidden=until-found]")
        expect(hidden).to_have_count(1)
        assert hidden.evaluate("list => getComputedStyle(list).contentVisibility") == "hidden"
        # What the browser's own search does with what it has found.
        hidden.evaluate("list => list.dispatchEvent(new Event('beforematch', { bubbles: true }))")
        expect(body_of(page, deeper)).to_be_visible()
        expect(page.locator("[hidden=until-found]")).to_have_count(0)


def test_keys_lead_to_the_next_and_the_previous_comment_past_what_is_collapsed(
    browsing: Any, article: Article, thread: list[Comment]
) -> None:
    root, reply, deeper, beside = thread
    with browsing() as reader:
        page = open_thread(reader, article)
        page.locator("#talk-title").scroll_into_view_if_needed()
        stops = []
        for key in "jjjkj":
            page.keyboard.press(key)
            stops.append(page.evaluate(FOCUSED))
        assert stops == [f"comment-{comment.pk}" for comment in (root, reply, deeper, reply, deeper)]
        fold_of(page, root).press("Enter")
        page.locator(f"#comment-{root.pk} h3 a").focus()
        page.keyboard.press("j")
        assert page.evaluate(FOCUSED) == f"comment-{beside.pk}"
        page.keyboard.press("j")  # There is none.
        assert page.evaluate(FOCUSED) == f"comment-{beside.pk}"

        page.get_by_text("Keyboard shortcuts").click()
        page.get_by_label("Use J and K on this device").uncheck()
        page = open_thread(reader, article)
        page.keyboard.press("j")
        assert page.evaluate(FOCUSED) == ""


def test_keys_write_in_fields_and_ctrl_enter_posts(browsing: Any, article: Article, thread: list[Comment]) -> None:
    with browsing() as reader:
        reader.page.context.add_cookies([session_cookie(make_reader("Mira"), reader.url)])
        page = open_thread(reader, article)
        field = page.get_by_role("textbox", name="Your comment")
        field.focus()
        page.keyboard.type("Just a joke")
        expect(field).to_have_value("Just a joke")
        page.keyboard.press("Control+Enter")
        expect(page.locator(".comment-body", has_text="Just a joke")).to_have_count(1)
    assert Comment.objects.filter(body="Just a joke").exists()


def test_a_link_to_a_comment_is_copied_by_a_click(browsing: Any, article: Article, thread: list[Comment]) -> None:
    with browsing(permissions=["clipboard-read", "clipboard-write"]) as reader:
        page = open_thread(reader, article)
        page.evaluate(MARK)
        link = page.locator(f"#comment-{thread[1].pk} .comment-link")
        link.click()
        expect(link).to_contain_text("Link copied")
        told(page, "Link copied")
        assert page.evaluate("navigator.clipboard.readText()") == reader.url + thread[1].get_absolute_url()
    with browsing(javascript=False) as reader:
        page = open_thread(reader, article)
        page.locator(f"#comment-{thread[1].pk} .comment-link").click()
        expect(page).to_have_url(reader.url + thread[1].get_absolute_url())


def test_times_say_how_long_ago_and_keep_the_exact_one(browsing: Any, article: Article) -> None:
    now = timezone.now()
    ages = {
        "now": timedelta(seconds=10),
        "5 minutes ago": timedelta(minutes=5, seconds=20),
        "2 hours ago": timedelta(hours=2, minutes=20),
        "": timedelta(days=2),
    }
    comments = {words: make_comment(article, at=now - age) for words, age in ages.items()}
    exact = {words: f"{timezone.localtime(c.posted_at):%-d %B %Y, %H:%M}" for words, c in comments.items()}
    for javascript in (True, False):
        with browsing(javascript=javascript) as reader:
            page = open_thread(reader, article)
            for words, comment in comments.items():
                time = page.locator(f"#comment-{comment.pk} time")
                if javascript and words:
                    expect(time).to_have_text(f"{words}, {exact[words]}")
                    expect(time).to_have_attribute("title", exact[words])
                else:
                    expect(time).to_have_text(exact[words])


def test_the_comment_box_is_a_few_tab_stops_away(browsing: Any, article: Article, thread: list[Comment]) -> None:
    with browsing() as reader:
        reader.page.context.add_cookies([session_cookie(make_reader("Mira"), reader.url)])
        page = open_thread(reader, article)
        stops = 0
        for key in ("Tab", "Tab", "Enter", *["Tab"] * 20):
            page.keyboard.press(key)
            stops += key == "Tab"
            if stops == 2 and key == "Enter":
                assert page.url.endswith("#talk")
            if page.evaluate("document.activeElement.matches('.comment-form textarea')"):
                break
        assert stops <= 12
