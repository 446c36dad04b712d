"""Journeys through moderation and the topics, by all who take part in them, with and without JavaScript."""

import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import timedelta
from email.message import EmailMessage
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from articles.accounts.models import User
from articles.discussion import hold_rules, recommending
from articles.discussion.models import Comment
from articles.publishing.community_rules import current_clauses
from articles.topics import tagging
from tests.browser.conftest import Reader
from tests.browser.test_every_page import session_cookie
from tests.factories import author_of, make_article, make_comment, make_owner, make_reader
from tests.moderation.cases import make_moderator

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without JavaScript"]),
]

Emails = Callable[[], list[EmailMessage]]
As = Callable[[User | None], AbstractContextManager[Reader]]


@pytest.fixture
def browsing_as(browsing: Any, javascript: bool) -> As:
    """Open the browser of a person; of somebody without an account for None."""

    @contextmanager
    def open_browser(person: User | None) -> Iterator[Reader]:
        with browsing(javascript=javascript) as reader:
            if person is not None:
                reader.page.context.add_cookies([session_cookie(person, reader.url)])
            yield reader

    return open_browser


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def open_only_case(reader: Reader) -> Page:
    page = reader.open("/moderation/")
    page.get_by_role("link", name="Open case").click()
    expect(page.get_by_role("navigation", name="Cases")).to_contain_text("All cases")
    return page


def element_of(page: Page, comment: Comment) -> Locator:
    return page.locator(f"#comment-{comment.pk}")


def text_of(email: EmailMessage) -> str:
    part = email.get_body(("plain",))
    assert isinstance(part, EmailMessage)
    return str(part.get_content())


def link_in(email: EmailMessage, beginning: str) -> str:
    """The path of the link that begins so."""
    found = re.search(rf"{beginning}\S+", text_of(email))
    assert found is not None, text_of(email)
    return found[0]


def figure(page: Page, label: str) -> Locator:
    return page.get_by_role("row", name=label).get_by_role("cell")


def test_an_author_appeals_and_another_moderator_restores_the_comment_in_place(
    browsing_as: As, letters: Emails
) -> None:
    article, days_before = make_article("A street of lamps"), timezone.now() - timedelta(days=2)
    rude, ana, ada, bram = make_reader("Rude"), make_reader("Ana"), make_moderator("Ada"), make_moderator("Bram")
    make_comment(article, "The lamps hum.", author=ana, at=days_before)
    comment = make_comment(article, "Only a fool hears lamps.", author=rude, at=days_before)
    make_comment(parent=comment, body="I hear them.", author=ana, at=days_before)
    recommending.recommend(comment=comment, by=make_reader())
    rule = str(current_clauses()[0])
    with browsing_as(None) as anyone:
        discussion = anyone.open(article.get_absolute_url()).locator("article.comment")
        expect(discussion).to_have_count(3)
        before = discussion.all_inner_texts()

    with browsing_as(ana) as reader:
        page = reader.open(article.get_absolute_url())
        element_of(page, comment).get_by_role("link", name="Report Rude").click()
        page.get_by_label("Abuse or insults").check()
        press(page, "Report comment")
        expect(page.locator("body")).to_contain_text("Thank you. A moderator will review it.")

    with browsing_as(ada) as moderator:
        page = open_only_case(moderator)
        page.get_by_label("Hide", exact=True).check()
        page.get_by_label("Rule or law").select_option(label=rule)
        press(page, "Decide")
        expect(page.locator("#decided")).to_contain_text("Comment hidden.")
    with browsing_as(None) as anyone:
        hidden = element_of(anyone.open(article.get_absolute_url()), comment)
        expect(hidden).to_contain_text("Hidden by a moderator.")
        expect(hidden).not_to_contain_text("fool")

    [told] = letters()
    assert told["To"] == rude.email and told["Subject"] == "[The Lantern] A moderator hid your comment"
    for part in ("Only a fool hears lamps.", rule, "A reader had reported it.", "you can appeal until"):
        assert part in text_of(told)
    assert "Ana" not in text_of(told) and "Ada" not in text_of(told)
    with browsing_as(rude) as reader:
        page = reader.open(link_in(told, "/moderation/decisions/"))
        page.get_by_label("Why is this decision wrong?").fill("I meant nobody.")
        press(page, "Send appeal")
        expect(page.locator("main")).to_contain_text("Another moderator will decide.")

    with browsing_as(ada) as moderator:
        page = open_only_case(moderator)
        expect(page.locator("main")).to_contain_text("Another moderator has to decide.")
        expect(page.get_by_role("button", name="Decide")).to_have_count(0)
    with browsing_as(bram) as moderator:
        page = open_only_case(moderator)
        for part in ("I meant nobody.", "Only a fool hears lamps.", "I hear them.", rule):
            expect(page.locator("main")).to_contain_text(part)
        page.get_by_label("Uphold").check()
        page.get_by_label("Reason").fill("It names nobody")
        press(page, "Decide")
        expect(page.locator("#decided")).to_contain_text("Appeal upheld.")

    decided = letters()[-1]
    assert decided["To"] == rude.email and decided["Subject"] == "[The Lantern] Your appeal was upheld"
    assert "Reason: It names nobody" in text_of(decided)
    with browsing_as(None) as anyone:
        expect(anyone.open(article.get_absolute_url()).locator("article.comment")).to_have_count(3)
        assert anyone.page.locator("article.comment").all_inner_texts() == before
        page = anyone.open("/moderation/log/")
        lines = page.locator(".moderation-list > li")
        expect(lines).to_have_count(3)
        assert [line.splitlines()[0] for line in lines.all_inner_texts()] == [
            "1 comment restored",
            "Appeal upheld",
            f"1 comment hidden: {rule}",
        ]
        expect(lines.last).to_contain_text("Appealed and overturned")
        page = anyone.open("/moderation/counts/")
        for label in ("Hidden after a report", "Reports received", "Appeals upheld", "Decisions overturned since"):
            expect(figure(page, label)).to_have_text("1")


