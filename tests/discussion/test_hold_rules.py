"""Rules that hold comments: what each finds, what its author is told, and when it stops itself."""

from datetime import datetime, time, timedelta
from typing import Any
from uuid import uuid4

import pytest
from allauth.usersessions.models import UserSession
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from articles.accounts.models import User
from articles.discussion import comment_counts, comment_editing, hold_rules, moderating, posting, reporting
from articles.discussion.hold_rules import BY_NAME, MIN_DECIDED, Mode
from articles.discussion.models import Comment, HoldRule, ModerationAction, Report, WatchedWord
from articles.discussion.watched_words import save_words
from articles.errors import Refused
from articles.publishing.models import Article
from tests.factories import GROUNDS, author_of, make_article, make_comment, make_owner, make_reader

pytestmark = pytest.mark.django_db

LINKS = "https://one.example https://two.example https://three.example"


def post(body: str = "", *, author: User | None = None, article: Article | None = None) -> Comment:
    return posting.post_comment(
        article=article or make_article(),
        author=author or make_reader(),
        body=body or f"Comment {uuid4()}",
        token=uuid4(),
    )


@pytest.fixture
def few_make_a_crowd(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hold_rules, "NEWCOMERS_FROM", 2)


def test_an_ordinary_comment_is_held_by_nothing() -> None:
    comment = post("One [source](https://one.example) and https://two.example")
    assert (comment.state, comment.held_by, comment.held_because) == ("visible", "", "")


def test_many_links_hold_the_comment_of_a_commenter_who_is_not_trusted() -> None:
    comment = post(LINKS)
    assert (comment.state, comment.held_by) == ("held", "links")
    assert comment.held_because == "It has 3 links. With 2 at most, it appears without waiting."
    assert post(LINKS, author=make_owner()).state == "visible"


def test_a_watched_word_holds_and_is_named_to_the_author(client: Client) -> None:
    save_words(["Clown"], effect=WatchedWord.Effect.HOLD)
    reader = make_reader()
    comment = post("He is a clown.", author=reader)
    assert comment.held_by == "words"
    client.force_login(reader)
    assert "It has the word “Clown”" in client.get(comment.get_absolute_url()).text
    client.force_login(make_reader())
    assert client.get(comment.get_absolute_url()).status_code == 404


def test_a_refused_word_is_named_and_nothing_is_stored(client: Client) -> None:
    save_words(["Clown"], effect=WatchedWord.Effect.REFUSE)
    with pytest.raises(Refused, match="“Clown” aren’t accepted"):
        post("He is a clown.")
    assert not Comment.objects.exists()
    comment = post("He is a man.")
    with pytest.raises(Refused, match="“Clown” aren’t accepted"):
        comment_editing.edit_comment(comment=comment, by=author_of(comment), body="He is a clown.")


@pytest.mark.usefixtures("few_make_a_crowd")
def test_a_new_commenter_waits_until_two_were_published() -> None:
    reader, owner = make_reader(), make_owner()
    for number in range(3):
        User.objects.filter(pk=reader.pk).update(held_comments=0)
        Comment.objects.filter(author=reader).update(posted_at=timezone.now() - timedelta(hours=1))
        comment = post(f"Number {number}", author=reader)
        assert comment.held_by == ("newcomer" if number < 2 else "")
        if comment.held_by:
            moderating.approve(comment=comment, by=owner, reason="Fine")


def test_a_small_publication_holds_no_newcomer() -> None:
    assert post().state == "visible"


def test_an_author_whose_comments_were_often_hidden_waits() -> None:
    reader, owner = make_reader(), make_owner()
    earlier = timezone.now() - timedelta(hours=1)
    comments = [make_comment(author=reader, at=earlier) for _ in range(3)]
    assert post(author=reader).state == "visible"
    Comment.objects.filter(author=reader).update(posted_at=earlier)
    for comment in comments[:2]:
        moderating.hide(comment=comment, by=owner, grounds=GROUNDS, reason="No")
    assert post(author=reader).held_by == "often_hidden"
    Comment.objects.filter(author=reader).update(posted_at=timezone.now() - timedelta(days=8))
    assert post(author=reader).state == "visible"


