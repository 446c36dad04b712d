"""While one reader reads, another writes: nothing moves until the first one asks for it."""

import re
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from articles.discussion import moderating
from articles.discussion.models import Visit
from articles.discussion.threads import last_visits, live_updates
from articles.publishing.models import Article
from tests.factories import GROUNDS, PASSWORD, make_article, make_comment, make_owner, make_reader

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("no_time_trap")]

UNDER_THE_EYES = """() => [scrollY, ...[0.1, 0.3, 0.5, 0.7].map(
  (part) => document.elementFromPoint(300, innerHeight * part)?.textContent.slice(0, 60))]"""
LAYOUT_SHIFTS = """() => {
  window.shifts = 0;
  new PerformanceObserver((list) => list.getEntries().forEach((entry) => { window.shifts += entry.value; }))
    .observe({ type: "layout-shift", buffered: false });
}"""


@pytest.fixture
def article(monkeypatch: pytest.MonkeyPatch) -> Article:
    """A discussion of several screens, whose pages ask each second."""
    monkeypatch.setattr(live_updates, "POLL_SECONDS", 1)
    monkeypatch.setattr(live_updates, "MAX_POLL_SECONDS", 1)
    article = make_article()
    for number in range(20):
        make_comment(article, f"The {number}th word on this, and it is a long one. " * 4)
    return article


def sign_in(reader: Any, name: str) -> None:
    make_reader(name)
    page = reader.open("/accounts/login/")
    page.locator("input[name=login]").fill(name)
    page.locator("input[name=password]").fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name=re.compile("sign in", re.I)).first.click()
    page.wait_for_url(reader.url + "/")


def read_on(page: Page) -> None:
    """To the middle of the discussion."""
    page.locator("article.comment").nth(10).scroll_into_view_if_needed()
    page.mouse.wheel(0, 150)
    page.wait_for_timeout(300)
    page.evaluate(LAYOUT_SHIFTS)


@pytest.mark.parametrize("signed_in", [True, False], ids=["signed in", "not signed in"])
def test_a_comment_that_arrives_moves_nothing_until_it_is_asked_for(
    browsing: Any, article: Article, signed_in: bool
) -> None:
    with browsing() as reader, browsing() as writer:
        if signed_in:
            sign_in(reader, "Reader")
        sign_in(writer, "Writer")
        page = reader.open(article.get_absolute_url())
        read_on(page)
        before = page.evaluate(UNDER_THE_EYES)
        bar = page.locator("#new-comments-bar")
        expect(bar).to_be_hidden()

        writing = writer.open(article.get_absolute_url())
        writing.locator("textarea[name=body]").first.fill("Something new under the sun.")
        writing.get_by_role("button", name="Post comment").click()
        expect(writing.locator("article.comment", has_text="new under the sun")).to_be_visible()
        writing.wait_for_timeout(2500)
        expect(writing.locator("#new-comments-bar")).to_be_hidden()  # One's own words are no news.

        expect(bar.get_by_role("link", name="Show 1 new comment")).to_be_visible()
        expect(page.locator("#announcements")).to_have_text("Show 1 new comment")
        assert page.evaluate(UNDER_THE_EYES) == before
        assert page.evaluate("() => window.shifts") == 0
        assert page.locator("article.comment", has_text="new under the sun").count() == 0

        bar.get_by_role("link").click()
        comment = page.locator("article.comment", has_text="new under the sun")
        expect(comment).to_be_focused()
        expect(comment).to_be_in_viewport()
        expect(comment.locator(".unread-marker")).to_have_text("New")
        expect(page.locator("#talk-title")).to_have_text("21 comments")
        expect(page.locator("#announcements")).to_contain_text("New comments are shown above the others.")
        expect(comment.get_by_role("button", name=re.compile("Recommend"))).to_have_count(int(signed_in))

        bar.get_by_role("link", name="Back to where you were").click()
        after = page.evaluate(UNDER_THE_EYES)
        assert after[1:] == before[1:]
        expect(bar).to_be_hidden()
        if signed_in:
            comment.get_by_role("link", name=re.compile("^Reply")).click()  # htmx knows what was put in.
            expect(comment.locator("textarea")).to_be_focused()
        else:
            assert page.context.cookies() == []
            assert page.evaluate("() => localStorage.length + sessionStorage.length") == 0


def test_a_bar_goes_when_what_it_told_of_is_hidden_and_when_it_is_put_off(browsing: Any, article: Article) -> None:
    with browsing() as reader:
        page = reader.open(article.get_absolute_url())
        read_on(page)
        bar = page.locator("#new-comments-bar")
        comment = make_comment(article, "Words that do not stay.")
        expect(bar).to_be_visible()
        moderating.hide(comment=comment, by=make_owner(), grounds=GROUNDS, reason="rude")
        expect(bar).to_be_hidden()

        make_comment(article)
        expect(bar).to_be_visible()
        before = page.evaluate(UNDER_THE_EYES)
        bar.get_by_role("button", name="Not now").click()
        expect(bar).to_be_hidden()
        page.wait_for_timeout(2500)
        expect(bar).to_be_hidden()
        assert page.evaluate(UNDER_THE_EYES) == before
        make_comment(article)
        expect(bar.get_by_role("link", name="Show 2 new comments")).to_be_visible()


def test_nobody_asks_while_nobody_looks(browsing: Any, article: Article) -> None:
    with browsing() as reader:
        asked: list[str] = []
        page = reader.page
        page.on("request", lambda request: asked.append(request.url) if "/new-comments/" in request.url else None)
        Article.objects.filter(pk=article.pk).update(body_html="<p>Long.</p>" * 400)
        reader.open(article.get_absolute_url())
        page.wait_for_timeout(2500)
        assert asked == []  # The discussion is far away.
        page.locator("article.comment").nth(10).scroll_into_view_if_needed()
        page.wait_for_timeout(2500)
        assert asked
        page.evaluate(
            """() => {
              Object.defineProperty(document, "hidden", { value: true, configurable: true });
              document.dispatchEvent(new Event("visibilitychange"));
            }"""
        )
        page.wait_for_timeout(500)
        asked.clear()
        page.wait_for_timeout(2500)
        assert asked == []
        page.evaluate(
            """() => {
              Object.defineProperty(document, "hidden", { value: false, configurable: true });
              document.dispatchEvent(new Event("visibilitychange"));
            }"""
        )
        page.wait_for_timeout(500)
        assert asked


def test_the_marks_of_a_visit_can_be_walked_without_a_script(browsing: Any, article: Article) -> None:
    with browsing(javascript=False) as reader:
        sign_in(reader, "Reader")
        reader.open(article.get_absolute_url())
        last_visits.write()
        Visit.objects.update(began_at=Visit.objects.get().began_at - timedelta(hours=1))
        first, second = make_comment(article), make_comment(article)
        page = reader.open(article.get_absolute_url() + "?sort=oldest")
        page.get_by_role("link", name="2 new comments").click()
        expect(page.locator(f"#comment-{first.pk}")).to_be_in_viewport()
        page.keyboard.press("Tab")
        expect(page.get_by_role("link", name=f"Next new comment #{second.pk}")).to_be_focused()
        page.keyboard.press("Enter")
        expect(page).to_have_url(re.compile(f"#comment-{second.pk}$"))
