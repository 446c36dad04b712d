"""The paper by keyboard alone: where the focus goes after each swap, and what a screen reader is told of it."""

import re
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from articles.models import Article, Comment, User
from articles.topics import tagging
from tests.browser.conftest import PATIENCE
from tests.browser.test_every_page import session_cookie
from tests.factories import make_article, make_comment, make_owner, make_reader

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("no_time_trap")]

# Where the focus is, and what stands there.
FOCUS = """() => {
  const at = document.activeElement;
  const says = (at.ariaLabel ?? at.textContent).trim().replace(/\\s+/g, " ").slice(0, 120);
  return [at.tagName.toLowerCase(), at.id, at.name ?? "", says];
}"""
# Regions that were there before they had something to say: marked, and asked for later.
MARK = "() => document.querySelectorAll('[role=status]').forEach(region => { region.dataset.seen = 'before'; })"


def press(page: Page, target: Locator, key: str = "Enter") -> None:
    """Focus and a key: never the mouse."""
    target.focus()
    expect(target).to_be_focused()
    page.keyboard.press(key)


def focused(page: Page, words: str) -> None:
    """What was just put into the page has the focus, and it says this."""
    expect(page.locator(":focus").filter(has_text=words)).to_have_count(1, timeout=PATIENCE)


def told(page: Page, words: str | re.Pattern[str]) -> None:
    """A status region that stood there before says it."""
    expect(page.locator("[role=status][data-seen=before]").filter(has_text=words)).to_have_count(1, timeout=PATIENCE)


@pytest.fixture
def article(settings: Any) -> Article:
    settings.ACCOUNT_RATE_LIMITS = {}
    article = make_article("A street of lamps", authors=["Ada Okafor"])
    make_comment(article, "The lamps are too bright.", author=make_reader("Ben"))
    other = make_article("Another street")
    tagging.tag(other, "Street lighting", by=make_owner())
    return article


def signed_in(reader: Any, article: Article, name: str = "Mira") -> tuple[Page, User]:
    person = make_reader(name)
    reader.page.context.add_cookies([session_cookie(person, reader.url)])
    page = reader.open(article.get_absolute_url())
    page.evaluate(MARK)
    return page, person


def test_the_first_stop_skips_to_the_content_and_every_stop_is_seen_and_left(browsing: Any, article: Article) -> None:
    with browsing() as reader:
        page, _ = signed_in(reader, article)
        page.keyboard.press("Tab")
        expect(page.locator(".skip").first).to_be_focused()
        expect(page.locator(".skip").first).to_be_in_viewport()
        page.keyboard.press("Enter")
        expect(page.locator("#main")).to_be_focused()
        stops = []
        for _number in range(60):
            page.keyboard.press("Tab")
            place = page.evaluate(FOCUS)
            if place[0] == "body":  # Past the last stop, the browser's own.
                break
            stops.append(tuple(place))
            assert page.evaluate(
                """() => { const at = document.activeElement, box = at.getBoundingClientRect();
                const style = getComputedStyle(at);
                return box.width > 1 && box.height > 1 && (style.outlineStyle !== 'none' ||
                  getComputedStyle(at.parentElement).borderColor !== 'rgb(0, 0, 0)'); }"""
            ), f"not seen: {place}"
        assert len(stops) > 10
        assert place[0] == "body", "the keyboard does not come out of the page"
        names = [name for tag, _id, _name, name in stops if tag in ("a", "button") and name]
        assert len(names) == len(set(names)), sorted(name for name in names if names.count(name) > 1)