def heated_thread(*, quarrels: int) -> Comment:
    """Return a reply in a thread with 8 others, of which so many were reported or hidden."""
    root = make_comment()
    replies = [make_comment(parent=root) for _ in range(8)]
    for number, reply in enumerate(replies[:quarrels]):
        if number % 2:
            reporting.report_comment(comment=reply, by=make_reader(), reason="abuse")
        else:
            moderating.hide(comment=reply, by=make_owner(), reason="An insult", grounds=GROUNDS)
    return replies[-1]


def reply_to(parent: Comment, author: User) -> hold_rules.Draft:
    return hold_rules.Draft(author, "And another thing", article=parent.article, parent=parent)


def test_a_heated_thread_is_in_slow_mode(django_assert_num_queries: Any) -> None:
    parent, author = heated_thread(quarrels=4), make_reader()
    assert BY_NAME["heated"].finds(reply_to(parent, author)) == ""  # The first one.
    make_comment(parent=parent, author=author)
    with django_assert_num_queries(1):
        found = BY_NAME["heated"].finds(reply_to(parent, author))
    assert found == "This thread is heated. A moderator reads a second comment within 10 minutes first."
    Comment.objects.filter(author=author).update(posted_at=timezone.now() - hold_rules.SLOW_MODE)
    assert BY_NAME["heated"].finds(reply_to(parent, author)) == ""


def test_an_ordinary_quarrel_and_one_that_is_over_are_not_heated() -> None:
    parent, author = heated_thread(quarrels=3), make_reader()
    make_comment(parent=parent, author=author)
    assert BY_NAME["heated"].finds(reply_to(parent, author)) == ""
    parent = heated_thread(quarrels=8)
    Comment.objects.update(posted_at=timezone.now() - hold_rules.HEATED_WITHIN)
    make_comment(parent=parent, author=author)
    assert BY_NAME["heated"].finds(reply_to(parent, author)) == ""
    assert BY_NAME["heated"].finds(hold_rules.Draft(author, "A thread of its own", article=parent.article)) == ""


def test_a_second_reply_in_a_heated_thread_is_held() -> None:
    parent, author = heated_thread(quarrels=4), make_reader()
    make_comment(parent=parent, author=author, at=timezone.now() - timedelta(minutes=1))
    comment = posting.post_comment(article=parent.article, author=author, body="More", token=uuid4(), parent=parent)
    assert (comment.state, comment.held_by) == ("held", "heated")


@pytest.mark.parametrize(
    ("moment", "held"),
    [
        ("2026-01-15T21:59:59Z", False),
        ("2026-01-15T22:00:00Z", True),  # 23:00 in Oslo, an hour ahead of UTC in winter.
        ("2026-01-16T00:00:01Z", True),
        ("2026-01-16T05:59:59Z", True),
        ("2026-01-16T06:00:00Z", False),
        ("2026-03-29T00:30:00Z", True),  # The night in which clocks go forward.
        ("2026-03-29T05:00:00Z", False),  # 07:00 in summer time.
        ("2026-10-25T05:30:00Z", True),  # 06:30 again, in winter time.
    ],
)
def test_comments_at_night_wait_in_the_sites_time_zone(moment: str, *, held: bool) -> None:
    with timezone.override("Europe/Oslo"):
        found = BY_NAME["night"].finds(hold_rules.Draft(make_reader(), "Words", at=datetime.fromisoformat(moment)))
    assert found.startswith("Between 23:00 and 07:00" if held else "") and bool(found) == held


def test_nights_are_held_only_where_moderators_want_it(monkeypatch: pytest.MonkeyPatch) -> None:
    assert hold_rules.modes()["night"] == Mode.OFF
    monkeypatch.setattr(hold_rules, "NIGHT", (time(0), time(23, 59, 59, 999_999)))
    assert post().state == "visible"
    hold_rules.set_mode("night", Mode.HOLD, by=make_owner())
    assert post().held_by == "night"


def on_network(address: str, *, days: int = 0) -> User:
    reader = make_reader()
    User.objects.filter(pk=reader.pk).update(date_joined=timezone.now() - timedelta(days=days))
    UserSession.objects.create(user=reader, ip=address, session_key=uuid4().hex, user_agent="Firefox")
    return User.objects.get(pk=reader.pk)


