"""Reads are counted without cookies and without a write, also of pages that the cache answers."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.db import DatabaseError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles.publishing import read_counts
from articles.publishing.models import Article, ReadCount
from articles.web import local_cache
from newsroom import deferred_writes
from tests.factories import make_article, make_owner, make_reader
from tests.reading.wsgi import Application

pytestmark = pytest.mark.django_db(transaction=True)

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
TODAY = NOON.date()
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"
ROBOTS = [
    "",
    "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
    "Mozilla/5.0 (compatible; Yahoo! Slurp; http://help.yahoo.com/help/us/ysearch/slurp)",
    "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)",
    "Mastodon/4.3.0 (http.rb/5.2.0; +https://social.example/)",
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/130.0.0.0 Safari/537.36",
    "curl/8.10.1",
    "python-requests/2.32.3",
    "Go-http-client/2.0",
]
BROWSERS = [
    FIREFOX,
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Safari/604.1",
    "Opera/9.80 (Android; Opera Mini/36.2.2254/119.132; U; id) Presto/2.12.423 Version/12.16",
    "Lynx/2.9.2 libwww-FM/2.14 SSL-MM/1.4.1 OpenSSL/3.3.1",
]


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    local_cache.clear()
    with time_machine.travel(NOON, tick=False) as clock:
        yield clock
    local_cache.clear()


@pytest.fixture
def application() -> Application:
    return Application()


@pytest.fixture
def article() -> Article:
    return make_article()


def counted() -> dict[int | None, int]:
    """Write what the process counted, and return the sums by article; None is the front page."""
    deferred_writes.write_all()
    return dict(ReadCount.objects.values_list("article", "reads"))


def test_pages_are_counted_whoever_answers(application: Application, article: Article) -> None:
    path = article.get_absolute_url()
    tag = [application.get(path, HTTP_USER_AGENT=FIREFOX)[1]["ETag"] for _time in range(4)][-1]
    assert application.asked == 2  # The cache answered the others.
    assert application.get(path, HTTP_USER_AGENT=FIREFOX, HTTP_IF_NONE_MATCH=tag)[0] == "304 Not Modified"
    for _time in range(3):
        application.get("/", HTTP_USER_AGENT=FIREFOX)
    assert counted() == {article.pk: 5, None: 3}
    application.get(path, HTTP_USER_AGENT=FIREFOX)
    application.get("/", HTTP_USER_AGENT=FIREFOX)
    assert counted() == {article.pk: 6, None: 4}


def test_counting_takes_no_query_and_leaves_no_cookie(application: Application, article: Article) -> None:
    path = article.get_absolute_url()
    for _time in range(2):
        application.get(path, HTTP_USER_AGENT=FIREFOX)
    with CaptureQueriesContext(connection) as captured:
        status, headers, _body = application.get(path, HTTP_USER_AGENT=FIREFOX)
    assert status == "200 OK" and "Set-Cookie" not in headers
    assert [query["sql"].split()[0] for query in captured] == ["SELECT"]  # Of the versions.


@pytest.mark.parametrize("agent", ROBOTS)
def test_robots_are_not_counted(application: Application, article: Article, agent: str) -> None:
    application.get(article.get_absolute_url(), HTTP_USER_AGENT=agent)
    assert counted() == {}


@pytest.mark.parametrize("agent", BROWSERS)
def test_browsers_are_counted(application: Application, article: Article, agent: str) -> None:
    application.get(article.get_absolute_url(), HTTP_USER_AGENT=agent)
    assert counted() == {article.pk: 1}


def test_the_copy_of_a_service_worker_is_no_read(application: Application, article: Article) -> None:
    for destination in ("empty", "document"):
        application.get(article.get_absolute_url(), HTTP_USER_AGENT=FIREFOX, HTTP_SEC_FETCH_DEST=destination)
    assert counted() == {article.pk: 1}


def test_only_the_first_page_of_a_discussion_is_a_read(application: Application, article: Article) -> None:
    path = article.get_absolute_url()
    for query in ("?sort=newest", "?after=3", "?sort=newest&after=3"):
        application.get(path + query, HTTP_USER_AGENT=FIREFOX)
    application.get(path + "?from=newsletter", HTTP_USER_AGENT=FIREFOX)
    assert counted() == {article.pk: 1}


def test_what_no_reader_sees_is_not_counted(application: Application) -> None:
    draft = make_article("Not yet", published=False, dated=TODAY)
    article = make_article()
    for path in (draft.get_absolute_url(), article.history_url, "/archive/", "/feed/"):
        application.get(path, HTTP_USER_AGENT=FIREFOX)
    application.get(article.get_absolute_url(), HTTP_USER_AGENT=FIREFOX, REQUEST_METHOD="HEAD")
    assert counted() == {}


def test_readers_with_an_account_are_counted_and_staff_are_not(
    application: Application, article: Article, client: Client
) -> None:
    for person, path in ((make_reader(), article.get_absolute_url()), (make_owner(), "/")):
        client.force_login(person)
        cookie = f"sessionid={client.cookies['sessionid'].value}"
        for shown in (article.get_absolute_url(), path):
            application.get(shown, HTTP_USER_AGENT=FIREFOX, HTTP_COOKIE=cookie)
    assert counted() == {article.pk: 2}


def test_each_day_has_its_sum(application: Application, article: Article, clock: time_machine.Traveller) -> None:
    for reads in (2, 1):
        for _time in range(reads):
            application.get(article.get_absolute_url(), HTTP_USER_AGENT=FIREFOX)
        deferred_writes.write_all()
        clock.shift(timedelta(days=1))
    assert list(ReadCount.objects.order_by("day").values_list("day", "reads")) == [
        (TODAY, 2),
        (TODAY + timedelta(days=1), 1),
    ]


def test_reads_wait_while_the_database_is_unavailable(
    application: Application, article: Article, monkeypatch: pytest.MonkeyPatch
) -> None:
    application.get(article.get_absolute_url(), HTTP_USER_AGENT=FIREFOX)
    with monkeypatch.context() as patch:

        def unavailable(_reads: object) -> None:
            raise DatabaseError

        patch.setattr(read_counts, "_add", unavailable)
        assert counted() == {}
    application.get(article.get_absolute_url(), HTTP_USER_AGENT=FIREFOX)
    assert counted() == {article.pk: 2}


def test_an_article_that_was_deleted_meanwhile_is_left_out(application: Application, article: Article) -> None:
    other = make_article("Another")
    for one in (article, other):
        application.get(one.get_absolute_url(), HTTP_USER_AGENT=FIREFOX)
    article.delete()
    assert counted() == {other.pk: 1}


def test_memory_is_bounded(application: Application, article: Article, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(read_counts, "MAX_PENDING", 1)
    for path in (article.get_absolute_url(), "/", article.get_absolute_url()):
        application.get(path, HTTP_USER_AGENT=FIREFOX)
    assert counted() == {article.pk: 2}


def test_counts_are_deleted_after_a_year(article: Article) -> None:
    for day in (date(2025, 2, 28), date(2025, 3, 1)):
        ReadCount.objects.create(article=article, day=day, reads=1)
    read_counts.delete_old()
    assert [count.day for count in ReadCount.objects.all()] == [date(2025, 3, 1)]
