"""Autosave in a real browser: nothing that was begun is lost, by keyboard alone, with JavaScript and without."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone
from playwright.sync_api import BrowserContext, Page, expect

from articles.discussion import comment_editing
from articles.models import Article, Comment, User
from tests.browser.test_every_page import AXE, RUN_AXE, session_cookie
from tests.browser.test_keyboard import MARK, focused, press, told
from tests.factories import PASSWORD, author_of, make_article, make_comment, make_reader

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("no_time_trap")]

BOTH = pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without JavaScript"])
STORED = "() => Object.keys(localStorage).filter(name => name.startsWith('draft:'))"


@pytest.fixture
def article(settings: Any) -> Article:
    settings.ACCOUNT_RATE_LIMITS = {}
    article = make_article("A street of lamps")
    make_comment(article, "The lamps are *too* bright for sleep.", author=make_reader("Ben"))
    return article


def sit_down(reader: Any, article: Article, name: str = "Mira") -> tuple[Page, User]:
    person = make_reader(name)
    reader.page.context.add_cookies([session_cookie(person, reader.url)])
    page = reader.open(article.get_absolute_url())
    page.evaluate(MARK)
    return page, person


def kept(page: Page, number: int) -> None:
    page.wait_for_function(f"() => ({STORED})().length === {number}")


def accessible(page: Page) -> None:
    page.evaluate(AXE)
    assert page.evaluate(RUN_AXE) == []


@BOTH
def test_the_session_ends_while_somebody_writes_and_the_words_are_posted(
    browsing: Any, article: Article, javascript: bool
) -> None:
    with browsing(javascript=javascript) as reader:
        reader.watch.expected_statuses = {422}
        mira = make_reader("Mira")
        reader.page.context.add_cookies([session_cookie(mira, reader.url)])
        page = reader.open(article.get_absolute_url())
        page.locator("#write textarea").fill("Long thoughts on lamps.")
        Session.objects.all().delete()
        page.get_by_role("button", name="Post comment").click()
        expect(page.locator(".errors")).to_contain_text("You’ve been signed out")
        expect(page.locator("textarea[name=body]")).to_have_value("Long thoughts on lamps.")
        sign_in_elsewhere(page.context, page)
        page.get_by_role("button", name="Post comment").click()
        expect(page.locator(".errors")).to_contain_text("Your session changed")
        expect(page.locator("textarea[name=body]")).to_have_value("Long thoughts on lamps.")
        page.get_by_role("button", name="Post comment").click()
        expect(page.locator(".comment > .comment-body", has_text="Long thoughts on lamps.")).to_be_visible()
    assert Comment.objects.filter(author=mira).count() == 1


def sign_in_elsewhere(context: BrowserContext, page: Page) -> None:
    """As the form says: in another tab."""
    with context.expect_page() as opened:
        page.locator(".errors").get_by_role("link", name=re.compile("^Sign in")).click()
    tab = opened.value
    tab.get_by_label(re.compile("name|e-mail", re.I)).first.fill("Mira")
    tab.get_by_label("Password", exact=True).fill(PASSWORD)
    tab.get_by_role("main").get_by_role("button", name=re.compile("sign in", re.I)).first.click()
    expect(tab.locator("#write textarea")).to_be_visible()
    tab.close()


def test_a_draft_survives_a_reload_is_told_and_goes_when_posted(browsing: Any, article: Article) -> None:
    with browsing() as reader:
        page, _ = sit_down(reader, article)
        assert page.evaluate(STORED) == []  # Nothing before anything is typed.
        field = page.locator("#write textarea")
        field.focus()
        page.keyboard.type("Half a thought")
        expect(page.locator("#write .draft-status")).to_contain_text("Draft saved on this device")
        accessible(page)
        page.reload()
        expect(field).to_have_value("Half a thought")
        expect(page.locator("#announcements")).to_have_text("Draft restored.")
        field.focus()
        page.keyboard.press("End")
        page.keyboard.type(" and its other half.")
        page.get_by_role("button", name="Post comment").click()
        expect(page.locator("article.comment", has_text="its other half")).to_be_visible()
        kept(page, 0)
        expect(page.locator("#write textarea")).to_have_value("")
        page.reload()
        expect(field).to_have_value("")


def test_two_tabs_with_the_same_form_keep_both_texts(browsing: Any, article: Article) -> None:  # cases.md O11
    with browsing() as reader:
        page, _ = sit_down(reader, article)
        other = page.context.new_page()
        other.goto(page.url)
        field, other_field = page.locator("#write textarea"), other.locator("#write textarea")
        field.fill("A long thought about lamps.")
        expect(page.locator("#write .draft-status")).to_be_visible()
        other_field.fill("Two words")
        expect(other.locator("#write .draft-status")).to_be_visible()
        kept(page, 2)
        page.reload()
        expect(field).to_have_value("A long thought about lamps.")
        other.reload()
        expect(other_field).to_have_value("Two words")
        other.close()
        # The text of the closed tab is offered, and changes places with the one in the form.
        page.reload()
        page.locator("#drafts").get_by_role("link", name=re.compile("^Continue writing")).click()
        expect(field).to_have_value("Two words")
        page.locator("#drafts").get_by_role("link", name=re.compile("^Continue writing")).click()
        expect(field).to_have_value("A long thought about lamps.")
        page.get_by_role("button", name="Post comment").click()
        expect(page.locator("article.comment", has_text="A long thought")).to_be_visible()
        kept(page, 1)
        page.reload()
        expect(field).to_have_value("")
        page.locator("#drafts").get_by_role("link", name=re.compile("^Continue writing")).click()
        expect(field).to_have_value("Two words")


def test_a_draft_is_written_when_the_page_goes_away_at_once(browsing: Any, article: Article) -> None:
    with browsing() as reader:
        page, _ = sit_down(reader, article)
        page.locator("#write textarea").focus()
        page.keyboard.type("Gone in a second")
        page.goto("about:blank")
        reader.open(article.get_absolute_url())
        expect(page.locator("#write textarea")).to_have_value("Gone in a second")
        press(page, page.get_by_role("button", name=re.compile("^Discard")))
        expect(page.locator("#write textarea")).to_be_focused()
        expect(page.locator("#write textarea")).to_have_value("")
        expect(page.locator("#write .draft-status")).to_be_hidden()
        kept(page, 0)


def test_the_draft_of_a_reply_is_found_again_and_goes_on(browsing: Any, article: Article) -> None:
    with browsing() as reader:
        page, _ = sit_down(reader, article)
        theirs = page.locator("article.comment", has_text="bright for sleep")
        press(page, theirs.get_by_role("link", name=re.compile("^Reply")))
        expect(theirs.locator("textarea")).to_be_focused()
        page.keyboard.type("Draw the curtains.")
        kept(page, 1)
        page.reload()
        expect(page.locator("#drafts")).to_contain_text("Your reply to Ben")
        accessible(page)
        page.get_by_role("link", name=re.compile("^Continue writing")).click()
        expect(page.locator("textarea")).to_have_value("Draw the curtains.")
        page.get_by_role("button", name="Post reply").click()
        expect(page.locator(".comment > .comment-body", has_text="Draw the curtains.")).to_be_visible()
        kept(page, 0)


def test_drafts_go_with_whoever_signs_out_and_are_not_for_the_next(browsing: Any, article: Article) -> None:
    with browsing() as reader:
        page, _ = sit_down(reader, article)
        page.locator("#write textarea").fill("A secret thought")
        kept(page, 1)
        # The session ends by itself, and somebody else sits down.
        page.context.clear_cookies()
        reader.page.context.add_cookies([session_cookie(make_reader("Noor"), reader.url)])
        reader.open(article.get_absolute_url())
        expect(page.locator("#write textarea")).to_have_value("")
        kept(page, 0)
        page.locator("#write textarea").fill("Another thought")
        kept(page, 1)
        reader.open("/accounts/logout/")
        page.get_by_role("main").get_by_role("button", name="Sign out").click()
        expect(page.get_by_role("link", name="Sign in").first).to_be_visible()
        kept(page, 0)
        reader.open(article.get_absolute_url())
        assert page.evaluate("() => localStorage.length") == 0


def test_a_reader_is_called_by_keyboard_alone(browsing: Any, article: Article) -> None:
    make_comment(article, "Allow quote.", author=make_reader("Benedikta"))
    with browsing() as reader:
        page, mira = sit_down(reader, article)
        field = page.locator("#write textarea")
        field.focus()
        page.keyboard.type("Ask @ben")
        options = page.locator("#write [role=option]")
        expect(options).to_have_count(2)
        expect(page.locator("#write [role=status]")).to_have_text("2 readers")
        page.keyboard.press("Escape")
        expect(options.first).to_be_hidden()
        expect(field).to_have_value("Ask @ben")
        page.keyboard.type("e")
        expect(options).to_have_count(1)
        expect(options.first).to_be_visible()
        page.keyboard.press("ArrowDown")
        active = field.get_attribute("aria-activedescendant")
        expect(page.locator(f"[id='{active}']")).to_have_attribute("aria-selected", "true")
        accessible(page)
        page.keyboard.press("Enter")
        page.keyboard.type("about it.")
        expect(field).to_have_value("Ask @Benedikta about it.")
        press(page, page.get_by_role("button", name="Post comment"))
        link = page.locator("article.comment", has_text="about it.").get_by_role("link", name="@Benedikta")
        expect(link).to_have_attribute("href", "/readers/Benedikta/")
    assert Comment.objects.get(author=mira).mentions.count() == 1


@BOTH
def test_a_comment_is_quoted_in_the_answer(browsing: Any, article: Article, javascript: bool) -> None:
    with browsing(javascript=javascript) as reader:
        mira = make_reader("Mira")
        reader.page.context.add_cookies([session_cookie(mira, reader.url)])
        page = reader.open(article.get_absolute_url())
        theirs = page.locator("article.comment", has_text="bright for sleep")
        quote = theirs.get_by_role("link", name=re.compile("^Quote"))
        press(page, quote)
        field = page.locator(".reply textarea")
        expect(field).to_have_value("> The lamps are *too* bright for sleep.\n\n")
        if javascript:
            expect(field).to_be_focused()
            # A selected part goes under what is already written, which stays.
            field.fill("My answer.")
            page.evaluate("() => getSelection().selectAllChildren(document.querySelector('.comment .comment-body em'))")
            quote.click()
            expect(field).to_have_value("My answer.\n\n> too\n\n")
            expect(field).to_be_focused()
            # Another form in the same place does not take the words away.
            press(page, theirs.get_by_role("link", name=re.compile("^Report")))
            expect(field).to_be_focused()
            expect(page.locator("#announcements")).to_contain_text("still here")
            expect(field).to_have_value("My answer.\n\n> too\n\n")
        else:
            field.fill("> too\n\nMy answer.")
        page.get_by_role("button", name="Post reply").click()
        posted = page.locator("article.comment", has_text="My answer.")
        expect(posted.locator("blockquote")).to_have_text("too")


def test_what_is_typed_stands_after_the_quotation_and_after_the_edited_text(browsing: Any, article: Article) -> None:
    """cases.md B3. By keys: `fill` would replace the text, and so hide where the caret is."""
    with browsing() as reader:
        mira = make_reader("Mira")
        make_comment(article, "First words.", author=mira)
        reader.page.context.add_cookies([session_cookie(mira, reader.url)])
        page = reader.open(article.get_absolute_url())
        theirs = page.locator("article.comment", has_text="bright for sleep")
        press(page, theirs.get_by_role("link", name=re.compile("^Quote")))
        field = page.locator(".reply textarea")
        expect(field).to_be_focused()
        page.keyboard.type("My answer.")
        expect(field).to_have_value("> The lamps are *too* bright for sleep.\n\nMy answer.")
        page.keyboard.press("Control+Home")
        page.keyboard.type("Ben: ")  # The caret is moved once, not whenever the field is focused.
        page.keyboard.press("Tab")
        page.keyboard.press("Shift+Tab")
        page.keyboard.type("so ")
        expect(field).to_have_value(re.compile("^Ben: so > The lamps"))
        mine = page.locator("article.comment", has_text="First words.")
        press(page, mine.get_by_role("link", name=re.compile("^Edit")))
        expect(page.locator("textarea:focus")).to_have_value("First words.")
        page.keyboard.type(" And the last.")
        expect(page.locator("textarea:focus")).to_have_value("First words. And the last.")
        # On a page of its own too.
        reader.open(f"/comments/{Comment.objects.order_by('pk')[0].pk}/reply/?quote=1")
        page.get_by_role("textbox", name=re.compile("reply", re.I)).focus()
        page.keyboard.type("Once more.")
        expect(page.locator("textarea:focus")).to_have_value(re.compile(r"Once more\.$"))


def test_selected_words_are_quoted_though_another_request_starts_meanwhile(browsing: Any, article: Article) -> None:
    with browsing() as reader:
        page, _ = sit_down(reader, article)
        quote = page.get_by_role("link", name=re.compile("^Quote"))
        quote.scroll_into_view_if_needed()
        page.evaluate("() => getSelection().selectAllChildren(document.querySelector('.comment .comment-body em'))")
        quote.hover()
        page.mouse.down()
        page.evaluate("() => getSelection().removeAllRanges()")  # As pressing does in some engines.
        page.evaluate(
            "() => document.body.dispatchEvent(new CustomEvent('htmx:configRequest',"
            " { bubbles: true, detail: { elt: document.body, parameters: {} } }))"
        )
        page.mouse.up()
        expect(page.locator(".reply textarea")).to_have_value("> too\n\n")


def test_a_field_that_was_dragged_bigger_is_posted_without_a_word_in_the_console(
    browsing: Any, article: Article
) -> None:
    """cases.md O12. htmx copied the field's style into the new form, which the Content-Security-Policy refuses."""
    with browsing() as reader:
        page, _ = sit_down(reader, article)
        field = page.locator("#write textarea")
        field.evaluate("field => { field.style.width = '400px'; field.style.height = '300px'; }")  # As dragging does.
        field.fill("A long thought.")
        page.get_by_role("button", name="Preview").click()
        expect(page.locator("#write .preview-text")).to_be_visible()
        page.get_by_role("button", name="Post comment").click()
        expect(page.locator("article.comment", has_text="A long thought.")).to_be_visible()


