"""The inbox: what it shows and to whom, how it is read, and the number that stands on every page."""

import re
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from articles.accounts.models import User
from articles.discussion import comment_withdrawing, moderating
from articles.discussion.models import Comment
from articles.notifications import following, inbox, sentences, unread_counts
from articles.notifications.models import Notification
from articles.publishing import publishing
from tests.factories import GROUNDS, author_of, make_article, make_comment, make_owner, make_reader
from tests.plans import PRIMARY_KEY, reads

pytestmark = pytest.mark.django_db


@pytest.fixture
def ana(client: Client) -> User:
    reader = make_reader("Ana")
    client.force_login(reader)
    return reader


def answered(reader: User, body: str = "An answer.") -> Comment:
    return make_comment(parent=make_comment(author=reader), body=body)


def page(client: Client, query: str = "") -> str:
    answer = client.get(f"/inbox/{query}")
    assert answer.status_code == 200 and answer["Cache-Control"] == "private, no-store"
    return answer.content.decode()


def count_in_masthead(client: Client) -> int:
    found = re.search(r'<b class="count">(\d+)<', client.get("/rules/").content.decode())
    return int(found[1]) if found else 0


def test_an_answer_stands_in_the_inbox_and_its_count_on_every_page(client: Client, ana: User) -> None:
    assert "No notifications yet." in page(client) and count_in_masthead(client) == 0
    reply = answered(ana, "It hums at *night*.")
    html = page(client)
    assert f"{author_of(reply).username} replied to you" in html and "It hums at night." in html
    assert reply.article.headline in html and "1 unread" in html
    assert count_in_masthead(client) == 1


def test_a_notification_of_a_kind_that_a_newer_release_has_made_is_shown(client: Client, ana: User) -> None:
    answered(ana, "It hums at night.")
    Notification.objects.update(kind="later")  # Both releases run during an upgrade.
    html = page(client)
    assert "There is something new in this discussion" in html and "It hums at night." in html
    notifications = list(Notification.objects.all())
    assert sentences.subject(notifications, total=1).startswith("New on “")


def test_the_excerpt_of_a_reply_leaves_out_what_it_quotes(client: Client, ana: User) -> None:
    """cases.md T3: the recipient's own sentence stood there as the replier's words."""
    answered(ana, "> Ana’s sentence\nwhich goes on\n\nThe answer")
    answered(ana, "> Nothing but Ana’s")
    html = page(client)
    assert ">The answer</p>" in html and "sentence" not in html
    assert ">Quotation: Nothing but Ana’s</p>" in html


def test_looking_marks_nothing_and_opening_marks_what_was_opened(client: Client, ana: User) -> None:
    first, second = answered(ana), answered(ana)
    page(client)
    assert count_in_masthead(client) == 2
    notification = Notification.objects.get(reader=ana, comment=first)
    answer = client.post("/inbox/", {"open": notification.pk})
    assert (answer.status_code, answer["Location"]) == (302, first.get_absolute_url())
    assert count_in_masthead(client) == 1
    assert list(Notification.objects.filter(reader=ana).unread().values_list("comment", flat=True)) == [second.pk]


def test_marking_all_as_read_leaves_what_came_after_the_page_was_made(client: Client, ana: User) -> None:
    answered(ana)
    newest = re.findall(r'name="all" value="(\d+)"', page(client))[0]
    answered(ana)
    client.post("/inbox/", {"all": newest})
    assert count_in_masthead(client) == 1
    html = page(client, "?unread")
    assert html.count('class="unread"') == 1


def test_only_what_is_unread_can_be_shown(client: Client, ana: User) -> None:
    old, new = answered(ana, "Old words."), answered(ana, "New words.")
    inbox.mark_read(notification=Notification.objects.get(comment=old, reader=ana), by=ana)
    html = page(client, "?unread")
    assert "New words." in html and "Old words." not in html
    inbox.mark_read(notification=Notification.objects.get(comment=new, reader=ana), by=ana)
    assert "No unread notifications." in page(client, "?unread")


