"""Who has a case."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from articles.accounts.models import User
from articles.discussion.models import Comment
from articles.errors import Refused
from articles.moderation import claiming
from articles.moderation.models import Claim
from tests.factories import make_comment
from tests.moderation.cases import appealed, held, make_moderator, noticed
from tests.racing import ROUNDS, race

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada() -> User:
    return make_moderator("Ada")


@pytest.fixture
def bram() -> User:
    return make_moderator("Bram")


def later(minutes: int) -> None:
    Claim.objects.update(ends_at=timezone.now() + claiming.CLAIM_PERIOD - timedelta(minutes=minutes))


def test_whoever_opens_a_case_has_it_for_ten_minutes(ada: User, bram: User) -> None:
    comment = held()
    assert claiming.claim(comment, by=ada).by == ada
    later(4)
    other = claiming.claim(comment, by=bram)
    assert other.by == ada and claiming.sentence_of(other) == "Ada has this case, 6 minutes left."
    later(10)
    assert claiming.sentence_of(other) != "" and claiming.claim(comment, by=bram).by == bram


def test_opening_it_again_gives_more_time(ada: User) -> None:
    comment = held()
    claiming.claim(comment, by=ada)
    later(9)
    assert claiming.claim(comment, by=ada).ends_at > timezone.now() + timedelta(minutes=9)


def test_a_case_is_taken_over_deliberately(ada: User, bram: User) -> None:
    comment = held()
    claiming.claim(comment, by=ada)
    assert claiming.claim(comment, by=bram, take_over=True).by == bram
    with pytest.raises(Refused, match="Bram has taken this case over"):
        claiming.require_not_taken(comment, by=ada)
    claiming.require_not_taken(comment, by=bram)


def test_only_ones_own_claim_is_given_back(ada: User, bram: User) -> None:
    comment = held()
    claiming.claim(comment, by=ada)
    claiming.release(comment, by=bram)
    assert Claim.objects.exists()
    claiming.release(comment, by=ada)
    assert not Claim.objects.exists()


def test_the_database_refuses_two_claims_on_a_case_and_claims_on_none(ada: User, bram: User) -> None:
    comment, ends_at = make_comment(), timezone.now()
    Claim.objects.create(comment=comment, by=ada, ends_at=ends_at)
    for wrong in ({"comment": comment}, {}, {"comment": make_comment(), "place": noticed()}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Claim.objects.create(by=bram, ends_at=ends_at, **wrong)


def test_claims_that_have_ended_are_deleted(ada: User) -> None:
    claiming.claim(held(), by=ada)
    assert claiming.delete_ended() == 0
    later(10)
    assert claiming.delete_ended() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_who_open_a_case_at_once_one_has_it(ada: User, bram: User) -> None:
    comment = held()
    holders: list[set[str]] = [set() for _ in range(ROUNDS)]

    def opened_by(person: User) -> object:
        def open_case(number: int) -> None:
            holders[number].add(claiming.claim(comment, by=person).by.username)

        return open_case

    assert race(opened_by(ada), opened_by(bram), rounds=ROUNDS) == []  # type: ignore[arg-type]
    assert Claim.objects.count() == 1 and all(len(names) == 1 for names in holders)


@pytest.mark.parametrize("kind", ["comment", "place", "appeal"])
def test_the_page_of_a_case_claims_it_and_tells_others(client: Client, ada: User, bram: User, kind: str) -> None:
    url = {
        "comment": lambda: reverse("case", args=[held().pk]),
        "place": lambda: reverse("decide_notice", args=[noticed().pk]),
        "appeal": lambda: reverse("review_appeal", args=[appealed().pk]),
    }[kind]()
    client.force_login(ada)
    assert "Yours until" in client.get(url).text
    client.force_login(bram)
    page = client.get(url).text
    assert "Ada has this case, 10 minutes left." in page and 'type="submit"' not in page
    claim = Claim.objects.get()
    take = reverse("claim_case", args=[kind, getattr(claim, f"{kind}_id")])
    assert take in page
    assert client.post(take, {"take": "1"})["Location"] == url
    assert "Yours until" in client.get(url).text
    client.force_login(ada)
    assert "Bram has this case" in client.get(url).text
    client.force_login(bram)
    assert client.post(take)["Location"] == reverse("moderation")
    assert not Claim.objects.exists()


def test_a_case_that_needs_no_decision_is_not_claimed(client: Client, ada: User) -> None:
    client.force_login(ada)
    assert client.get(reverse("case", args=[make_comment().pk])).status_code == 200
    assert not Claim.objects.exists()


@pytest.mark.parametrize(("kind", "pk"), [("comment", 2**70), ("article", 1), ("place", 1)])
def test_a_claim_on_nothing_is_not_found(client: Client, ada: User, kind: str, pk: int) -> None:
    client.force_login(ada)
    assert client.post(reverse("claim_case", args=[kind, pk])).status_code == 404


def test_a_claim_goes_with_the_account_and_with_the_comment(ada: User, bram: User) -> None:
    first, second = held(), held()
    claiming.claim(first, by=ada)
    claiming.claim(second, by=bram)
    ada.delete()
    Comment.objects.filter(pk=second.pk).delete()
    assert not Claim.objects.exists()
