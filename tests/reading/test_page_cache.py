"""The page cache never serves a page that is older than the last commit of any process."""

import gzip
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from typing import Any

import brotli
import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from articles.discussion import moderating
from articles.publishing import publishing
from articles.publishing.models import Article, Section
from articles.web import local_cache
from tests.factories import GROUNDS, author_of, make_article, make_comment, make_owner, make_reader

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def frozen_clock() -> Any:
    """Cached pages expire after some seconds. Freeze the clock, so that only changes invalidate them."""
    with time_machine.travel(NOON, tick=False):
        yield


def queries(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


@pytest.mark.django_db(transaction=True)
def test_a_cached_page_costs_one_query_whatever_changes_elsewhere(client: Client) -> None:
    article, other = make_article(), make_article()
    make_comment(article)
    address = article.get_absolute_url()
    first, second = queries(client, address), queries(client, address)
    assert first >= second > 1  # The first view only notes what the page shows.
    for change in (lambda: make_comment(other), make_reader, lambda: client.get("/search/?q=lamps")):
        change()
        assert queries(client, address) == 1
    make_article()
    assert queries(client, address) == 2  # Asks anew when a scheduled change is due, a pin ends, an article goes live.
    assert queries(client, address) == 1
    make_comment(article)
    assert queries(client, address) > 1
    assert queries(client, address) == 1


@pytest.mark.django_db(transaction=True)
def test_hidden_comments_and_withdrawn_articles_are_gone_immediately(client: Client) -> None:
    article = make_article()
    comment = make_comment(article, "Unspeakable words")
    address = article.get_absolute_url()
    for _ in range(2):
        assert "Unspeakable" in client.get(address).text
    moderating.hide(comment=comment, by=make_owner(), grounds=GROUNDS, reason="rude")
    assert "Unspeakable" not in client.get(address).text
    publishing.withdraw(Article.objects.get(pk=article.pk), by=None, reason="wrong")
    assert client.get(address).status_code == 410
    assert article.slug not in client.get("/").text


@pytest.mark.django_db(transaction=True)
def test_what_another_process_withdraws_is_gone_immediately(client: Client) -> None:
    article = make_article()
    address = article.get_absolute_url()
    for _ in range(2):
        assert client.get(address).status_code == 200
        assert article.slug in client.get("/").text
    database = connection.settings_dict
    if connection.vendor == "sqlite":
        code = "import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); c.execute(sys.argv[2]); c.commit()"
        target = str(database["NAME"])
    else:
        code = "import psycopg, sys; c = psycopg.connect(sys.argv[1]); c.execute(sys.argv[2]); c.commit()"
        names = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}
        target = " ".join(f"{name}={database[key]}" for name, key in names.items() if database[key])
    change = f"UPDATE articles_article SET status = 'withdrawn' WHERE id = {article.pk}"
    subprocess.run([sys.executable, "-c", code, target, change], check=True)
    assert client.get(address).status_code == 404
    assert article.slug not in client.get("/").text


@pytest.mark.django_db(transaction=True)
def test_nothing_of_a_signed_in_reader_is_cached(client: Client) -> None:
    article = make_article()
    address = article.get_absolute_url()
    reader = Client()
    reader.force_login(make_reader("Mirabelle"))
    answer = reader.get(address)
    assert "Mirabelle" in answer.text
    assert answer.headers["Cache-Control"] == "private, no-store"
    page = client.get(address)
    assert "Mirabelle" not in page.text
    assert "csrfmiddlewaretoken" not in page.text
    assert "Mirabelle" in reader.get(address).text


@pytest.mark.django_db(transaction=True)
def test_a_browser_gets_304_until_the_page_changes(client: Client) -> None:
    article = make_article()
    address = article.get_absolute_url()
    answer = client.get(address)
    assert answer.headers["Cache-Control"] == "no-cache"
    assert {"Cookie", "Accept-Encoding"} <= {name.strip() for name in answer.headers["Vary"].split(",")}
    tag = answer.headers["ETag"]
    again = client.get(address, headers={"if-none-match": tag})
    assert again.status_code == 304
    assert not again.content
    make_comment(article)
    changed = client.get(address, headers={"if-none-match": tag})
    assert changed.status_code == 200
    assert changed.headers["ETag"] != tag


