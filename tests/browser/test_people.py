"""An owner invites a colleague, who writes a draft, and takes the role away again."""

import re
from email.message import EmailMessage
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from articles.publishing.models import Article
from tests.browser.test_every_page import session_cookie
from tests.factories import PASSWORD, make_owner

pytestmark = pytest.mark.django_db(transaction=True)
RIGHT_TO_LEFT = """() => {
  document.documentElement.dir = "rtl";
  return document.documentElement.scrollWidth > innerWidth;
}"""


def text_of(letter: EmailMessage) -> str:
    part = letter.get_body(("plain",))
    assert isinstance(part, EmailMessage)
    return str(part.get_content())


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


@pytest.mark.parametrize("javascript", [True, False])
def test_a_colleague_is_invited_writes_and_loses_the_role(
    browsing: Any, letters: Any, no_time_trap: None, javascript: bool
) -> None:
    owner = make_owner("Olga")
    with browsing(javascript=javascript) as desk, browsing(javascript=javascript) as colleague:
        desk.page.context.add_cookies([session_cookie(owner, desk.url)])
        page = desk.open("/admin/")
        page.get_by_role("link", name="People").click()
        page.get_by_label("Email address").fill("ines@paper.example")
        page.get_by_label("Name in bylines").fill("Ines Vale")
        page.get_by_role("checkbox", name="Writer").check()
        press(page, "Send invitation")
        page.get_by_label("Password").fill(PASSWORD)
        press(page, "Continue")
        expect(page.get_by_role("row", name="ines@paper.example")).to_contain_text("Writer")

        link = re.search(r"/accounts/invitation/\S+", text_of(letters()[-1]))
        assert link
        theirs = colleague.open(link[0])
        expect(theirs.get_by_label("Email address")).to_have_value("ines@paper.example")
        theirs.get_by_label("Name", exact=True).fill("Ines")
        theirs.get_by_label("Password").fill(PASSWORD)
        press(theirs, "Create account")
        theirs.get_by_role("link", name="Write an article").click()
        theirs.locator("[name=headline]").fill("The first draft")
        theirs.locator("textarea[name=body]").fill("It was written by an invited colleague.")
        press(theirs, "Save draft")
        expect(theirs.locator(".messagelist")).to_contain_text("Saved.")
        draft = Article.objects.get()
        assert draft.status == Article.Status.DRAFT
        assert [author.name for author in draft.authors.all()] == ["Ines Vale"]

        page.reload()
        row = page.get_by_role("row", name="Ines")
        expect(row).to_contain_text("Writes as Ines Vale")
        row.get_by_role("link", name="Remove roles Ines").click()
        page.get_by_label("Reason").fill("The summer is over")
        press(page, "Remove all roles")
        expect(page.locator(".messagelist")).to_contain_text("Ines no longer has a role.")
        expect(page.get_by_role("row", name="Ines")).to_have_count(0)
        assert "Reason: The summer is over" in text_of(letters()[-1])

        colleague.watch.expected_statuses = {403}
        theirs.reload()
        expect(theirs.get_by_role("button", name="Save draft")).to_have_count(0)


@pytest.mark.parametrize("width", [360, 768, 1280])
def test_the_page_fits_from_right_to_left_as_well(browsing: Any, width: int) -> None:
    with browsing() as desk:
        desk.page.context.add_cookies([session_cookie(make_owner(), desk.url)])
        desk.page.set_viewport_size({"width": width, "height": 900})
        assert not desk.open("/desk/people/").evaluate(RIGHT_TO_LEFT)