def test_an_account_is_made_by_keyboard_and_its_errors_are_tied(browsing: Any, article: Article) -> None:
    with browsing() as reader:
        reader.watch.expected_statuses = {422}
        page = reader.open(f"/accounts/signup/?next={article.get_absolute_url()}")
        page.get_by_label("Email").focus()
        page.keyboard.type("mira@paper.example")
        page.keyboard.press("Tab")
        page.keyboard.type("Ben")  # Taken.
        page.keyboard.press("Tab")
        while page.evaluate("document.activeElement.type") != "password":
            page.keyboard.press("Tab")
        page.keyboard.type("a lamp for every window")
        page.keyboard.press("Enter")
        name = page.get_by_label("Name", exact=True)
        expect(name).to_have_attribute("aria-invalid", "true")
        expect(name).to_be_focused()
        described = (name.get_attribute("aria-describedby") or "").split()
        assert described
        assert all(page.locator(f"[id='{each}']").count() == 1 for each in described)
        name.fill("Mira")
        page.get_by_label("Password", exact=True).fill("a lamp for every window")
        page.keyboard.press("Enter")
        expect(page).to_have_url(re.compile(re.escape(article.get_absolute_url())))


def test_a_comment_is_written_previewed_answered_changed_and_withdrawn(browsing: Any, article: Article) -> None:
    with browsing() as reader:
        reader.watch.expected_statuses = {422, 429}
        page, mira = signed_in(reader, article)
        field = page.locator("#write textarea")
        field.focus()
        page.keyboard.type("Bright *lamps* are good.")
        preview = page.locator("#write button[name=preview]")
        press(page, preview)
        expect(page.locator("#write .preview em")).to_have_text("lamps")
        told(page, re.compile("preview", re.I))
        expect(preview).to_be_focused()
        press(page, page.get_by_role("button", name="Post comment"))
        mine = page.locator("li", has=page.locator("article.comment", has_text="are good.")).last
        expect(mine).to_be_focused()
        told(page, "Comment posted.")

        # At once another one: refused for pace, the words stay, the field says why.
        page.locator("#write textarea").focus()
        page.keyboard.type("And another thing.")
        page.wait_for_timeout(50)
        press(page, page.get_by_role("button", name="Post comment"))
        expect(page.locator("#write .errors")).to_be_visible()
        refused = page.locator("#write textarea")
        expect(refused).to_be_focused()
        expect(refused).to_have_value("And another thing.")
        expect(refused).to_have_attribute("aria-describedby", re.compile("errors-"))

        # Escape and Cancel close what was opened, and the focus goes back to what opened it.
        theirs = page.locator("article.comment", has_text="too bright")
        report = theirs.get_by_role("link", name=re.compile("^Report"))
        press(page, report)
        expect(theirs.locator(".form-slot form")).to_be_visible()
        focused(page, "Report this comment")
        page.keyboard.press("Escape")
        expect(theirs.locator(".form-slot form")).to_have_count(0)
        expect(report).to_be_focused()

        answer = theirs.get_by_role("link", name=re.compile("^Reply"))
        press(page, answer)
        expect(theirs.locator(".form-slot textarea")).to_be_focused()
        page.keyboard.type("Draw the curtains.")
        page.keyboard.press("Escape")  # Typed words are not thrown away by one key.
        expect(theirs.locator(".form-slot textarea")).to_have_value("Draw the curtains.")
        Comment.objects.filter(author=mira).update(posted_at=timezone.now() - timedelta(minutes=1))
        press(page, theirs.locator(".form-slot button[type=submit]:not([name])"))
        told(page, "Reply posted.")
        focused(page, "Draw the curtains.")

        reply = page.locator("article.comment", has_text="Draw the curtains.")
        press(page, reply.get_by_role("link", name=re.compile("^Edit")))
        expect(reply.locator(".form-slot textarea")).to_be_focused()
        reply.locator(".form-slot textarea").fill("Draw both curtains.")
        press(page, reply.locator(".form-slot button[type=submit]:not([name])"))
        told(page, "Comment updated.")
        focused(page, "Draw both curtains.")

        reply = page.locator("article.comment", has_text="Draw both curtains.")
        press(page, reply.get_by_role("link", name=re.compile("^Withdraw")))
        focused(page, "Withdraw your comment?")
        press(page, reply.locator(".form-slot button"))
        told(page, "Comment withdrawn.")
        focused(page, "Withdrawn by its author.")


