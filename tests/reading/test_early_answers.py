"""Answers before the application: the same bytes as the application's, and never an older page."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles.discussion import moderating
from articles.publishing import publishing
from articles.web import local_cache
from tests.factories import GROUNDS, make_article, make_comment, make_owner, make_reader
from tests.reading.wsgi import Application

pytestmark = pytest.mark.django_db(transaction=True)

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def frozen_clock() -> Iterator[None]:
    local_cache.clear()
    with time_machine.travel(NOON, tick=False):
        yield
    local_cache.clear()


@pytest.fixture
def application() -> Application:
    return Application()


KINDS: list[dict[str, str]] = [
    {},
    {"HTTP_ACCEPT_ENCODING": "gzip"},
    {"HTTP_ACCEPT_ENCODING": "gzip, deflate, br, zstd"},
]


@pytest.mark.parametrize("kind", KINDS, ids=["plain", "gzip", "Brotli"])
def test_an_early_answer_is_the_applications_own(application: Application, kind: dict[str, str]) -> None:
    path = make_article().get_absolute_url()
    application.get(path, **kind)  # Only notes what the page shows.
    made = application.get(path, **kind)
    assert application.asked == 2
    with CaptureQueriesContext(connection) as captured:
        assert application.get(path, **kind) == made
    assert (application.asked, len(captured)) == (2, 1)
    again = {**kind, "HTTP_IF_NONE_MATCH": made[1]["ETag"]}
    unchanged = application.get(path, **again)
    assert unchanged[0] == "304 Not Modified"
    assert application.asked == 3
    assert application.get(path, **again) == unchanged
    assert application.asked == 3


def test_a_hidden_comment_and_a_withdrawn_article_are_gone_at_once(application: Application) -> None:
    article = make_article()
    comment, path = make_comment(article, "Unspeakable words"), article.get_absolute_url()
    for _ in range(3):
        assert b"Unspeakable" in application.get(path)[2]
    assert application.asked == 2
    moderating.hide(comment=comment, by=make_owner(), grounds=GROUNDS, reason="rude")
    for _ in range(3):
        assert b"Unspeakable" not in application.get(path)[2]
    article.refresh_from_db()
    publishing.withdraw(article, by=None, reason="wrong")
    assert application.get(path)[0] == "410 Gone"


def test_a_change_that_is_due_is_published_before_the_page_is_served(application: Application) -> None:
    article = make_article(published=False, dated=NOON.date())
    publishing.publish(article, by=None, at=NOON + timedelta(minutes=5))
    for _ in range(3):
        assert article.slug.encode() not in application.get("/")[2]
    assert application.asked == 1  # No article is shown, so nothing had to be noted.
    with time_machine.travel(NOON + timedelta(minutes=6), tick=False):
        assert article.slug.encode() in application.get("/")[2]


@pytest.mark.parametrize(
    "environ",
    [
        {"HTTP_COOKIE": "theme=dark"},
        {"REQUEST_METHOD": "HEAD"},
        {"REQUEST_METHOD": "POST"},
        {"HTTP_HOST": "elsewhere.example"},
        {"wsgi.url_scheme": "https"},
        {"QUERY_STRING": "sort=newest"},
        {"HTTP_IF_NONE_MATCH": "*"},
    ],
    ids=str,
)
def test_the_application_answers_whatever_may_differ(application: Application, environ: dict[str, str]) -> None:
    path = make_article().get_absolute_url()
    for _ in range(3):
        application.get(path)
    before = application.asked
    application.get(path, **environ)
    assert application.asked == before + 1


def test_a_signed_in_readers_page_is_never_an_early_answer(application: Application) -> None:
    path = make_article().get_absolute_url()
    browser = Client()
    browser.force_login(make_reader("Mirabelle"))
    cookie = f"sessionid={browser.cookies['sessionid'].value}"
    for _ in range(3):
        assert b"Mirabelle" in application.get(path, HTTP_COOKIE=cookie)[2]
        assert b"Mirabelle" not in application.get(path)[2]