@BOTH
def test_the_edit_window_ends_while_somebody_edits(browsing: Any, article: Article, javascript: bool) -> None:
    with browsing(javascript=javascript) as reader:
        reader.watch.expected_statuses = {422}
        mira = make_reader("Mira")
        mine = make_comment(article, "First words.", author=mira, at=timezone.now() - timedelta(minutes=10))
        reader.page.context.add_cookies([session_cookie(mira, reader.url)])
        page = reader.open(article.get_absolute_url())
        card = page.locator("article.comment", has_text="First words.")
        press(page, card.get_by_role("link", name=re.compile("^Edit")))
        field = page.get_by_role("textbox", name=f"Your comment #{mine.pk}")
        expect(field).to_have_accessible_description(re.compile("You can edit for 3[45] more minutes, until "))
        field.fill("Second words.")
        gone = comment_editing.EDIT_WINDOW + comment_editing.EDIT_GRACE + timedelta(minutes=1)
        Comment.objects.filter(pk=mine.pk).update(posted_at=timezone.now() - gone)
        page.get_by_role("button", name="Save", exact=True).click()
        expect(page.locator(".errors")).to_contain_text("post a reply instead")
        kept_words = page.locator(".reply textarea")
        expect(kept_words).to_have_value("Second words.")
        page.get_by_role("button", name="Post reply").click()
        expect(page.locator(".comment > .comment-body", has_text="Second words.")).to_be_visible()
    assert list(Comment.objects.filter(author=mira).order_by("pk").values_list("body", "parent")) == [
        ("First words.", None),
        ("Second words.", mine.pk),
    ]