def test_recommending_and_reporting_keep_the_focus_and_are_told(browsing: Any, article: Article) -> None:
    with browsing() as reader:
        reader.watch.expected_statuses = {422}
        page, _ = signed_in(reader, article)
        theirs = page.locator("article.comment", has_text="too bright")
        press(page, theirs.locator("button.recommend"), "Space")
        told(page, "Recommendation added.")
        expect(theirs.locator("button.recommend")).to_be_focused()
        expect(theirs.locator("button.recommend")).to_have_attribute("aria-pressed", "true")

        press(page, theirs.get_by_role("link", name=re.compile("^Report")))
        focused(page, "Report this comment")
        choices = theirs.locator(".form-slot input[type=radio]")
        press(page, choices.first, "Space")
        press(page, theirs.locator(".form-slot button"))
        told(page, re.compile("^Thank you."))
        focused(page, "Thank you.")


def test_a_topic_is_found_with_the_arrows_chosen_and_removed(browsing: Any, article: Article) -> None:
    with browsing() as reader:
        reader.watch.expected_statuses = {422}
        page, _ = signed_in(reader, article)
        press(page, page.locator("summary", has_text="Suggest a topic"))
        field = page.locator("#topic-name")
        field.focus()
        page.keyboard.type("stre")
        expect(page.get_by_role("option", name=re.compile("Street lighting"))).to_be_visible()
        expect(page.locator("#topics .combobox [role=status]")).to_have_text("1 topic")
        page.keyboard.press("Escape")
        expect(field).to_have_attribute("aria-expanded", "false")
        expect(field).to_have_value("stre")
        page.keyboard.press("ArrowDown")
        expect(page.get_by_role("option")).to_have_count(1)
        expect(field).to_have_attribute("aria-expanded", "true")
        page.keyboard.press("ArrowDown")
        active = field.get_attribute("aria-activedescendant")
        expect(page.locator(f"[id='{active}']")).to_have_attribute("aria-selected", "true")
        page.keyboard.press("Enter")
        expect(field).to_have_value("Street lighting")
        page.keyboard.press("Enter")
        told(page, re.compile("needs 2 more readers"))
        expect(page.locator("#topic-name")).to_be_focused()
        expect(page.locator("#topic-name")).to_have_value("")

        page.keyboard.type("...")  # No word at all.
        page.keyboard.press("Enter")
        expect(page.locator("#topic-error")).to_be_visible()
        expect(page.locator("#topic-name")).to_be_focused()
        expect(page.locator("#topic-name")).to_have_attribute("aria-describedby", re.compile("topic-error"))

        press(page, page.get_by_role("button", name="Remove vote for Street lighting"))
        told(page, re.compile("Vote for .* removed"))
        expect(page.locator("#topics summary")).to_be_focused()  # Its button is gone; the next thing has the focus.


def test_headings_descend_by_one_and_nothing_scrolls_sideways_when_all_is_large(
    browsing: Any, article: Article
) -> None:
    word = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunter"
    long = make_article(f"The {word} at noon", f"A {word}.\n\n> {word}", standfirst=word)
    pages = [
        "/",
        article.get_absolute_url(),
        long.get_absolute_url(),
        "/topics/",
        "/archive/",
        "/search/?q=lamps",
        "/settings/",
    ]
    with browsing(viewport={"width": 320, "height": 640}, forced_colors="active") as reader:
        page, _ = signed_in(reader, article)
        for path in pages:
            reader.open(path)
            levels = page.evaluate("[...document.querySelectorAll('h1, h2, h3, h4')].map(h => +h.tagName[1])")
            assert levels.count(1) == 1, (path, levels)
            assert levels[0] == 1, (path, levels)
            assert all(b - a <= 1 for a, b in pairwise(levels)), (path, levels)
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
            page.evaluate("document.documentElement.style.fontSize = '200%'")  # Text alone, twice as large.
            wide = page.evaluate("document.documentElement.scrollWidth")
            assert wide <= 320, (path, wide)