def test_a_notice_without_an_account_gets_a_receipt_and_the_decision_by_email(browsing_as: As, letters: Emails) -> None:
    comment, ada = make_comment(body="The baker steals flour."), make_moderator("Ada")
    with browsing_as(None) as sender:
        page = sender.open(comment.article.get_absolute_url())
        element_of(page, comment).get_by_role("link", name="Report").click()
        page.get_by_role("link", name="Give notice of illegal content").click()
        expect(page.get_by_label("Link to the comment or article")).to_have_value(comment.get_absolute_url())
        page.get_by_label("Why is it illegal?").fill("I am the baker, and it is a lie.")
        page.get_by_label("Your name").fill("Ida Reed")
        page.get_by_label("Your email address").fill("ida@reed.example")
        page.get_by_label("As far as I know").check()
        press(page, "Send notice")
        expect(page.locator("main")).to_contain_text("Awaiting review")
        [receipt] = letters()
        state = link_in(receipt, "/moderation/notices/")
        assert receipt["To"] == "ida@reed.example" and page.url.endswith(state)
        assert receipt["Subject"] == "[The Lantern] We’ve received your notice " + state.split("/")[-2]

        with browsing_as(ada) as moderator:
            page = open_only_case(moderator)
            expect(page.locator("main")).to_contain_text("I am the baker, and it is a lie.")
            expect(page.locator("main")).to_contain_text("Ida Reed")
            page.get_by_role("link", name="hide the comment").click()
            page.get_by_label("Hide", exact=True).check()
            page.get_by_label("Rule or law").select_option(label="The law")
            page.get_by_label("Which law").fill("The law on defamation")
            page.get_by_label("Reason").fill("It accuses somebody of a crime")
            press(page, "Decide")
            expect(page.locator("#decided")).to_contain_text("Comment hidden.")

        emails = {email["To"]: email for email in letters()[1:]}
        assert emails.keys() == {"ida@reed.example", author_of(comment).email}
        decided = text_of(emails["ida@reed.example"])
        assert "Decision: the comment was hidden." in decided and "It accuses somebody of a crime" in decided
        told = text_of(emails[author_of(comment).email])
        assert "The law on defamation" in told and "Someone had given notice" in told
        assert not re.search("Ida|Reed|baker, and", told)
        page = sender.open(link_in(emails["ida@reed.example"], "/moderation/notices/"))
        expect(page.locator("main")).to_contain_text("Decision: the comment was hidden.")
        expect(page.locator("main")).to_contain_text("Reason: It accuses somebody of a crime")