def test_notices_of_one_article_stand_together_and_pages_hold_each_once(client: Client, ana: User) -> None:
    article, other = make_article("A street of lamps"), make_article("A harbour")
    following.follow(thing=article, by=ana)
    following.follow(thing=other, by=ana)
    make_comment(other)
    for _ in range(inbox.PAGE_SIZE + 5):
        make_comment(article)
    first = page(client)
    assert first.count("A street of lamps</a>") == 1 and "A harbour" not in first
    before = re.findall(r"before=(\d+)", first)[0]
    second = page(client, f"?before={before}")
    opened = [int(pk) for html in (first, second) for pk in re.findall(r'name="open" value="(\d+)"', html)]
    assert opened == list(Notification.objects.filter(reader=ana).order_by("-pk").values_list("pk", flat=True))
    assert "A harbour</a>" in second


@pytest.mark.parametrize("how", ["hidden", "withdrawn", "held", "article withdrawn", "person hidden"])
def test_what_others_may_not_see_is_not_in_the_inbox(client: Client, ana: User, how: str) -> None:
    reply = answered(ana, "Unseen words.")
    match how:
        case "hidden":
            moderating.hide(comment=reply, by=make_owner(), grounds=GROUNDS, reason="Rude.")
        case "withdrawn":
            comment_withdrawing.withdraw_comment(comment=reply, by=author_of(reply))
        case "held":
            Comment.objects.filter(pk=reply.pk).update(state=Comment.State.HELD)
        case "article withdrawn":
            publishing.withdraw(reply.article, by=None, reason="Wrong.")
        case "person hidden":
            following.hide(thing=author_of(reply), by=ana)
    html = page(client)
    assert "Unseen words." not in html and author_of(reply).username not in html
    if how == "held":  # By a statement of this test, not by a verb that counts.
        return
    assert count_in_masthead(client) == 0


def test_a_hidden_comment_is_told_to_its_author_with_the_reason_and_their_words(client: Client, ana: User) -> None:
    comment = make_comment(author=ana, body="My own words.")
    moderating.hide(comment=comment, by=make_owner(), grounds=GROUNDS, reason="Rude.")
    html = page(client)
    assert "A moderator hid your comment" in html and "Reason: Rude." in html
    before, folded, after = html.partition('<details class="hidden-text">')
    assert folded and "My own words." not in before and "My own words." in after


def test_nobody_opens_what_is_in_somebody_elses_inbox(client: Client, ana: User) -> None:
    answered(make_reader("Bo"))
    notification = Notification.objects.get()
    assert client.post("/inbox/", {"open": notification.pk}).status_code == 404
    client.post("/inbox/", {"all": notification.pk})
    assert Notification.objects.unread().count() == 1


@pytest.mark.parametrize(
    "query", ["?before=x", "?before=-1", "?before=" + "9" * 40, "?before=%00", "?unread=1&before="]
)
def test_odd_addresses_are_harmless(client: Client, ana: User, query: str) -> None:
    page(client, query)
    assert client.post("/inbox/", {"open": query}).status_code == 302
    assert client.post("/inbox/", {"all": query}).status_code == 302


def test_who_is_deleted_in_mid_session_is_asked_to_sign_in(client: Client, ana: User) -> None:
    ana.delete()
    assert client.get("/inbox/")["Location"].startswith("/accounts/login/")
    assert client.post("/inbox/", {"all": "1"}).status_code == 302


def test_an_inbox_costs_the_same_queries_whatever_it_holds(
    client: Client, ana: User, django_assert_num_queries: Any
) -> None:
    answered(ana)
    page(client)
    with django_assert_num_queries(5):  # Session, reader, sections, notifications, new decisions.
        page(client)
    for _ in range(20):
        answered(ana)
    with django_assert_num_queries(5):
        page(client)


def test_hostile_words_are_harmless_in_the_inbox(client: Client, ana: User) -> None:
    reply = answered(ana, "<script>alert(1)</script> & <b>bold</b>")
    html = page(client)
    assert "<script>alert" not in html and "&lt;script&gt;alert(1)" in html
    assert Notification.objects.filter(comment=reply, read_at__lt=timezone.now()).count() == 0


def test_the_inbox_and_its_count_read_no_comments_or_articles_of_others(ana: User) -> None:
    answered(ana)
    for run in (lambda: inbox.inbox_page(ana), lambda: unread_counts.recount([ana.pk])):
        assert reads("articles_comment", run) == reads("articles_article", run) == {PRIMARY_KEY}
        assert reads("articles_notification", run) <= {"inbox", "unread_notifications"}
