"""Following from the page of a thread, being told once, reading it: with and without JavaScript."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from articles.notifications.models import Stance
from tests.browser.test_every_page import session_cookie
from tests.browser.test_keyboard import MARK, told
from tests.browser.test_writing import accessible
from tests.factories import PASSWORD, make_article, make_comment, make_reader

pytestmark = pytest.mark.django_db(transaction=True)


def masthead(page: Page) -> Any:
    return page.get_by_role("navigation", name="Account").get_by_role("link", name=re.compile("^Inbox"))


@pytest.mark.parametrize("javascript", [True, False])
def test_a_thread_is_followed_and_what_is_new_in_it_is_told_once(browsing: Any, javascript: bool) -> None:
    ana = make_reader("Ana")
    root = make_comment(body="The lamps are too bright.")
    with browsing(javascript=javascript) as reader:
        reader.page.context.add_cookies([session_cookie(ana, reader.url)])
        page = reader.open(root.get_absolute_url())
        expect(masthead(page)).to_have_text("Inbox")
        if javascript:
            page.evaluate(MARK)
        page.get_by_role("link", name="Follow or hide this thread").press("Enter")
        page.get_by_role("button", name="Follow", exact=True).press("Enter")
        if javascript:
            told(page, "You follow this.")
            expect(page.get_by_role("button", name="Unfollow")).to_be_focused()
        else:
            expect(page.locator("#messages")).to_have_text("You follow this.")
        assert Stance.objects.filter(reader=ana, thread=root, verb="follow").exists()

        answer = make_comment(parent=root, author=make_reader("Bo"), body="They hum, too.")
        page = reader.open("/")
        expect(masthead(page)).to_have_text("Inbox 1 unread")
        masthead(page).click()
        expect(page.get_by_role("listitem").filter(has_text="They hum, too.")).to_have_count(1)
        page.get_by_role("button", name="Bo commented in a thread you follow").press("Enter")
        expect(page).to_have_url(re.compile(rf"/comments/{answer.pk}/$"))
        expect(page.locator(f"#comment-{answer.pk}")).to_contain_text("They hum, too.")
        expect(masthead(page)).to_have_text("Inbox")

        page = reader.open("/following/")
        page.get_by_role("button", name="Unfollow").press("Enter")
        expect(page.locator("#messages")).to_have_text("Saved.")
        make_comment(parent=root, body="And flicker.")
        reader.open("/")
        expect(masthead(page)).to_have_text("Inbox")


@pytest.mark.parametrize("javascript", [True, False])
def test_who_is_not_signed_in_signs_in_comes_back_and_follows(browsing: Any, javascript: bool) -> None:
    article, ana = make_article("A street of lamps"), make_reader("Ana")
    with browsing(javascript=javascript) as reader:
        page = reader.open(article.get_absolute_url())
        page.get_by_role("link", name="Follow this article").press("Enter")
        expect(page.get_by_role("heading", level=1)).to_have_text("A street of lamps")
        page.get_by_role("button", name="Sign in to follow").press("Enter")
        page.locator("input[name=login]").fill("Ana")
        page.locator("input[name=password]").fill(PASSWORD)
        page.locator("input[name=password]").press("Enter")
        expect(page).to_have_url(reader.url + article.get_absolute_url())
        expect(page.locator("#messages")).to_contain_text("You follow this.")
        assert Stance.objects.filter(reader=ana, article=article, verb="follow").exists()


@pytest.mark.parametrize("javascript", [True, False])
def test_a_person_is_hidden_and_their_branch_folds_until_it_is_opened(browsing: Any, javascript: bool) -> None:
    ana, rude = make_reader("Ana"), make_reader("Rude")
    comment = make_comment(body="Rubbish, all of it.", author=rude)
    reply = make_comment(parent=comment, body="Be kind.")
    with browsing(javascript=javascript) as reader:
        reader.page.context.add_cookies([session_cookie(ana, reader.url)])
        page = reader.open("/readers/Rude/")
        page.get_by_role("link", name="Follow or hide this person").press("Enter")
        page.get_by_role("button", name="Hide", exact=True).press("Enter")
        expect(page.get_by_role("button", name="Unhide")).to_be_visible() if javascript else None

        page = reader.open(comment.article.get_absolute_url())
        summary = page.locator("summary", has_text="You’ve hidden Rude")
        expect(summary).to_be_visible()
        expect(page.get_by_text("Rubbish, all of it.")).not_to_be_visible()
        expect(page.get_by_text("Be kind.")).not_to_be_visible()
        if javascript:
            accessible(page)
        summary.press("Enter")
        expect(page.get_by_text("Rubbish, all of it.")).to_be_visible()
        expect(page.get_by_text("Be kind.")).to_be_visible()

        # What an address names is never folded away.
        page = reader.open(f"{comment.article.get_absolute_url()}#comment-{reply.pk}")
        page.reload()
        expect(page.get_by_text("Be kind.")).to_be_visible()
        page = reader.open(comment.get_absolute_url())
        expect(page.get_by_text("Rubbish, all of it.")).to_be_visible()
