"""Moderators' verbs and pages."""

from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from articles.accounts.models import User
from articles.discussion import (
    closing,
    comment_counts,
    comment_withdrawing,
    moderating,
    moderation_log,
    reporting,
    sanctions,
)
from articles.discussion.models import Comment, ModerationAction, Report
from articles.errors import Refused
from articles.publishing.models import Article
from tests.factories import GROUNDS, author_of, make_article, make_comment, make_owner, make_reader

pytestmark = pytest.mark.django_db


@pytest.fixture
def moderator() -> User:
    return make_reader(permissions=["articles.change_comment"])


@pytest.fixture
def at_work(client: Client, moderator: User) -> Client:
    client.force_login(moderator)
    return client


def test_a_hidden_comment_is_gone_everywhere_but_its_place(moderator: User, client: Client) -> None:
    comment = make_comment(body="Vile words")
    make_comment(parent=comment, body="A calm answer")
    moderating.hide(comment=comment, by=moderator, grounds=GROUNDS, reason="Insults")
    article = Article.objects.get(pk=comment.article_id)
    assert article.comment_count == 1
    for url in (article.get_absolute_url(), comment.get_absolute_url(), reverse("thread", args=[comment.pk])):
        page = client.get(url).content.decode()
        assert "Vile words" not in page and author_of(comment).username not in page
        assert "A calm answer" in page and "Hidden by a moderator" in page
    assert client.get(comment.get_absolute_url()).status_code == 410
    assert client.get(reverse("comment_versions", args=[comment.pk])).status_code == 404
    assert comment_counts.recount() == []


def test_a_restored_comment_is_back_and_the_reports_count_no_more(moderator: User) -> None:
    comment = make_comment(body="Plain words")
    reporting.report_comment(comment=comment, by=make_reader(), reason="abuse")
    moderating.hide(comment=comment, by=moderator, grounds=GROUNDS, reason="Insults")
    moderating.restore(comment=comment, by=moderator, reason="They were none")
    comment.refresh_from_db()
    assert comment.state == Comment.State.VISIBLE and "Plain words" in comment.html
    assert comment.report_count == 0
    assert comment.article.comment_count == 1
    assert [act.action for act in ModerationAction.objects.order_by("pk")] == ["hide", "restore"]
    assert comment_counts.recount() == []


def test_a_withdrawn_comment_can_be_neither_hidden_nor_restored(moderator: User) -> None:
    comment = make_comment()
    moderating.hide(comment=comment, by=moderator, grounds=GROUNDS, reason="Insults")
    comment_withdrawing.withdraw_comment(comment=comment, by=author_of(comment))
    verb: Any
    for verb, grounds in (
        (moderating.hide, {"grounds": GROUNDS}),
        (moderating.restore, {}),
        (moderating.approve, {}),
    ):
        with pytest.raises(Refused):
            verb(comment=comment, by=moderator, reason="Why not", **grounds)
    assert comment_counts.recount() == []


def test_a_held_comment_has_no_place_until_it_is_approved(moderator: User, client: Client) -> None:
    comment = make_comment(body="Held words")
    comment_counts.count_visible(comment.article_id, by=-1)
    Comment.objects.filter(pk=comment.pk).update(state=Comment.State.HELD)
    for page in ("comment", "thread", "comment_versions"):
        assert client.get(reverse(page, args=[comment.pk])).status_code == 404
    assert b"Held words" not in client.get(comment.article.get_absolute_url()).content
    moderating.approve(comment=comment, by=moderator, reason="Nothing is wrong")
    assert b"Held words" in client.get(comment.article.get_absolute_url()).content
    assert comment_counts.recount() == []


@pytest.mark.parametrize("reason", ["", "  ", "x" * (moderation_log.MAX_REASON_LENGTH + 1)])
def test_every_act_needs_a_reason(moderator: User, reason: str) -> None:
    comment = make_comment()
    verb: Any
    target: Any
    for verb, target in [
        (moderating.hide, {"comment": comment, "grounds": GROUNDS}),
        (closing.close_discussion, {"article": comment.article}),
        (sanctions.ban, {"reader": comment.author, "grounds": GROUNDS}),
    ]:
        with pytest.raises(Refused) as refusal:
            verb(**target, by=moderator, reason=reason)
        assert refusal.value.field == "reason"
    assert not ModerationAction.objects.exists()


def test_only_moderators_have_power() -> None:
    comment, reader = make_comment(), make_reader()
    verb: Any
    target: Any
    for verb, target in [
        (moderating.hide, {"comment": comment, "grounds": GROUNDS}),
        (closing.close_discussion, {"article": comment.article}),
        (sanctions.ban, {"reader": comment.author, "grounds": GROUNDS}),
    ]:
        with pytest.raises(Refused):
            verb(**target, by=reader, reason="I want it")
    assert not ModerationAction.objects.exists()


def test_those_who_run_the_paper_cannot_be_banned(moderator: User) -> None:
    for reader in (moderator, make_owner(), make_reader(permissions=["articles.change_comment"])):
        with pytest.raises(Refused):
            sanctions.ban(reader=reader, by=moderator, grounds=GROUNDS, reason="Quarrel")


