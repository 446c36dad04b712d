"""What must hold when people act at the same moment, again and again."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from articles.accounts.models import User
from articles.discussion import (
    comment_counts,
    comment_limits,
    moderating,
    posting,
    recommending,
)
from articles.discussion.comment_withdrawing import withdraw_comment
from articles.discussion.models import Comment, Recommendation
from articles.errors import Refused
from articles.notifications import unread_counts
from articles.publishing import publishing
from articles.publishing.models import Article
from tests.factories import GROUNDS, make_article, make_comment, make_owner, make_reader
from tests.racing import ROUNDS, race

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def in_earnest(settings: Any) -> None:
    """News is told by a process of its own, not in the middle of what is being done."""
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}


def withdrawing(parents: list[Comment], author: User) -> Callable[[int], object]:
    return lambda number: withdraw_comment(comment=parents[number], by=author)


def hiding(parents: list[Comment], author: User) -> Callable[[int], object]:
    moderator = make_owner()
    return lambda number: moderating.hide(comment=parents[number], by=moderator, grounds=GROUNDS, reason="An insult")


@pytest.mark.parametrize("taking_away", [withdrawing, hiding])
def test_a_reply_is_refused_or_is_under_a_tombstone(taking_away: Callable[..., Callable[[int], object]]) -> None:
    article, author, replier = make_article(), make_reader(), make_reader()
    parents = [make_comment(article, author=author) for _ in range(ROUNDS)]
    refused: list[str | None] = []

    def reply(number: int) -> None:
        try:
            make_comment(parent=parents[number], author=replier)
        except Refused as refusal:
            refused.append(refusal.field)

    assert race(taking_away(parents, author), reply, rounds=ROUNDS) == []
    replies = Comment.objects.filter(author=replier)
    assert replies.count() + refused.count("parent") == ROUNDS
    assert not replies.filter(parent=None).exists()
    assert not Comment.objects.public().filter(author=author).exists()
    assert Article.objects.get(pk=article.pk).comment_count == replies.count()
    assert comment_counts.recount() == []


def test_a_reply_to_an_article_that_is_being_deleted_goes_with_it_or_comes_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(comment_limits, "MIN_FORM_SECONDS", 0)
    monkeypatch.setattr(comment_limits, "check_rate_limit", lambda author, text: None)
    parents = [make_comment() for _ in range(ROUNDS)]
    client, replier = Client(), make_reader()
    client.force_login(replier)
    page = client.get(parents[0].article.get_absolute_url()).content.decode()
    token = page.split('name="token" value="')[1].split('"')[0]
    made = page.split('name="made" value="')[1].split('"')[0]
    statuses: set[int] = set()

    def delete(number: int) -> None:
        publishing.delete(parents[number].article)

    def reply(number: int) -> None:
        parent = parents[number]
        # One form for all, so each round begins without what the last one posted.
        Comment.objects.filter(token=token).update(token=uuid4())
        sent = {"body": f"Round {number}", "parent": parent.pk, "token": token, "made": made}
        answer = client.post(reverse("post_comment", args=[parent.article_id]), sent)
        statuses.add(answer.status_code)
        if answer.status_code == 422:
            assert f"Round {number}" in answer.content.decode()

    assert race(delete, reply, rounds=ROUNDS) == []
    assert statuses <= {302, 404, 422}
    assert not Article.objects.exists() and not Comment.objects.exists()
    assert unread_counts.recount_all() == []


def test_a_form_sent_twice_at_once_posts_one_comment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(comment_limits, "check_rate_limit", lambda author, text: None)
    article, author = make_article(), make_reader()
    tokens = [uuid4() for _ in range(ROUNDS)]
    posted: list[int] = []

    def post(number: int) -> None:
        comment = posting.post_comment(article=article, author=author, body=f"Round {number}", token=tokens[number])
        posted.append(comment.pk)

    assert race(post, post, rounds=ROUNDS) == []
    assert len(posted) == 2 * ROUNDS and len(set(posted)) == ROUNDS
    assert Comment.objects.count() == Article.objects.get(pk=article.pk).comment_count == ROUNDS


@pytest.mark.parametrize("who", ["one reader twice", "two readers"])
def test_recommendations_at_once_are_counted_once_for_each_reader(who: str) -> None:
    article, author = make_article(), make_reader()
    comments = [make_comment(article, author=author) for _ in range(ROUNDS)]
    first = make_reader()
    second = first if who == "one reader twice" else make_reader()

    def recommender(by: User) -> Callable[[int], object]:
        return lambda number: recommending.recommend(comment=comments[number], by=by)

    assert race(recommender(first), recommender(second), rounds=ROUNDS) == []
    each = len({first, second})
    assert Recommendation.objects.count() == each * ROUNDS
    assert set(Comment.objects.values_list("recommended", flat=True)) == {each}
    assert comment_counts.recount() == []


def test_recommending_and_taking_back_at_once_ends_in_one_of_the_two() -> None:
    article, author, reader = make_article(), make_reader(), make_reader()
    comments = [make_comment(article, author=author) for _ in range(ROUNDS)]

    def recommend(number: int) -> None:
        recommending.recommend(comment=comments[number], by=reader)

    def take_back(number: int) -> None:
        recommending.remove_recommendation(comment=comments[number], by=reader)

    assert race(recommend, take_back, rounds=ROUNDS) == []
    assert set(Comment.objects.values_list("recommended", flat=True)) <= {0, 1}
    assert comment_counts.recount() == []
