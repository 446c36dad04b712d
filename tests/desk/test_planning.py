"""The planning list and the charts of the desk's first page."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from articles.desk import charts, planning
from articles.models import Article, Author, Byline, Comment, PicturePlacement, ReadCount, Revision
from tests.desk.conftest import sign_in
from tests.factories import make_article, make_comment, make_picture

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 6, 10, 12, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def noon() -> Iterator[None]:
    with time_machine.travel(NOON, tick=False):
        yield


def schedule(headline: str, at: datetime) -> Article:
    article = make_article(headline)
    Article.objects.filter(pk=article.pk).update(go_live_at=at)
    return article


def titles() -> dict[str, list[str]]:
    return {day.title: [row.article.headline for row in day.articles] for day in planning.planned_days()}


def test_articles_in_work_stand_by_the_day_on_which_they_go_live() -> None:
    make_article("Published")
    make_article("A draft", published=False, dated=None)
    make_article("For Friday", published=False, dated=date(2026, 6, 12))
    schedule("In the evening", NOON + timedelta(hours=6))
    schedule("In the afternoon", NOON + timedelta(hours=2))
    schedule("Tomorrow morning", NOON + timedelta(hours=20))
    assert titles() == {
        "Today, Wednesday 10 June": ["In the afternoon", "In the evening"],
        "Tomorrow, Thursday 11 June": ["Tomorrow morning"],
        "Friday 12 June": ["For Friday"],
        "No date yet": ["A draft"],
    }


def test_scheduled_changes_stand_with_the_articles_in_work() -> None:
    article = make_article("Published")
    later = {"number": 90, "state": "scheduled", "due_at": NOON + timedelta(hours=20), "base_number": 1}
    Revision.objects.create(article=article, headline="Published", **later)
    make_article("A draft", published=False, dated=None)
    assert titles() == {"Tomorrow, Thursday 11 June": ["Published"], "No date yet": ["A draft"]}
    row = planning.planned_days()[0].articles[0]
    assert (row.state_name, row.goes_live) == ("Change scheduled", "08:00")


def test_a_row_tells_state_authors_pictures_words_and_time() -> None:
    article = schedule("In the evening", NOON + timedelta(hours=6))
    for order, name in enumerate(("Ana Lima", "Bo Berg")):
        Byline.objects.create(article=article, author=Author.objects.create(name=name, slug=name[:3]), order=order)
    PicturePlacement.objects.create(article=article, picture=make_picture(), role="lead")
    row = planning.planned_days()[0].articles[0]
    assert (row.state_name, row.authors, row.pictures) == ("Scheduled", "Ana Lima, Bo Berg", 1)
    assert row.state_class == "scheduled"  # Not that of what readers see.
    assert row.goes_live == "18:00"


def test_published_articles_are_counted_by_day() -> None:
    for days in (0, 0, 3, 20):
        schedule(f"{days} days ago", NOON - timedelta(days=days, minutes=1))
    chart = charts.published_chart()
    assert chart.total == 3
    assert {bar.day.day: bar.count for bar in chart.bars if bar.count} == {10: 2, 7: 1}
    assert len(chart.bars) == 14
    today = chart.bars[-1]
    assert today.is_today and today.height == charts.BAR_HEIGHT


def test_the_most_discussed_articles_of_a_week_come_first() -> None:
    quiet, lively, old, hidden = (make_article(name) for name in ("Quiet", "Lively", "Old", "Hidden"))
    for article, number in ((quiet, 1), (lively, 3), (old, 2), (hidden, 1)):
        for _n in range(number):
            make_comment(article)
    Comment.objects.filter(article=old).update(posted_at=timezone.now() - timedelta(days=8))
    Comment.objects.filter(article=hidden).update(state=Comment.State.HELD)
    found = charts.most_discussed()
    assert [(row.article.headline, row.figure, row.width) for row in found] == [
        ("Lively", "3 comments", 300),
        ("Quiet", "1 comment", 100),
    ]


def test_the_most_read_articles_of_a_week_come_first() -> None:
    popular, quiet, old, withdrawn = (make_article(name) for name in ("Popular", "Quiet", "Old", "Withdrawn"))
    Article.objects.filter(pk=withdrawn.pk).update(status=Article.Status.WITHDRAWN)
    today = NOON.date()
    for article, days, reads in (
        (popular, 0, 1200),
        (popular, 6, 34),
        (popular, 7, 900),
        (quiet, 3, 1),
        (old, 7, 5000),
        (withdrawn, 0, 7),
        (None, 1, 2000),
    ):
        ReadCount.objects.create(article=article, day=today - timedelta(days=days), reads=reads)
    found = charts.most_read()
    assert [(row.article.headline, row.figure) for row in found.articles] == [
        ("Popular", "1,234 reads"),
        ("Quiet", "1 read"),
    ]
    assert found.front_page == "2,000 reads"


def test_the_list_and_the_form_of_articles_say_how_often_each_was_read(client: Client) -> None:
    sign_in(client, "Editor")
    article = make_article("Popular")
    for days, reads in ((0, 1200), (300, 34)):
        ReadCount.objects.create(article=article, day=NOON.date() - timedelta(days=days), reads=reads)
    make_article("Nobody's")
    for path in ("/admin/articles/article/", f"/admin/articles/article/{article.pk}/change/"):
        assert client.get(path).text.count("1,234 reads") == 1


def test_the_first_page_shows_both_and_folds_empty_lists_into_one_line(client: Client) -> None:
    sign_in(client, "Editor")
    make_article("A draft", published=False, dated=None)
    page = client.get("/admin/").text
    assert "No date yet" in page
    assert "1 in 14 days" not in page and "0 in 14 days" in page
    assert '<a href="/admin/articles/article/?state=review">In review</a>' in page.partition("Nothing in:")[2]