@pytest.mark.django_db(transaction=True)
def test_of_two_moderators_at_once_one_decides_and_one_is_refused(moderator: User) -> None:
    comment = make_comment()
    outcomes: list[str] = []
    start = Barrier(2)

    def hide() -> None:
        start.wait()
        try:
            moderating.hide(comment=comment, by=moderator, grounds=GROUNDS, reason="Insults")
            outcomes.append("hidden")
        except Refused as refusal:
            outcomes.append(refusal.reason)
        finally:
            connection.close()

    threads = [Thread(target=hide) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert "hidden" in outcomes and any("Another moderator" in outcome for outcome in outcomes)
    assert ModerationAction.objects.count() == 1
    assert comment_counts.recount() == []


@pytest.mark.parametrize(
    "name", ["hide_comment", "restore_comment", "approve_comment", "dismiss_reports", "close_discussion", "ban_reader"]
)
def test_the_acts_are_closed_to_readers_and_strangers(client: Client, name: str) -> None:
    comment = make_comment()
    target = {"close_discussion": comment.article_id, "ban_reader": comment.author_id}.get(name, comment.pk)
    url = reverse(name, args=[target])
    assert client.post(url, {"reason": "I want it"}).status_code == 302
    client.force_login(make_reader())
    for answer in (client.get(url), client.post(url, {"reason": "I want it"})):
        assert answer.status_code == 403
    assert not ModerationAction.objects.exists()


def test_the_moderation_page_is_for_moderators(client: Client) -> None:
    assert client.get(reverse("moderation")).status_code == 302
    client.force_login(make_reader())
    assert client.get(reverse("moderation")).status_code == 403


def test_a_moderator_works_reports_by_plain_forms(at_work: Client) -> None:
    comment = make_comment(body="Vile words")
    for note in ("He means me", ""):
        reporting.report_comment(comment=comment, by=make_reader(), reason="abuse", note=note)
    page = at_work.get(reverse("moderation")).content.decode()
    assert page.count("Abuse or insults") == 2 and "He means me" in page and "Vile words" in page
    hide = reverse("hide_comment", args=[comment.pk])
    refused = at_work.post(hide, {"reason": "", "ground": "1"})
    assert refused.status_code == 422 and b"Give a reason" in refused.content
    at_work.post(hide, {"reason": "Insults", "ground": "1"})
    page = at_work.get(reverse("moderation")).text
    assert "Comment hidden." in page and "No cases are waiting." in page
    assert set(Report.objects.values_list("state", flat=True)) == {"upheld"}


def test_the_moderation_page_asks_a_constant_number_of_queries(at_work: Client) -> None:
    def cases(number: int) -> None:
        for _ in range(number):
            reporting.report_comment(comment=make_comment(), by=make_reader(), reason="spam")

    cases(2)
    at_work.get(reverse("moderation"))
    with CaptureQueriesContext(connection) as few:
        at_work.get(reverse("moderation"))
    cases(5)
    with CaptureQueriesContext(connection) as many:
        at_work.get(reverse("moderation"))
    assert len(few) == len(many)


def test_a_closed_discussion_says_why_and_has_no_form(at_work: Client, moderator: User) -> None:
    article = make_article()
    url = reverse("close_discussion", args=[article.pk])
    assert at_work.get(url).status_code == 200
    at_work.post(url, {"reason": "All is said"})
    page = at_work.get(article.get_absolute_url()).content.decode()
    assert "All is said" in page and 'name="body"' not in page
    at_work.post(reverse("reopen_discussion", args=[article.pk]), {"reason": "News"})
    assert 'name="body"' in at_work.get(article.get_absolute_url()).content.decode()


def test_a_banned_reader_is_named_in_the_log_and_let_back(at_work: Client) -> None:
    reader = make_reader()
    at_work.post(reverse("ban_reader", args=[reader.pk]), {"reason": "Insults", "days": "7", "ground": "1"})
    reader.refresh_from_db()
    assert reader.is_banned and reader.banned_reason == "Insults"
    page = at_work.get(reverse("moderation") + "?show=decided").text
    assert reader.username in page and reverse("unban_reader", args=[reader.pk]) in page
    at_work.post(reverse("unban_reader", args=[reader.pk]), {"reason": "Sorry said"})
    reader.refresh_from_db()
    assert not reader.is_banned


def test_hiding_through_htmx_puts_the_tombstone_in_place(at_work: Client) -> None:
    comment = make_comment(body="Vile words")
    url = reverse("hide_comment", args=[comment.pk])
    answer = at_work.post(url, {"reason": "Insults", "ground": "1"}, headers={"HX-Request": "true"})
    assert answer["HX-Retarget"] == f"#comment-{comment.pk}" and answer["HX-Reswap"] == "outerHTML"
    before, _folded, after = answer.text.partition('<details class="hidden-text">')
    assert "Hidden by a moderator" in before and "Vile words" not in before and "Vile words" in after
