"""Sign-ups that look automated cost a person nothing but a moderator's look (cases.md A4, A5)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from allauth.usersessions.models import UserSession
from django.db import connections
from django.test import Client
from django.utils import timezone

from articles.accounts import spam_prevention
from articles.accounts.models import User
from articles.discussion import comment_counts, moderating, posting, recommending
from articles.discussion.models import Comment
from articles.errors import Refused
from articles.topics import tagging
from articles.web.ip_rate_limits import network_of
from tests.factories import PASSWORD, make_article, make_comment, make_owner, make_reader

pytestmark = pytest.mark.django_db


def fill_in(client: Client, opened: str, name: str) -> Any:
    data = {"email": f"{name}@paper.example", "username": name, "password1": PASSWORD, "opened": opened}
    return client.post("/accounts/signup/", data)


def test_a_form_serves_for_one_account(client: Client) -> None:
    """cases.md A4."""
    opened = spam_prevention.opened_now()
    assert fill_in(client, opened, "ana").status_code == 302
    for name in ("berta", "carl"):
        answer = fill_in(Client(), opened, name)
        assert answer.status_code == 422 and "This form expired" in answer.text
        assert User.objects.count() == 1
    again = answer.context["form"]["opened"].value()
    assert again != opened and fill_in(Client(), again, "carl").status_code == 302


@pytest.mark.parametrize("opened", ["", "forged", "eyJ9:1:2"])
def test_a_form_that_expired_keeps_all_that_was_typed(client: Client, opened: str) -> None:
    answer = fill_in(client, opened, "ana")
    assert answer.status_code == 422 and "no-store" in answer["Cache-Control"]
    assert f'value="{PASSWORD}"' in answer.text and 'value="ana@paper.example"' in answer.text
    again = answer.context["form"]["opened"].value()
    assert fill_in(client, again, "ana").status_code == 302


@pytest.mark.django_db(transaction=True)
def test_one_form_sent_many_times_at_once_makes_one_account() -> None:
    opened = spam_prevention.opened_now()

    def send(number: int) -> int:
        try:
            return int(fill_in(Client(), opened, f"reader{'abcdefgh'[number]}").status_code)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(send, range(4)))
    assert answers.count(302) == User.objects.count() == 1


@pytest.mark.parametrize("trap", [{"after": 0.5}, {"website": "https://me.example"}])
def test_suspicion_is_silent_and_holds_the_first_comments(client: Client, sign_up: Any, trap: dict[str, Any]) -> None:
    """cases.md A5: a password manager fills in everything and presses the button after a second."""
    answer = sign_up(**trap)
    assert answer.status_code == 302
    reader = User.objects.get(username="Ana")
    assert reader.held_comments == spam_prevention.HELD_FIRST
    article = make_article()
    comment = posting.post_comment(article=article, author=reader, body="Hello there", token=uuid4())
    assert comment.state == Comment.State.HELD and "first comments" in comment.held_because
    assert "Hello there" not in Client().get(article.get_absolute_url()).text
    assert "Hello there" in client.get(comment.get_absolute_url()).text  # Its author sees it.
    assert comment_counts.recount() == []
    moderating.approve(comment=comment, by=make_owner(), reason="Fine")
    assert "Hello there" in Client().get(article.get_absolute_url()).text
    assert User.objects.get(pk=reader.pk).held_comments == spam_prevention.HELD_FIRST - 1
    assert comment_counts.recount() == []


@pytest.mark.parametrize("after", [5, -3600], ids=["usual", "the clock was set back since"])
def test_whoever_takes_the_usual_time_is_not_suspected(sign_up: Any, after: float) -> None:  # faults F19
    sign_up(after=after)
    assert User.objects.get(username="Ana").held_comments == 0


def test_many_accounts_from_one_network_are_held() -> None:
    """cases.md A4."""
    for number in range(spam_prevention.ACCOUNTS_PER_HOUR + 1):
        with time_machine.travel(timezone.now() - timedelta(seconds=5)):
            opened = spam_prevention.opened_now()
        fill_in(Client(), opened, f"reader{'abcdefgh'[number]}")
    held = User.objects.order_by("pk").values_list("held_comments", flat=True)
    assert list(held) == [0] * spam_prevention.ACCOUNTS_PER_HOUR + [spam_prevention.HELD_FIRST]


def test_a_household_is_one_network() -> None:
    assert network_of("2001:db8:1:2::7") == network_of("2001:db8:1:2:ffff::1") != network_of("2001:db8:1:3::7")
    assert network_of("203.0.113.7") != network_of("203.0.113.8")


def test_new_accounts_on_one_network_share_a_pace(monkeypatch: pytest.MonkeyPatch) -> None:
    """cases.md A4: eleven accounts say no more than one may."""
    monkeypatch.setattr(spam_prevention, "WRITES_PER_WINDOW", 4)
    new = [make_reader(date_joined=timezone.now()) for _ in range(3)]
    for reader in new:
        UserSession.objects.create(user=reader, ip="203.0.113.7", session_key=f"key{reader.pk}")
    comment, article = make_comment(), make_article()
    for reader in new:
        recommending.recommend(comment=comment, by=reader)
    recommending.recommend(comment=comment, by=new[0])  # Says nothing new.
    tagging.tag(article, "Harbours", by=new[0])
    with pytest.raises(Refused) as refused:
        posting.post_comment(article=article, author=new[1], body="Hello", token=uuid4())
    assert refused.value.retry_after
    elsewhere = make_reader(date_joined=timezone.now())
    UserSession.objects.create(user=elsewhere, ip="203.0.113.8", session_key="other")
    for reader in (elsewhere, make_reader()):  # Another network; and a member on whatever network.
        recommending.recommend(comment=comment, by=reader)