def test_several_new_accounts_on_one_network_are_shown_to_moderators_and_not_held(client: Client) -> None:
    article = make_article()
    for _ in range(2):
        assert not post(article=article, author=on_network("203.0.113.7")).reports.exists()
    third = post(article=article, author=on_network("203.0.113.7"))
    assert third.state == "visible" and third.report_count == 0
    assert third.reports.get().note == "Several new accounts on one network"
    client.force_login(make_owner())
    page = client.get(reverse("case", args=[third.pk])).text
    assert "Several new accounts on one network" in page and "203.0.113" not in page


@pytest.mark.parametrize("other", ["members", "elsewhere", "another article", "yesterday"])
def test_who_shares_a_network_by_chance_is_not_shown(other: str, django_assert_num_queries: Any) -> None:
    article = make_article()
    for number in range(3):
        address = f"203.0.113.{number}" if other == "elsewhere" else "203.0.113.7"
        author = on_network(address, days=30 if other == "members" else 0)
        comment = post(article=make_article() if other == "another article" else article, author=author)
        if other == "yesterday":
            Comment.objects.filter(pk=comment.pk).update(posted_at=timezone.now() - hold_rules.CROWD_WITHIN)
    draft = hold_rules.Draft(on_network("203.0.113.7"), "Words", article=article)
    with django_assert_num_queries(1):
        assert BY_NAME["network"].finds(draft) == ""


def test_addresses_of_one_household_in_the_sixth_version_are_one_network() -> None:
    article = make_article()
    for number in range(2):
        post(article=article, author=on_network(f"2001:db8:0:1::{number}"))
    draft = hold_rules.Draft(on_network("2001:db8:0:1:ffff::9"), "Words", article=article)
    assert BY_NAME["network"].finds(draft)


def test_a_held_comment_appears_once_its_author_has_changed_what_was_found() -> None:
    comment = post(LINKS)
    reader = author_of(comment)
    edited = comment_editing.edit_comment(comment=comment, by=reader, body=f"{LINKS} https://four.example")
    assert edited.state == "held" and "4 links" in edited.held_because
    Comment.objects.filter(pk=comment.pk).update(edited_at=timezone.now() - timedelta(minutes=1))
    edited = comment_editing.edit_comment(comment=comment, by=reader, body="One link: https://one.example")
    assert edited.state == "visible" and Article.objects.get(pk=comment.article_id).comment_count == 1
    assert comment_counts.recount() == []


def test_a_hold_that_is_not_about_the_text_stays_through_an_edit() -> None:
    comment = post(author=make_reader(held_comments=1))
    edited = comment_editing.edit_comment(comment=comment, by=author_of(comment), body="Another text")
    assert (edited.state, edited.held_by) == ("held", "sign_up")


def test_an_edit_of_a_public_comment_is_flagged_and_not_held() -> None:
    comment = post()
    edited = comment_editing.edit_comment(comment=comment, by=author_of(comment), body=LINKS)
    report = Report.objects.get()
    assert edited.state == "visible" and (report.reader, report.note) == (None, "Many links")
    assert Comment.objects.get(pk=comment.pk).report_count == 0


def test_a_rule_that_flags_publishes_and_tells_moderators(client: Client) -> None:
    hold_rules.set_mode("links", Mode.FLAG, by=make_owner())
    comment = post(LINKS)
    assert (comment.state, comment.held_by) == ("visible", "") and Report.objects.get().note == "Many links"
    client.force_login(make_owner())
    assert "Many links" in client.get(reverse("moderation")).text
    action = moderating.hide(comment=comment, by=make_owner(), grounds=GROUNDS, reason="Spam")
    assert (action.source, action.found_by_program) == ("rule", True)


def test_a_rule_that_is_off_finds_nothing() -> None:
    hold_rules.set_mode("links", Mode.OFF, by=make_owner())
    assert post(LINKS).state == "visible" and not Report.objects.exists()


def test_imports_and_samples_are_not_held() -> None:
    save_words(["clown"], effect=WatchedWord.Effect.REFUSE)
    assert make_comment(body=f"A clown {LINKS}").state == "visible"


