"""A moderator's reason reaches the person, and a ban says what it is."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from articles.accounts.models import User
from articles.discussion import moderating, recommending, sanctions
from articles.discussion.grounds import Grounds
from articles.discussion.models import Comment
from articles.notifications import digest_schedule
from articles.publishing.community_rules import current_clauses
from tests.discussion.test_discussion_pages import HTMX
from tests.factories import GROUNDS, author_of, make_article, make_comment, make_owner, make_reader

pytestmark = pytest.mark.django_db

REASON = "Insults a <b>neighbour"
ESCAPED = "Insults a &lt;b&gt;neighbour"


@pytest.fixture
def hidden() -> Comment:
    """A hidden comment with a reply."""
    comment = make_comment(body="Vile *words*")
    make_comment(parent=comment, body="A calm reply")
    moderating.hide(comment=comment, by=make_owner(), grounds=GROUNDS, reason=REASON)
    comment.refresh_from_db()
    return comment


def as_(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def pages_of(comment: Comment) -> list[str]:
    return [comment.article.get_absolute_url(), comment.get_absolute_url(), reverse("thread", args=[comment.pk])]


def test_the_author_of_a_hidden_comment_reads_once_which_rule_it_broke() -> None:
    comment = make_comment()
    clause = current_clauses()[0]
    grounds = Grounds(clause=clause, facts="The second sentence is an insult.")
    moderating.hide(comment=comment, by=make_owner(), grounds=grounds, reason=REASON)
    for url in pages_of(comment):
        html = as_(author_of(comment)).get(url).text
        assert f"Under rule {clause.number}" in html and f"Rule: {clause.number}" not in html, url


def test_the_author_of_a_hidden_comment_sees_the_reason_and_their_words(hidden: Comment) -> None:
    """cases.md T7: they learned only that a moderator hid it."""
    author = author_of(hidden)
    client = as_(author)
    for url in [*pages_of(hidden), reverse("inbox"), author.get_absolute_url()]:
        html = client.get(url).text
        assert f"Reason: {ESCAPED}" in html and '<p dir="auto">Vile <em>words</em></p>' in html, url
    assert "contact the" in client.get(hidden.get_absolute_url()).text


def test_moderators_see_the_words_of_a_hidden_comment_folded(hidden: Comment) -> None:
    """cases.md T7."""
    client = as_(make_reader(permissions=["articles.change_comment"]))
    for url in pages_of(hidden):
        html = client.get(url).text
        (folded,) = re.findall(r'<details class="hidden-text">(.*?)</details>', html, re.DOTALL)
        assert (
            "Hidden text" in folded
            and '<p dir="auto">Vile <em>words</em></p>' in folded
            and f"Reason: {ESCAPED}" in html
        )


def test_nobody_else_sees_the_words_or_the_reason(hidden: Comment) -> None:
    """cases.md T7."""
    author = author_of(hidden)
    for client in (Client(), as_(make_reader()), as_(make_reader(permissions=["articles.publish_article"]))):
        for url in [*pages_of(hidden), author.get_absolute_url(), reverse("reader_feed", args=[author.username])]:
            html = client.get(url).text
            assert "Vile" not in html and "neighbour" not in html, url


def test_everyone_reads_under_which_rule_a_comment_was_hidden_until_it_is_restored() -> None:
    comment, moderator = make_comment(), make_owner()
    make_comment(parent=comment)
    clause = next(clause for clause in current_clauses() if "'" in clause.title)
    moderating.hide(comment=comment, by=moderator, grounds=Grounds(clause=clause), reason="Insults Ada")
    title = clause.title.replace("'", "’")
    line = f'Under rule {clause.number}, <a href="/rules/">{title}</a>. Its author was told why'
    for url in pages_of(comment):
        html = " ".join(Client().get(url).text.split())
        assert line in html and "Insults Ada" not in html
    moderating.restore(comment=comment, by=moderator, reason="It was a joke")
    assert "Under rule" not in Client().get(comment.article.get_absolute_url()).text


def test_a_law_is_not_named_to_everyone(hidden: Comment) -> None:
    for url in pages_of(hidden):
        html = Client().get(url).text
        assert "Hidden by a moderator." in html and "Under rule" not in html and GROUNDS.law not in html


def test_a_restored_comment_has_no_reason(hidden: Comment) -> None:
    moderating.restore(comment=hidden, by=make_owner(), reason="It was none")
    client = as_(author_of(hidden))
    for url in [*pages_of(hidden), author_of(hidden).get_absolute_url()]:
        html = client.get(url).text
        assert "Vile <em>words" in html and "Reason:" not in html


def test_the_reason_is_that_of_the_last_hiding(hidden: Comment) -> None:
    moderating.restore(comment=hidden, by=make_owner(), reason="It was none")
    moderating.hide(comment=hidden, by=make_owner(), grounds=GROUNDS, reason="It was one")
    assert "Reason: It was one" in as_(author_of(hidden)).get(hidden.get_absolute_url()).text


def test_a_digest_does_not_repeat_the_email_about_a_hidden_comment(
    hidden: Comment, letters: Callable[[], list[EmailMessage]]
) -> None:
    with time_machine.travel(timezone.now() + timedelta(days=1), tick=False):
        digest_schedule.queue_due_digests()
    # The statement of reasons was sent when it was hidden, before this test's mail folder was there.
    [digest] = letters()
    assert "moderator hid" not in digest.as_string() and "replied to you" in digest["Subject"]


def test_a_page_asks_once_for_all_hidden_comments(hidden: Comment) -> None:
    def queries(client: Client) -> int:
        with CaptureQueriesContext(connection) as asked:
            client.get(hidden.get_absolute_url())
        return len(asked)

    client = as_(make_owner())
    queries(client)
    one = queries(client)
    for _number in range(3):
        moderating.hide(
            comment=make_comment(parent=hidden.replies.get(body="A calm reply")),
            by=make_owner(),
            grounds=GROUNDS,
            reason="Spam",
        )
    assert queries(client) == one


# Bans


@pytest.fixture
def banned(reader: User) -> User:
    """A reader who was banned after they commented and recommended."""
    own = make_comment(author=reader)
    recommending.recommend(comment=make_comment(own.article), by=reader)
    with time_machine.travel(datetime(2026, 11, 24, 9, 40, tzinfo=UTC), tick=False):
        sanctions.ban(reader=reader, by=make_owner(), grounds=GROUNDS, reason="Insults")
    reader.refresh_from_db()
    return reader


TOLD = "A moderator banned you on 24 November 2026. The ban has no end date. You can read but not post. Reason: Insults"


@pytest.mark.parametrize("email", ["editors@paper.example", ""])
def test_a_banned_reader_is_told_why_and_until_when_where_the_forms_would_be(
    banned: User, settings: Any, email: str
) -> None:
    """cases.md T8. Without an address, a banned reader, who may not report, is led nowhere."""
    settings.EDITOR_EMAIL = email
    article = make_article()
    comment = make_comment(article)
    client = as_(banned)
    passage = reverse("passage", args=[article.pk, article.blocks.first().anchor])  # type: ignore[union-attr]
    for url in [*pages_of(comment), passage, reverse("settings")]:
        html = client.get(url).text
        assert TOLD in html and "Sign in" not in html, url
        assert ("contact the editors" in html) == bool(email), url
    assert "You can’t suggest topics because you’re banned." in client.get(article.get_absolute_url()).text


@pytest.mark.parametrize("email", ["editors@paper.example", ""])
@pytest.mark.parametrize("is_banned", [False, True])
def test_the_author_of_a_hidden_comment_is_led_to_someone_who_can_be_reached(
    hidden: Comment, settings: Any, email: str, is_banned: bool
) -> None:
    settings.EDITOR_EMAIL = email
    author = author_of(hidden)
    if is_banned:
        sanctions.ban(reader=author, by=make_owner(), grounds=GROUNDS, reason="Insults")
    html = as_(author).get(hidden.get_absolute_url()).text
    assert "Only you and moderators can read this comment." in html
    assert html.count("contact the editors") == ((1 + is_banned) if email else (not is_banned))


def test_a_banned_reader_sees_no_button_that_does_nothing(banned: User) -> None:
    """cases.md T8: Recommend did nothing, and Reply opened a form in vain."""
    own = Comment.objects.get(author=banned)
    comment, liked = make_comment(own.article), make_comment(own.article)
    recommending.recommend(comment=liked, by=make_reader())
    client = as_(banned)
    for url in pages_of(comment):
        html = client.get(url).text
        for name in ("reply", "report", "edit_comment"):
            assert not any(reverse(name, args=[row.pk]) in html for row in (comment, own, liked)), (url, name)
        assert reverse("recommend", args=[comment.pk]) not in html
    html = client.get(comment.article.get_absolute_url()).text
    assert reverse("withdraw_comment", args=[own.pk]) in html and "Recommended 1" in html


@pytest.mark.parametrize("name", ["reply", "recommend", "report", "edit_comment"])
@pytest.mark.parametrize("headers", [{}, HTMX])
def test_a_form_of_a_page_opened_before_the_ban_says_that_it_is_one(
    banned: User, name: str, headers: dict[str, str]
) -> None:
    """cases.md T8."""
    with_form = Comment.objects.get(author=banned) if name == "edit_comment" else make_comment()
    client = as_(banned)
    url = reverse(name, args=[with_form.pk])
    answer = client.get(url, headers=headers)
    assert answer.status_code == 422 and TOLD in answer.text and "<textarea" not in answer.text
    assert not re.search(r'<button type="submit">(?!Search)', answer.text)
    if headers:
        assert answer["HX-Retarget"] == f"#slot-{with_form.pk}"


def test_a_banned_reader_can_take_back_a_recommendation(reader: User) -> None:
    comment = make_comment()
    recommending.recommend(comment=comment, by=reader)
    sanctions.ban(reader=reader, by=make_owner(), grounds=GROUNDS, reason="Insults")
    client, url = as_(reader), reverse("recommend", args=[comment.pk])
    assert url in client.get(comment.article.get_absolute_url()).text
    answer = client.post(url, {"on": "0"}, headers=HTMX)
    assert "Recommendation removed." in answer.text and "<button" not in answer.text


def test_pages_of_banned_and_other_readers_are_not_mixed_up(banned: User) -> None:
    comment = make_comment()
    url, reply = comment.article.get_absolute_url(), reverse("reply", args=[comment.pk])
    clients: list[Any] = [as_(make_reader()), as_(banned), as_(make_reader()), as_(banned)]
    assert [reply in client.get(url).text for client in clients] == [True, False, True, False]
