"""The page about standing shows the table of the code."""

from datetime import timedelta

import pytest
from django.test import Client

from articles.accounts import trust
from articles.accounts.trust import Contribution, Requirement, Standing

pytestmark = pytest.mark.django_db


def test_the_page_says_what_each_standing_takes_and_adds(client: Client) -> None:
    page = client.get("/rules/standing/").text
    for sentence in (
        "Your account is 3 days old.",
        "Your account is 60 days old.",
        "You have 20 published comments.",
        "For 90 days, moderators have hidden no comment of yours that is still hidden.",
        "15 times in 10 minutes",
        "Comments with more than 2 links aren’t held",
        *map(str, trust.EFFECTS.values()),
    ):
        assert sentence in page
    rows = page.split("<tr")[2:]
    assert [str(title) in row for title, row in zip(trust.TITLES.values(), rows, strict=False)] == [True] * 3
    assert str(trust.EFFECTS[Contribution.REPORT]) in rows[2] and "Moderator" in rows[3]
    assert 'href="/rules/standing/"' in client.get("/rules/").text


def test_a_changed_threshold_changes_the_page(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(trust.REQUIREMENTS, Standing.MEMBER, Requirement(age=timedelta(days=1), public_comments=1))
    page = client.get("/rules/standing/").text
    assert "Your account is 1 day old." in page and "You have 1 published comment." in page


def test_every_contribution_has_an_effect_to_read() -> None:
    assert set(trust.EFFECTS) == set(trust.REQUIRED_STANDING) == set(Contribution)
    assert set(trust.TITLES) == set(trust.REQUIREMENTS)