def test_the_preview_follows_what_is_typed_and_is_put_away_by_its_button(browsing: Any, article: Article) -> None:
    with browsing() as reader:
        page, _ = sit_down(reader, article)
        field = page.locator("#write textarea")
        field.focus()
        page.keyboard.type("Bright *lamps*")
        button = page.locator("#write button[name=preview]")
        press(page, button)
        expect(page.locator("#write .preview em")).to_have_text("lamps")
        told(page, re.compile("preview", re.I))
        expect(button).to_have_attribute("aria-expanded", "true")
        page.evaluate("() => { document.getElementById('announcements').textContent = ''; }")
        field.focus()
        page.keyboard.press("Control+End")
        page.keyboard.type(" and *@ben*")
        expect(page.locator("#write .preview a", has_text="@Ben")).to_be_visible()
        expect(page.locator("#announcements")).to_have_text("")  # Not said again with every word.
        expect(field).to_be_focused()
        press(page, button)
        expect(page.locator("#write .preview")).to_be_empty()
        expect(button).to_have_attribute("aria-expanded", "false")
        expect(button).to_be_focused()


def test_a_session_that_ends_under_a_live_preview_moves_nobody_away(browsing: Any, article: Article) -> None:
    with browsing() as reader:
        reader.watch.expected_statuses = {422}
        page, _ = sit_down(reader, article)
        field = page.locator("#write textarea")
        field.focus()
        page.keyboard.type("Bright *lamps*")
        press(page, page.locator("#write button[name=preview]"))
        expect(page.locator("#write .preview em")).to_have_text("lamps")
        Session.objects.all().delete()
        field.focus()
        page.keyboard.type("!")
        expect(page.locator("#write .preview")).to_contain_text("You’ve been signed out")
        expect(field).to_be_focused()
        expect(field).to_have_value(re.compile("lamps"))
    assert Comment.objects.count() == 1


def test_a_reply_to_changed_words_says_so_and_leads_to_the_difference(browsing: Any, article: Article) -> None:
    with browsing() as reader:
        page, _ = sit_down(reader, article)
        theirs = page.locator("article.comment", has_text="for sleep")
        press(page, theirs.get_by_role("link", name=re.compile("^Reply")))
        expect(theirs.locator("textarea")).to_be_focused()
        page.keyboard.type("Draw the curtains.")
        page.wait_for_timeout(1100)
        parent = Comment.objects.get(parent=None)
        comment_editing.edit_comment(comment=parent, by=author_of(parent), body="The lamps are *too* dim for reading.")
        press(page, page.get_by_role("button", name="Post reply"))
        told(page, re.compile("The comment was edited while you were writing"))
        focused(page, "Draw the curtains.")
        # It may run over two lines, with nothing in the middle of its box.
        page.get_by_role("link", name=re.compile("^replied to an earlier version")).press("Enter")
        expect(page.locator(".comment-changes del").first).to_contain_text("bright")
        expect(page.locator(".comment-changes ins").first).to_contain_text("dim")
        accessible(page)
