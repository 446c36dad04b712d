"""Standing: who is new, a member or trusted, and whose words count (cases.md A2, A3)."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from articles.accounts import trust
from articles.accounts.models import User
from articles.accounts.trust import Contribution, Standing
from articles.accounts.usernames import validate_not_reserved
from articles.discussion import moderating, recommending
from articles.discussion.models import Recommendation
from tests.factories import GROUNDS, make_article, make_comment, make_owner, make_reader

pytestmark = pytest.mark.django_db

NOBODY = AnonymousUser()


def reader_since(age: timedelta, comments: int = 0) -> User:
    reader = make_reader(date_joined=timezone.now() - age)
    if comments:
        article = make_article()
        for _ in range(comments):
            make_comment(article, author=reader)
    return reader


def test_standing_follows_from_age_comments_and_roles() -> None:
    day = timedelta(days=1)
    assert trust.standing(NOBODY) == Standing.NONE
    assert trust.standing(make_reader(banned_at=timezone.now())) == Standing.NONE
    assert trust.standing(reader_since(timedelta(0))) == Standing.NEW
    assert trust.standing(reader_since(-day)) == Standing.NEW  # The clock was set back.
    assert trust.standing(reader_since(trust.MEMBER_AGE - day)) == Standing.NEW
    assert trust.standing(reader_since(trust.MEMBER_AGE)) == Standing.MEMBER
    assert trust.standing(reader_since(trust.TRUSTED_AGE)) == Standing.MEMBER
    assert trust.standing(make_reader(is_staff=True, date_joined=timezone.now())) == Standing.TRUSTED


def test_a_trusted_reader_whose_comment_is_hidden_is_a_member_again(monkeypatch: pytest.MonkeyPatch) -> None:
    required = trust.REQUIREMENTS[Standing.TRUSTED]
    few = trust.Requirement(age=required.age, public_comments=2, clean_for=required.clean_for)
    monkeypatch.setitem(trust.REQUIREMENTS, Standing.TRUSTED, few)
    reader = reader_since(trust.TRUSTED_AGE, comments=3)
    assert trust.standing(reader) == Standing.TRUSTED and trust.counts(reader, Contribution.REPORT)
    comment = reader.comments.order_by("pk")[0]
    moderating.hide(comment=comment, by=make_owner(), grounds=GROUNDS, reason="Insults")
    assert trust.standing(reader) == Standing.MEMBER and not trust.counts(reader, Contribution.REPORT)
    moderating.restore(comment=comment, by=make_owner(), reason="They were none")
    assert trust.standing(reader) == Standing.TRUSTED


@pytest.mark.parametrize("hours", [-100, -1, 0, 71, 72, 73, 100])
def test_the_condition_on_rows_says_what_the_question_says(hours: int) -> None:
    reader = reader_since(timedelta(hours=hours))
    recommending.recommend(comment=make_comment(), by=reader)
    counted = Recommendation.objects.filter(trust.by_members()).exists()
    assert counted == trust.counts(reader, Contribution.RECOMMENDATION) == (hours >= 72)


@pytest.mark.parametrize(
    "name", ["Fuck", "f.u.c.k", "FuckYou", "fuck_off", "sh1t", "a$$hole", "Αrschloch", "Motherfuckers", "Fuck22"]
)
def test_names_with_blocked_words_are_refused(name: str) -> None:
    with pytest.raises(Exception, match="isn’t allowed"):
        validate_not_reserved(name)


@pytest.mark.parametrize(
    "name", ["Scunthorpe", "Hancock", "Shitake", "Dickens", "Cockburn", "Essex", "Pakistan", "Dyke"]
)
def test_innocent_names_are_not(name: str) -> None:
    validate_not_reserved(name)
