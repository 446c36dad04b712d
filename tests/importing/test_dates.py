"""Dates as papers write them, and the day that nobody may invent."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from django.test import override_settings
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from articles.importing.file_import import import_files
from articles.importing.formats.dates import day_comes_first, find_date, to_datetime
from articles.importing.formats.file_parsing import parse_file
from articles.importing.holding import plan_of
from articles.publishing.models import Article
from tests.importing.files import import_file

BODY = "\n\nThe harbour was quiet that morning, and the ferryman counted the gulls twice before he left."


@pytest.mark.parametrize(
    ("line", "day"),
    [
        ("28/08/2019", date(2019, 8, 28)),
        ("08/28/2019", date(2019, 8, 28)),
        ("28-08-2019", date(2019, 8, 28)),
        ("28.08.2019", date(2019, 8, 28)),
        ("7.8.2019", date(2019, 8, 7)),
        ("07/07/2019", date(2019, 7, 7)),
        ("25 Oct, 2019", date(2019, 10, 25)),
        ("25 October 2019", date(2019, 10, 25)),
        ("25th of October, 2019", date(2019, 10, 25)),
        ("6 Jan, 2021 12:48", date(2021, 1, 6)),
        ("January 10, 2017", date(2017, 1, 10)),
        ("Jan. 10 2017", date(2017, 1, 10)),
        ("Wednesday, 28 August 2019", date(2019, 8, 28)),
        ("2019-08-28", date(2019, 8, 28)),
        ("2019-08-28T12:48:00Z", date(2019, 8, 28)),
        ("2019/08/28", date(2019, 8, 28)),
        ("Published time: 6 Jan, 2021 12:48", date(2021, 1, 6)),
        ("29 Feb, 2020", date(2020, 2, 29)),
    ],
)
def test_a_whole_line_is_read_as_a_date(line: str, day: date) -> None:
    found = find_date(line)
    assert found is not None
    assert found.resolve(None) == day


@pytest.mark.parametrize(
    "line",
    [
        "",
        "2019",
        "31/02/2019",
        "29 Feb, 2021",
        "28/08/2019 was a Wednesday",
        "On 28 August 2019",
        "August 2019",
        "99/99/2019",
        "6 Jan, 2021 25:48",
        "May 5 people come, 2019 of them",
    ],
)
def test_what_is_more_or_less_than_a_date_is_none(line: str) -> None:
    assert find_date(line) is None


def test_digits_that_allow_two_readings_wait_for_the_batch() -> None:
    found = find_date("08/07/2019")
    assert found is not None
    assert found.resolve(None) is None
    assert (found.resolve(True), found.resolve(False)) == (date(2019, 7, 8), date(2019, 8, 7))
    clear, other = find_date("28/08/2019"), find_date("08/28/2019")
    assert day_comes_first([found, clear, None]) is True
    assert day_comes_first([found, other]) is False
    assert day_comes_first([found, clear, other]) is None
    assert day_comes_first([found, find_date("2019-08-28")]) is None


@pytest.mark.parametrize(
    ("line", "clock"),
    [("6 Jan, 2021 12:48", time(12, 48)), ("Jan 6, 2021 at 1:05 p.m.", time(13, 5)), ("28/08/2019", None)],
)
def test_a_time_is_taken_and_none_is_invented(line: str, clock: time | None) -> None:
    found = find_date(line)
    assert found is not None
    assert found.clock == clock
    assert (to_datetime(found, found.readings[0], UTC) is None) == (clock is None)


def test_a_zone_of_the_file_wins_over_the_papers() -> None:
    paper = ZoneInfo("Asia/Tokyo")
    written, bare = find_date("2019-08-28T12:48:00+02:00"), find_date("2019-08-28 12:48")
    assert written is not None and bare is not None
    assert to_datetime(written, date(2019, 8, 28), paper) == datetime(2019, 8, 28, 10, 48, tzinfo=UTC)
    assert to_datetime(bare, date(2019, 8, 28), paper) == datetime(2019, 8, 28, 3, 48, tzinfo=UTC)


@pytest.mark.django_db
def test_the_batch_decides_an_ambiguous_date() -> None:
    files = [("a.txt", f"One\n\n08/07/2019{BODY}".encode()), ("b.txt", f"Two\n\n28/08/2019{BODY}".encode())]
    outcomes = list(import_files(files, publish=True))
    assert [outcome.published for outcome in outcomes] == [True, True]
    article = Article.objects.get(headline="One")
    assert article.dated == date(2019, 7, 8)
    guess = article.guesses.get(subject="date")
    assert 0 < guess.confidence < 1


@pytest.mark.django_db
def test_a_date_that_nobody_can_decide_holds_the_article() -> None:
    outcome = import_file("a.txt", f"One\n\n08/07/2019{BODY}".encode(), publish=True)
    assert not outcome.published
    article = Article.objects.get()
    assert (article.status, article.dated) == ("draft", None)
    assert "8 July 2019" in article.held_reason and "7 August 2019" in article.held_reason


@pytest.mark.django_db
def test_files_that_disagree_decide_nothing() -> None:
    days = ["08/07/2019", "28/08/2019", "08/28/2019"]
    files = [(f"{number}.txt", f"No {number}\n\n{day}{BODY}".encode()) for number, day in enumerate(days)]
    assert [bool(outcome.held) for outcome in import_files(files)] == [True, False, False]


@pytest.mark.django_db
def test_an_undated_article_stays_a_draft() -> None:
    outcome = import_file("a.txt", f"One{BODY}".encode(), publish=True)
    assert (outcome.published, Article.objects.get().status) == (False, "draft")
    assert "no date" in outcome.held


@pytest.mark.django_db
def test_a_time_is_kept_and_its_zone_is_a_guess() -> None:
    import_file("a.txt", f"One\n\n6 Jan, 2021 12:48{BODY}".encode())
    article = Article.objects.get()
    assert article.dated_at == datetime(2021, 1, 6, 12, 48, tzinfo=UTC)
    assert article.guesses.get(subject="time").confidence == 0.5


@given(
    clock=st.times(),
    day=st.dates(date(1000, 1, 1)),
    minutes=st.integers(-(24 * 60 - 1), 24 * 60 - 1),
    zone=st.sampled_from(["Europe/Berlin", "America/Sao_Paulo", "Asia/Kathmandu", "Pacific/Kiritimati", "UTC"]),
)
def test_the_day_and_the_time_of_an_article_are_of_the_sites_time_zone(
    clock: time, day: date, minutes: int, zone: str
) -> None:
    """cases.md T6: the text had the day of the file's time zone with the clock of the site's, for every offset."""
    sign, (hours, rest) = "-" if minutes < 0 else "+", divmod(abs(minutes), 60)
    line = f"{day}T{clock:%H:%M:%S}{sign}{hours:02}:{rest:02}"
    record = parse_file("a.txt", f"A headline\n\n{line}{BODY}".encode())
    with override_settings(TIME_ZONE=zone):
        plan = plan_of(record, publish=True, source=None, by=None, day_first=None)
        assert record.date is not None and plan.day is not None
        if plan.moment is not None:
            assert timezone.localtime(plan.moment).date() == plan.day
            assert plan.moment == datetime.fromisoformat(line)
        else:
            assert day.year in (1, 9999)
