"""What is new since a reader's last visit: noted without writing, written once a visit, marked in words."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles.accounts import data_export
from articles.accounts.account_deletion import delete_account
from articles.accounts.models import User
from articles.discussion import comment_withdrawing, moderating
from articles.discussion.models import Comment, Visit
from articles.discussion.threads import last_visits
from articles.discussion.threads.live_updates import latest
from articles.publishing.models import Article
from tests.factories import GROUNDS, author_of, make_article, make_comment, make_owner, make_reader

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOON, tick=False) as clock:
        yield clock


@pytest.fixture
def article() -> Article:
    return make_article()


def look(client: Client, article: Article, query: str = "") -> str:
    """Open the page, and let the process write what it noted."""
    page = client.get(article.get_absolute_url() + query).text
    last_visits.write()
    return " ".join(page.split())


def marked(page: str) -> list[int]:
    """The comments that bear the word."""
    return [int(number) for number in re.findall(r'id="comment-(\d+)"[^>]*>\s*<p class="unread-marker">', page)]


def test_reading_writes_nothing(signed_in: Client, article: Article) -> None:
    make_comment(article)
    with CaptureQueriesContext(connection) as captured:
        signed_in.get(article.get_absolute_url())
    writing = ("INSERT", "UPDATE", "DELETE", "BEGIN")
    assert [query["sql"] for query in captured if query["sql"].startswith(writing)] == []
    assert not Visit.objects.exists()
    assert last_visits.write() == 1


def test_on_a_first_visit_nothing_is_new(signed_in: Client, article: Article) -> None:
    make_comment(article)
    assert marked(look(signed_in, article)) == []


def test_what_came_since_the_last_visit_is_marked_for_the_whole_visit(
    signed_in: Client, article: Article, clock: time_machine.Traveller
) -> None:
    old = make_comment(article)
    look(signed_in, article)
    clock.shift(timedelta(hours=1))
    reply, other = make_comment(parent=old), make_comment(article)
    for _page in range(2):
        page = look(signed_in, article)
        assert sorted(marked(page)) == [reply.pk, other.pk]
        assert "2 new comments</a> since your last visit" in page
    clock.shift(timedelta(hours=1))
    assert marked(look(signed_in, article)) == []


def test_a_visit_is_written_once(signed_in: Client, article: Article, clock: time_machine.Traveller) -> None:
    make_comment(article)
    signed_in.get(article.get_absolute_url())
    assert last_visits.write() == 1
    first = Visit.objects.values().get()
    clock.shift(last_visits.VISIT_LENGTH / 2)
    make_comment(article)
    signed_in.get(article.get_absolute_url())
    assert last_visits.write() == 0
    assert Visit.objects.values().get() == first
    clock.shift(last_visits.VISIT_LENGTH)
    signed_in.get(article.get_absolute_url())
    assert last_visits.write() == 1


def test_two_processes_that_noted_the_same_visit_keep_its_marks(
    reader: User, article: Article, clock: time_machine.Traveller
) -> None:
    last_visits.visit(article, reader=reader, newest=make_comment(article).pk)
    last_visits.write()
    clock.shift(timedelta(hours=1))
    make_comment(article)
    for _process in range(2):
        last_visits._remember(reader.pk, article.pk, last_visits._PendingVisit(NOON + timedelta(hours=1), 2, 1))
        last_visits.write()
    assert len(last_visits.visit(article, reader=reader, newest=latest(article.pk).newest).comments) == 1


def test_ones_own_comments_are_never_new(
    signed_in: Client, reader: User, article: Article, clock: time_machine.Traveller
) -> None:
    make_comment(article)
    look(signed_in, article)
    clock.shift(timedelta(hours=1))
    make_comment(article, author=reader)
    page = look(signed_in, article)
    assert marked(page) == []
    assert "since your last visit" not in page


def test_what_nobody_may_read_is_not_counted_as_new(
    signed_in: Client, article: Article, clock: time_machine.Traveller
) -> None:
    make_comment(article)
    look(signed_in, article)
    clock.shift(timedelta(hours=1))
    hidden, withdrawn, held, seen = (make_comment(article) for _ in range(4))
    moderating.hide(comment=hidden, by=make_owner(), grounds=GROUNDS, reason="rude")
    comment_withdrawing.withdraw_comment(comment=withdrawn, by=author_of(withdrawn))
    Comment.objects.filter(pk=held.pk).update(state=Comment.State.HELD)
    page = look(signed_in, article)
    assert marked(page) == [seen.pk]
    assert "1 new comment</a>" in page


def test_the_marks_lead_from_one_to_the_next_as_the_page_orders_them(
    signed_in: Client, article: Article, clock: time_machine.Traveller
) -> None:
    make_comment(article)
    look(signed_in, article)
    clock.shift(timedelta(hours=1))
    first, second, third = (make_comment(article).pk for _ in range(3))
    page = look(signed_in, article, "?sort=oldest")
    assert f'<a href="#comment-{first}">3 new comments</a>' in page
    links = re.findall(r'<a href="#comment-(\d+)">\s*(Previous|Next)<', page)
    assert links == [
        (str(second), "Next"), (str(first), "Previous"), (str(third), "Next"), (str(second), "Previous"),
    ]  # fmt: skip
    assert f'Next<span class="sr-only"> new comment #{second}</span>' in page


def test_new_comments_on_other_pages_are_a_link_away(
    signed_in: Client, article: Article, clock: time_machine.Traveller
) -> None:
    make_comment(article)
    look(signed_in, article)
    clock.shift(timedelta(hours=1))
    new = [make_comment(article).pk for _ in range(60)]
    page = look(signed_in, article, "?sort=newest")
    assert len(marked(page)) == 50
    assert "60 new comments</a> since your last visit," in page
    assert "10 of them on other pages" in page
    page = look(signed_in, article, f"?sort=newest&after={new[0]}")
    assert marked(page) == []
    assert f'<a href="/comments/{new[0]}/">60 new comments</a>' in page


def test_a_reader_who_is_not_signed_in_leaves_no_trace(client: Client, article: Article) -> None:
    make_comment(article)
    page = client.get(article.get_absolute_url())
    assert not page.cookies
    assert last_visits.write() == 0


def test_the_first_comments_on_an_article_are_new_for_who_read_it_before(
    signed_in: Client, article: Article, clock: time_machine.Traveller
) -> None:
    look(signed_in, article)
    clock.shift(timedelta(hours=1))
    comment = make_comment(article)
    assert marked(look(signed_in, article)) == [comment.pk]


def test_a_reader_who_left_before_the_visit_was_written_leaves_no_row(article: Article) -> None:
    reader = make_reader()
    last_visits.visit(article, reader=reader, newest=make_comment(article).pk)
    delete_account(reader=reader)
    assert last_visits.write() == 0
    assert not Visit.objects.exists()


def test_a_reader_takes_a_copy_of_what_is_known_of_their_visits(
    signed_in: Client, reader: User, article: Article
) -> None:
    make_comment(article)
    look(signed_in, article)
    assert data_export.collect(reader)["visits"] == [{"article__headline": article.headline, "began_at": NOON}]


def test_visits_are_forgotten_after_half_a_year(
    signed_in: Client, article: Article, clock: time_machine.Traveller
) -> None:
    make_comment(article)
    look(signed_in, article)
    clock.shift(last_visits.RETENTION + timedelta(days=1))
    other = make_article()
    make_comment(other)
    signed_in.force_login(make_reader())
    look(signed_in, other)
    assert [visit.article_id for visit in Visit.objects.all()] == [other.pk]