def test_a_first_comment_is_held_with_a_reason_revised_and_published(
    browsing_as: As, monkeypatch: pytest.MonkeyPatch, no_time_trap: None
) -> None:
    monkeypatch.setattr(hold_rules, "NEWCOMERS_FROM", 1)
    article, nia, ada = make_article("A street of lamps"), make_reader("Nia"), make_moderator("Ada")
    with browsing_as(nia) as newcomer:
        page = newcomer.open(article.get_absolute_url())
        page.get_by_role("textbox", name="Your comment", exact=True).fill("The lamps hum.")
        press(page, "Post comment")
        mine = page.locator("article.comment")
        expect(mine).to_contain_text("Awaiting moderation. Only you can see this.")
        expect(mine).to_contain_text("A moderator reads a new commenter’s first 2 comments before they appear.")
        mine.get_by_role("link", name="Edit").click()
        page.get_by_role("textbox", name="Your comment #").fill("The lamps hum at night.")
        press(page, "Save")
        expect(page.locator("article.comment")).to_contain_text("The lamps hum at night.")
        expect(page.locator("article.comment")).to_contain_text("Awaiting moderation.")

    with browsing_as(None) as anyone:
        expect(anyone.open(article.get_absolute_url()).locator("main")).not_to_contain_text("hum")
    with browsing_as(ada) as moderator:
        page = open_only_case(moderator)
        expect(page.locator("main")).to_contain_text("The lamps hum at night.")
        page.get_by_label("Approve", exact=True).check()
        press(page, "Decide")
        expect(page.locator("#decided")).to_contain_text("Comment approved.")
    with browsing_as(None) as anyone:
        expect(anyone.open(article.get_absolute_url()).locator("article.comment")).to_contain_text("hum at night")
    with browsing_as(nia) as newcomer:
        page = newcomer.open("/")
        page.get_by_role("navigation", name="Account").get_by_role("link", name="Inbox 1 unread").click()
        press(page, "A moderator approved your comment")
        expect(page.locator("article.comment")).to_contain_text("The lamps hum at night.")
        expect(page.locator("main")).not_to_contain_text("Awaiting moderation.")


def test_a_topic_is_merged_and_separated_with_its_followers_feed_and_address(browsing_as: As) -> None:
    owner, fan = make_owner(), make_reader("Fan")
    today = timezone.localdate()
    covid = tagging.tag(make_article("The first wave", dated=today), "Covid", by=owner).topic
    tagging.tag(make_article("What a virus is", dated=today), "Coronavirus", by=owner)
    with browsing_as(owner) as editor, browsing_as(fan) as reader:
        page = reader.open("/topics/covid/")
        page.get_by_role("link", name="Follow or hide this topic").click()
        press(page, "Follow")
        expect(page.locator("body")).to_contain_text("You follow this.")

        desk = editor.open(f"/admin/articles/topic/{covid.pk}/change/")
        desk.get_by_label("Merge into").fill("Coronavirus")
        desk.get_by_label("Reason").fill("One illness")
        press(desk, "Save")
        expect(desk.locator(".messagelist")).to_contain_text("Covid")
        for address in ("/topics/covid/", "/topics/covid/feed/"):
            moved = reader.page.request.get(reader.url + address, max_redirects=0)
            assert (moved.status, moved.headers["location"]) == (301, address.replace("covid", "coronavirus"))
        page = reader.open("/topics/covid/")
        expect(page).to_have_url(reader.url + "/topics/coronavirus/")
        expect(page.locator(".cards")).to_contain_text("The first wave")
        expect(page.locator(".cards")).to_contain_text("What a virus is")
        assert "The first wave" in page.request.get(reader.url + "/topics/covid/feed/").text()
        tagging.tag(make_article("A vaccine", dated=today), "Coronavirus", by=owner)
        page = reader.open("/inbox/")
        expect(page.locator("main")).to_contain_text("New article on a topic you follow")
        expect(page.locator("main")).to_contain_text("A vaccine")

        desk = editor.open(f"/admin/articles/topic/{covid.pk}/change/")
        desk.get_by_label("Separate it again").check()
        desk.get_by_label("Reason").fill("Two illnesses after all")
        press(desk, "Save")
        expect(desk.locator(".messagelist")).to_contain_text("Covid")
        page = reader.open("/topics/covid/")  # This browser has been redirected from here before.
        expect(page).to_have_url(reader.url + "/topics/covid/")
        expect(page.locator(".cards")).to_contain_text("The first wave")
        expect(page.locator(".cards")).not_to_contain_text("What a virus is")
        feed = page.request.get(reader.url + "/topics/covid/feed/", max_redirects=0)
        assert feed.status == 200 and "A vaccine" not in feed.text()
        page = reader.open("/following/")
        expect(page.locator("main")).to_contain_text("Covid")
        page = reader.open("/moderation/topics/")
        expect(page.locator(".action-log > li")).to_have_count(2)
        expect(page.locator(".action-log")).to_contain_text("One illness")
        expect(page.locator(".action-log")).to_contain_text("Two illnesses after all")
