"""Dates of articles: ahead of publication, and how old an article is."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.apps import apps
from django.db import connection
from django.test import Client
from django.utils import timezone

from articles.publishing import publishing, saving
from articles.publishing.models import Article
from articles.publishing.prepublish_checks import findings
from tests.factories import make_article, make_owner

pytestmark = pytest.mark.django_db

EVENING = datetime(2026, 11, 24, 20, 0, tzinfo=UTC)
TODAY, TOMORROW = date(2026, 11, 24), date(2026, 11, 25)
AHEAD = [TOMORROW, date(2031, 1, 1), date(9999, 12, 31)]


def newest() -> list[str]:
    return list(Article.objects.public().newest_first().values_list("headline", flat=True))


@pytest.mark.parametrize("dated", AHEAD)
def test_an_article_dated_ahead_has_no_age(client: Client, dated: date) -> None:
    """cases.md T5: “This article is -1 years old.”"""
    with time_machine.travel(EVENING, tick=False):
        article = make_article(dated=dated)
        assert article.age_years == 0
        assert "old." not in client.get(article.get_absolute_url()).text


@pytest.mark.parametrize(
    ("dated", "today", "years"),
    [
        (date(2026, 11, 24), date(2026, 11, 24), 0),
        (date(2025, 11, 25), date(2026, 11, 24), 0),
        (date(2025, 11, 24), date(2026, 11, 24), 1),
        (date(2024, 2, 28), date(2025, 2, 27), 0),  # 365 days, but not a year.
        (date(2024, 2, 29), date(2025, 2, 28), 0),
        (date(2024, 2, 29), date(2025, 3, 1), 1),
        (date(1926, 11, 25), date(2026, 11, 24), 99),
    ],
)
def test_an_age_is_in_whole_years_of_the_calendar(dated: date, today: date, years: int) -> None:
    with time_machine.travel(datetime(today.year, today.month, today.day, 12, tzinfo=UTC), tick=False):
        assert Article(dated=dated).age_years == years


@pytest.mark.parametrize("dated", AHEAD)
def test_lists_sort_an_article_dated_ahead_by_its_publication(client: Client, dated: date) -> None:
    """cases.md T5: it headed the front page and the feed until its date, and feed readers for ever."""
    with time_machine.travel(EVENING, tick=False):
        ahead = make_article("Dated ahead", dated=dated, at=EVENING, dated_at=datetime(2031, 1, 1, tzinfo=UTC))
    later = EVENING + timedelta(hours=1)
    make_article("An hour later", dated=TODAY, dated_at=later, at=later)
    with time_machine.travel(later + timedelta(minutes=1), tick=False):
        assert newest() == ["An hour later", "Dated ahead"]
        for url in ("/", "/feed/"):
            html = client.get(url).text
            assert 0 < html.index("An hour later") < html.index("Dated ahead")
        assert "<published>2031" not in client.get("/feed/").text
        assert '"datePublished":"2026-11-24' in client.get(ahead.get_absolute_url()).text.replace('": "', '":"')


def test_articles_of_a_day_without_a_time_come_after_those_with_one() -> None:
    noon = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
    make_article("No time", dated=date(2026, 11, 23))
    make_article("At noon", dated=date(2026, 11, 23), dated_at=noon)
    make_article("The day before", dated=date(2026, 11, 22), dated_at=noon - timedelta(days=1))
    assert newest() == ["At noon", "No time", "The day before"]


def test_the_order_follows_each_change_of_a_date() -> None:
    article = make_article("Moved", dated=date(2020, 1, 1))
    make_article("Other", dated=date(2021, 1, 1))
    assert newest() == ["Other", "Moved"]
    article.refresh_from_db()
    article.dated = date(2022, 1, 1)
    saving.save_article(article, by=None)
    assert newest() == ["Moved", "Other"]
    draft = make_article("Draft", published=False)
    publishing.publish(draft, by=make_owner())
    draft.refresh_from_db()
    assert draft.sort_at is not None and draft.go_live_at is not None and draft.sort_at <= draft.go_live_at


@pytest.mark.parametrize("dated", [date(1, 1, 1), date(9999, 12, 31)])
def test_the_first_and_the_last_day_of_the_calendar_can_be_saved(dated: date) -> None:
    assert make_article(dated=dated, published=False).sort_at is not None


def test_the_desk_names_a_date_ahead() -> None:
    """cases.md T5."""

    def problems(article: Article) -> list[str]:
        return [finding.problem for finding in findings(article) if finding.field == "id_dated"]

    with time_machine.travel(EVENING, tick=False):
        later = "The date is later than the day of publication: 25 November 2026."
        assert problems(make_article(dated=TOMORROW, published=False)) == [later]
        assert problems(make_article(dated=TOMORROW, at=EVENING)) == [later]
        assert problems(make_article(dated=TODAY, published=False)) == []
        assert problems(make_article(dated=TOMORROW, at=EVENING + timedelta(days=1))) == []


def test_the_migration_orders_the_articles_that_are_there() -> None:
    from importlib import import_module

    articles = [
        make_article(dated=date(2020, 1, 1)),
        make_article(dated=date(2031, 1, 1)),
        make_article(published=False, dated=None),
        make_article(dated=date(2020, 1, 1), dated_at=datetime(2020, 1, 1, 12, tzinfo=UTC)),
    ]
    wanted = {article.pk: article.sort_at for article in articles}
    Article.objects.update(sort_at=None)
    migration = import_module("articles.migrations.0007_sort_articles_by_publication")
    migration.fill(apps, type("Editor", (), {"connection": connection}))
    assert dict(Article.objects.values_list("pk", "sort_at")) == wanted


def test_a_time_of_another_day_is_not_shown(client: Client) -> None:
    """cases.md T6: after a change of the site's time zone, the stored day and time may differ."""
    article = make_article(dated=date(2019, 5, 4), dated_at=datetime(2019, 5, 5, 4, 30, tzinfo=UTC))
    assert article.local_time is None
    html = client.get(article.get_absolute_url()).text
    assert '<time datetime="2019-05-04">4 May 2019</time>' in html
    assert timezone.localdate(article.dated_at) == date(2019, 5, 5)
