"""A moderator decides case after case by keyboard alone, with and without JavaScript."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from articles.accounts.models import User
from articles.discussion.models import Comment, ModerationAction
from articles.moderation import claiming
from tests.browser.test_every_page import session_cookie
from tests.factories import author_of
from tests.moderation.cases import appealed, held, make_moderator, noticed, reported

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def comments() -> list[Comment]:
    return [*(reported(f"Reported words {number}") for number in range(2)), *(held(f"Held {n}") for n in range(3))]


def at_work(reader: Any) -> tuple[Page, User]:
    moderator = make_moderator("Ada")
    reader.page.context.add_cookies([session_cookie(moderator, reader.url)])
    return reader.open("/moderation/"), moderator


def tab_to(page: Page, name: str) -> None:
    """Press Tab until something with this name has the focus."""
    for _stop in range(60):
        page.keyboard.press("Tab")
        if name in page.evaluate("document.activeElement.textContent"):
            return
    raise AssertionError(f"No Tab stop {name}")


def first_field_has_focus(page: Page, words: str) -> None:
    expect(page.locator("main")).to_contain_text(words)
    expect(page.locator("[name=outcome]").first).to_be_focused()


def states(comments: list[Comment]) -> list[str]:
    found = dict(Comment.objects.values_list("pk", "state"))
    return [found[comment.pk] for comment in comments]


def test_five_cases_are_decided_by_keyboard_with_javascript(browsing: Any, comments: list[Comment]) -> None:
    with browsing() as reader:
        page, _moderator = at_work(reader)
        page.keyboard.press("j")
        expect(page.locator(".open-case").first).to_be_focused()
        page.keyboard.press("Enter")
        first_field_has_focus(page, "Reported words 0")
        page.evaluate("document.body.dataset.seen = 'before'")  # A page that is loaded anew loses it.

        page.keyboard.press("a")
        page.keyboard.press("Control+Enter")
        first_field_has_focus(page, "Reported words 1")
        expect(page.locator("#decided[role=status]")).to_contain_text("Comment kept.")
        expect(page).to_have_url(re.compile(f"/moderation/cases/{comments[1].pk}/"))

        page.keyboard.press("s")
        page.keyboard.press("3")
        page.keyboard.press("Control+Enter")
        first_field_has_focus(page, "Held 0")
        expect(page.locator("#decided")).to_contain_text("Comment hidden. Author suspended.")

        page.keyboard.press("h")  # A slip, which is undone.
        page.keyboard.press("1")
        page.keyboard.press("Enter")
        first_field_has_focus(page, "Held 1")
        page.keyboard.press("u")
        first_field_has_focus(page, "Held 0")
        expect(page.locator("#messages")).to_contain_text("Decision undone.")

        for words in ("Held 1", "Held 2"):
            page.keyboard.press("Space")
            page.keyboard.press("Enter")
            first_field_has_focus(page, words)
        page.keyboard.press("a")
        page.keyboard.press("Control+Enter")
        expect(page.locator("#work")).to_contain_text("No cases are waiting.")
        assert page.evaluate("document.body.dataset.seen") == "before"
    assert states(comments) == ["visible", "hidden", "visible", "visible", "visible"]
    suspended = author_of(comments[1])
    suspended.refresh_from_db()
    assert suspended.is_suspended


def test_five_cases_are_decided_by_keyboard_without_javascript(browsing: Any, comments: list[Comment]) -> None:
    with browsing(javascript=False) as reader:
        page, _moderator = at_work(reader)
        page.locator(".open-case").first.focus()
        page.keyboard.press("Enter")
        for words, _comment in zip(
            ["Reported words 0", "Reported words 1", "Held 0", "Held 1", "Held 2"], comments, strict=True
        ):
            first_field_has_focus(page, words)
            page.keyboard.press("Space")
            page.keyboard.press("Enter")
        expect(page.locator("#work")).to_contain_text("No cases are waiting.")
        expect(page.locator("#decided")).to_contain_text("Comment approved.")
        page.locator("#decided button").focus()
        page.keyboard.press("Enter")
        expect(page.locator("main")).to_contain_text("Held 2")
    assert states(comments) == ["visible", "visible", "visible", "visible", "held"]
    assert ModerationAction.objects.count() == 6


def test_the_queue_is_worked_through_by_keys(browsing: Any, comments: list[Comment]) -> None:
    with browsing() as reader:
        page, _moderator = at_work(reader)
        page.keyboard.press("j")
        page.keyboard.press("a")
        expect(page.locator("#decided")).to_contain_text("Comment kept.")
        expect(page.locator(f"#case-{comments[1].pk} .open-case")).to_be_focused()
        page.keyboard.press("r")
        expect(page.locator("#announcements")).to_have_text("Hide under which rule? Press 1 to 9.")
        page.keyboard.press("3")
        expect(page.locator("#decided")).to_contain_text("Comment hidden.")
        expect(page.locator(f"#case-{comments[2].pk} .open-case")).to_be_focused()
        page.keyboard.press("x")
        page.keyboard.press("j")
        page.keyboard.press("x")
        expect(page.locator("[name=comment]:checked")).to_have_count(2)
        tab_to(page, "Approve or keep")
        page.keyboard.press("Enter")
        expect(page.locator("#decided")).to_contain_text("2 comments approved.")
        page.keyboard.press("u")
        expect(page.locator("#messages")).to_contain_text("2 decisions undone.")
        expect(page.locator(".queue-case")).to_have_count(3)
    assert states(comments) == ["visible", "hidden", "held", "held", "held"]


def test_keys_do_nothing_where_something_is_typed_or_when_they_are_off(browsing: Any, comments: list[Comment]) -> None:
    with browsing() as reader:
        page, _moderator = at_work(reader)
        reader.open(f"/moderation/cases/{comments[0].pk}/")
        page.get_by_label("Reason").focus()
        page.keyboard.type("a shabby hat")
        expect(page.get_by_label("Reason")).to_have_value("a shabby hat")
        expect(page.locator("[name=outcome]:checked")).to_have_count(0)
        page.locator("[name=outcome]").first.focus()
        page.keyboard.press("?")
        expect(page.locator("#keyboard-help summary")).to_be_focused()
        page.get_by_label("Use single keys on this device").press("Space")
        page.reload()
        expect(page.locator("[name=outcome]").first).to_be_focused()
        page.keyboard.press("h")
        expect(page.locator("[name=outcome]:checked")).to_have_count(0)


@pytest.mark.parametrize("javascript", [True, False])
def test_the_email_is_read_before_the_decision(browsing: Any, comments: list[Comment], *, javascript: bool) -> None:
    with browsing(javascript=javascript) as reader:
        page, _moderator = at_work(reader)
        reader.open(f"/moderation/cases/{comments[0].pk}/")
        if javascript:
            page.evaluate("document.body.dataset.seen = 'before'")
        page.get_by_label("Hide", exact=True).check()
        page.get_by_label("Rule or law").select_option("1")
        expect(page.get_by_label("Facts")).to_have_value(re.compile("Reported by 1 reader on .*: Abuse or insults"))
        page.get_by_label("Facts").fill("He calls her a fool.")
        page.get_by_role("button", name="Preview email").press("Enter")
        expect(page.locator("#email-preview")).to_be_focused()
        expect(page.locator(".email-preview")).to_contain_text("A moderator hid your comment")
        expect(page.locator(".email-preview")).to_contain_text("Facts: He calls her a fool.")
        expect(page.get_by_label("Facts")).to_have_value("He calls her a fool.")
        assert states(comments)[0] == "visible"
        assert not javascript or page.evaluate("document.body.dataset.seen") == "before"
        page.get_by_role("button", name="Decide").press("Enter")
        first_field_has_focus(page, "Reported words 1")
    assert states(comments)[0] == "hidden" and ModerationAction.objects.get().facts == "He calls her a fool."


@pytest.mark.parametrize("javascript", [True, False])
def test_notices_and_appeals_lead_to_the_next_case(browsing: Any, *, javascript: bool) -> None:
    place, appeal, comment = noticed(), appealed(), held("The last case")
    with browsing(javascript=javascript) as reader:
        page, _moderator = at_work(reader)
        reader.open(f"/moderation/noticed/{place.pk}/")
        if javascript:
            page.evaluate("document.body.dataset.seen = 'before'")
        expect(page.locator("[name=reason]")).to_be_focused()
        page.keyboard.type("An opinion")
        page.get_by_role("button", name="Reject notice").press("Enter")
        expect(page.locator("#decided[role=status]")).to_contain_text("Notice rejected.")
        expect(page.locator("[name=upheld]").first).to_be_focused()
        page.keyboard.press("Space")
        page.get_by_label("Reason").fill("It was a joke")
        page.get_by_role("button", name="Decide").press("Enter")
        first_field_has_focus(page, "The last case")
        expect(page.locator("#decided")).to_contain_text("Appeal upheld.")
        page.locator("#decided button").press("Enter")
        expect(page.locator("h1")).to_have_text("Appeal")
        expect(page.locator("[name=upheld]").first).to_be_focused()
        assert not javascript or page.evaluate("document.body.dataset.seen") == "before"
    appeal.refresh_from_db()
    assert appeal.state == "open" and states([comment]) == ["held"]
    assert appeal.action.comment is not None and states([appeal.action.comment]) == ["hidden"]


def test_a_case_is_taken_over_in_place(browsing: Any, comments: list[Comment]) -> None:
    claiming.claim(comments[0], by=make_moderator("Bram"))
    with browsing() as reader:
        page, _moderator = at_work(reader)
        reader.open(f"/moderation/cases/{comments[0].pk}/")
        expect(page.locator(".case-claim")).to_contain_text("Bram has this case, 10 minutes left.")
        page.keyboard.press("c")
        expect(page.locator(".case-claim")).to_contain_text("Yours until")
        first_field_has_focus(page, "Reported words 0")


def test_each_line_of_a_long_headline_is_whole_on_a_phone(browsing: Any) -> None:
    comment = held("Words")
    comment.article.headline = "Minutes of the meeting called to shorten the minutes of the meeting"
    comment.article.save()
    with browsing(viewport={"width": 360, "height": 800}) as reader:
        page, _moderator = at_work(reader)
        facts = page.locator(".queue-case .dot-separated")
        link = facts.get_by_text("Minutes of the meeting")
        box = link.bounding_box()
        assert box is not None and box["height"] > 30  # It takes two lines.
        lefts = link.evaluate(
            "link => { const range = document.createRange(); range.selectNodeContents(link);"
            " return [...range.getClientRects()].map(({ left }) => left); }"
        )
        cut = facts.evaluate(
            "row => row.getBoundingClientRect().left + 1.1 * parseFloat(getComputedStyle(row).fontSize)"
        )
    assert len(lefts) > 1 and min(lefts) >= cut - 1


def test_a_headline_of_another_direction_keeps_its_place_between_the_dots(browsing: Any) -> None:
    comment = held("Words")
    comment.article.headline = "خبز الميناء"
    comment.article.language = "ar"
    comment.article.save()
    with browsing(viewport={"width": 1280, "height": 800}) as reader:
        page, _moderator = at_work(reader)
        link = page.locator(".queue-case .dot-separated").get_by_text("خبز الميناء")
        before, after = link.evaluate(
            "link => { const range = document.createRange(); range.selectNodeContents(link);"
            " const words = range.getBoundingClientRect(), box = link.getBoundingClientRect();"
            " return [words.left - box.left, box.right - words.right]; }"
        )
    assert before > 10 and after < 1  # Room for the dot is before it, where the line begins.