@pytest.mark.django_db(transaction=True)
def test_a_page_is_compressed_as_the_client_prefers(client: Client) -> None:
    address = make_article().get_absolute_url()
    plain = client.get(address)
    assert "Content-Encoding" not in plain.headers
    for accepted, coding, decompress in (
        ("gzip", "gzip", gzip.decompress),
        ("gzip, deflate, br", "br", brotli.decompress),
        ("br", "br", brotli.decompress),
        ("br;q=0.1, gzip", "gzip", gzip.decompress),
    ):
        packed = client.get(address, headers={"accept-encoding": accepted})
        assert packed.headers["Content-Encoding"] == coding
        assert decompress(packed.content) == plain.content


@pytest.mark.django_db(transaction=True)
def test_only_answers_that_depend_on_the_reader_vary_by_cookie(client: Client) -> None:
    article = make_article()
    comment = make_comment(article)
    reader = Client()
    reader.force_login(make_reader("Mirabelle"))
    of_comments = [
        ("article_feed", article.pk),
        ("thread_feed", comment.pk),
        ("reader_feed", author_of(comment).username),
    ]
    feeds = ["/feed/", "/feed.json", "/corrections/feed/", "/moderation/log/feed/"]
    feeds += [reverse(name, args=[of]) for name, of in of_comments]
    files = ["/sitemap.xml", "/robots.txt", "/favicon.ico", "/manifest.webmanifest", "/service-worker.js"]
    for path in feeds + files:
        answers = [browser.get(path) for browser in (client, reader)]
        assert answers[0].content == answers[1].content, path
        for answer in answers:
            assert answer.status_code in (200, 302), path
            assert "Cookie" not in answer.headers.get("Vary", ""), path
            assert "private" not in answer.headers["Cache-Control"], path
    for path in ("/", article.get_absolute_url(), "/archive/", "/topics/", "/search/", "/rules/"):
        for browser in (client, reader):
            assert "Cookie" in browser.get(path).headers["Vary"], path


@pytest.mark.django_db(transaction=True)
def test_a_scheduled_article_appears_on_time(client: Client) -> None:
    article = make_article(published=False, dated=NOON.date())
    publishing.publish(article, by=None, at=NOON + timedelta(minutes=5))
    assert article.slug not in client.get("/").text
    with time_machine.travel(NOON + timedelta(minutes=6), tick=False):
        assert article.slug in client.get("/").text


@pytest.mark.django_db(transaction=True)
def test_pages_are_cached_again_after_midnight(client: Client) -> None:
    addresses = [make_article().get_absolute_url(), "/"]
    for minute in (59, 61, 62):  # Cached; made anew for the new day; and cached again.
        with time_machine.travel(NOON.replace(hour=23) + timedelta(minutes=minute), tick=False):
            asked = [
                (queries(client, address), queries(client, address), queries(client, address)) for address in addresses
            ]
    assert {last for _first, _second, last in asked} == {1}


@pytest.mark.django_db(transaction=True)
def test_each_query_string_has_its_own_page(client: Client) -> None:
    for _ in range(25):
        make_article(authors=["Ann Lee"])
    first, second = (client.get(f"/authors/ann-lee/?page={number}").text for number in (1, 2))
    assert first != second
    assert client.get("/authors/ann-lee/?page=2").text == second


@pytest.mark.django_db(transaction=True)
def test_a_revoked_permission_is_gone_immediately(client: Client) -> None:
    moderator = make_reader(permissions=["articles.change_comment"], is_staff=False)
    client.force_login(moderator)
    article = make_article()
    for _ in range(2):
        assert "Close discussion" in client.get(article.get_absolute_url()).text
    moderator.user_permissions.clear()
    assert "Close discussion" not in client.get(article.get_absolute_url()).text


@pytest.mark.django_db(transaction=True)
def test_the_cached_masthead_follows_the_sections_and_marks_the_current_one(signed_in: Client) -> None:
    section = Section.objects.create(name="Harbour", slug="harbour")
    article = make_article(section=section)
    for _ in range(2):
        assert 'aria-current="true">Harbour<' in signed_in.get(article.get_absolute_url()).text
        assert 'aria-current="true">Harbour<' not in signed_in.get("/").text
    Section.objects.filter(pk=section.pk).update(name="Port")
    assert 'aria-current="true">Port<' in signed_in.get(article.get_absolute_url()).text


@pytest.mark.django_db(transaction=True)
def test_a_sitemap_of_more_articles_than_a_page_may_show_is_cached(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(local_cache, "MAX_PAGES", 3)
    articles = [make_article() for _ in range(5)]
    queries(client, "/sitemap.xml")
    assert queries(client, "/sitemap.xml") == 1
    Article.objects.filter(pk=articles[0].pk).update(slug="renamed")
    assert "renamed" in client.get("/sitemap.xml").text