def held_and_decided(number: int, *, approved: int) -> None:
    """Make comments that the rule about links held, of which moderators approved some and hid the others."""
    owner, article = make_owner(), make_article()
    for index in range(number):
        comment = make_comment(article)
        Comment.objects.filter(pk=comment.pk).update(state="held", held_by="links")
        kind = "approve" if index < approved else "hide"
        Comment.objects.filter(pk=comment.pk).update(state="visible" if kind == "approve" else "hidden")
        ModerationAction.objects.create(action=kind, by=owner, reason="x", comment=comment)


@pytest.mark.parametrize(
    ("number", "approved", "mode"),
    [
        (MIN_DECIDED, 6, Mode.HOLD),  # 30 %.
        (MIN_DECIDED, 7, Mode.FLAG),
        (MIN_DECIDED - 1, 19, Mode.HOLD),  # Too few to say anything.
        (0, 0, Mode.HOLD),
    ],
)
def test_a_rule_that_is_wrong_too_often_stops_holding(number: int, approved: int, mode: Mode) -> None:
    held_and_decided(number, approved=approved)
    assert hold_rules.stop_if_wrong("links") == (mode == Mode.FLAG)
    assert hold_rules.modes()["links"] == mode


def test_it_stops_with_the_approval_that_makes_it_too_many() -> None:
    held_and_decided(MIN_DECIDED - 1, approved=6)
    comment = post(LINKS)
    moderating.approve(comment=comment, by=make_owner(), reason="Fine")
    assert hold_rules.modes()["links"] == Mode.FLAG
    assert HoldRule.objects.get().changed_by is None


def test_what_was_held_before_it_was_switched_on_again_does_not_count() -> None:
    held_and_decided(MIN_DECIDED, approved=20)
    assert hold_rules.stop_if_wrong("links")
    hold_rules.set_mode("links", Mode.HOLD, by=make_owner())
    assert not hold_rules.stop_if_wrong("links")


def test_a_restored_comment_counts_as_wrong() -> None:
    comment = post(LINKS)
    owner = make_owner()
    moderating.hide(comment=comment, by=owner, grounds=GROUNDS, reason="Spam")
    moderating.restore(comment=comment, by=owner, reason="It isn’t")
    figures = hold_rules.figures_of("links")
    assert (figures.hits, figures.approved, figures.hidden, figures.overturned) == (1, 0, 1, 1)
    assert figures.wrong_percent == 100


def test_authors_are_told_how_long_it_usually_takes() -> None:
    assert hold_rules.waiting_time() == ""
    held_and_decided(MIN_DECIDED, approved=20)
    Comment.objects.update(posted_at=timezone.now() - timedelta(minutes=40))
    assert hold_rules.waiting_time() == "Usually that takes 40 minutes."
    Comment.objects.update(posted_at=timezone.now() - timedelta(hours=5))
    assert "Usually that takes 5 hours." in post(LINKS).held_because


def test_moderators_switch_rules_and_edit_words(client: Client) -> None:
    client.force_login(make_owner())
    url = reverse("hold_rules")
    page = client.get(url).text
    assert all(str(rule.title) in page for rule in BY_NAME.values())
    client.post(url, {"links": "off", "words": "", "sign_up": "nonsense"})
    assert "off" not in str(WatchedWord.objects.all())
    data: dict[str, Any] = {"links": "off"}
    client.post(url, data)
    assert hold_rules.modes()["links"] == Mode.OFF and HoldRule.objects.get().changed_by is not None
    client.post(url, {"words": "1", "hold": "Clown\nFree money", "refuse": "Vile"})
    assert WatchedWord.objects.count() == 3 and "Free money" in client.get(url).text
    refused = client.post(url, {"words": "1", "hold": "!!!", "refuse": "Vile"})
    assert refused.status_code == 422 and "has no letters or digits" in refused.text and "!!!" in refused.text
    assert WatchedWord.objects.count() == 3


def test_the_page_says_that_a_rule_stopped_itself(client: Client) -> None:
    held_and_decided(MIN_DECIDED, approved=20)
    hold_rules.stop_if_wrong("links")
    client.force_login(make_owner())
    page = client.get(reverse("hold_rules")).text
    assert "Stopped holding on" in page and "20 held, 20 approved after all" in " ".join(page.split())
