"""A content delivery network may copy pages under tags, and is told of each change of what they show."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.db.models import F
from django.test import Client

from articles.web import cdn, local_cache
from articles.web.page_versions import SITE, PageVersion
from tests.factories import author_of, make_article, make_comment, make_reader
from tests.reading.wsgi import Application

pytestmark = pytest.mark.django_db(transaction=True)

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


class Purged(BaseHTTPRequestHandler):
    """Notes what it is asked, and answers with a status."""

    requests: list[tuple[str, str, dict[str, str], bytes]]
    status: int

    def answer(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        self.requests.append((self.command, self.path, dict(self.headers.items()), self.rfile.read(length)))
        self.send_response(self.status)
        self.end_headers()

    do_POST = do_PURGE = answer  # noqa: N815 -- the names that http.server calls

    def log_message(self, *_args: object) -> None:
        pass


@pytest.fixture
def network(settings: Any) -> Iterator[type[Purged]]:
    """The purge API of a CDN, at its own port."""
    handler = type("Handler", (Purged,), {"requests": [], "status": 200})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = Thread(target=server.serve_forever)
    thread.start()
    settings.CDN_TAGS = cdn.SURROGATE_KEY
    settings.CDN_PURGE_URLS = [f"http://127.0.0.1:{server.server_port}/purge"]
    settings.CDN_PURGE_TOKEN = "secret"
    local_cache.clear()
    yield handler
    server.shutdown()
    thread.join()
    server.server_close()
    local_cache.clear()


@pytest.fixture
def purges(network: type[Purged]) -> cdn.Purges:
    """Those of a worker that has nothing left to do."""
    PageVersion.objects.update(purged=F("version"))
    return cdn.Purges()


def purged_tags(network: type[Purged]) -> set[str]:
    tags = {tag for _, _, headers, _ in network.requests for tag in headers["Surrogate-Key"].split()}
    network.requests.clear()
    return tags


def test_without_a_cdn_every_cache_asks_each_time(client: Client) -> None:
    headers = client.get(make_article().get_absolute_url()).headers
    assert headers["Cache-Control"] == "no-cache"
    assert not {cdn.SURROGATE_KEY, cdn.CACHE_TAG, cdn.XKEY, *cdn.LIFETIME_HEADERS.values()} & set(headers)


@pytest.mark.parametrize("tags", [cdn.SURROGATE_KEY, cdn.CACHE_TAG, cdn.XKEY])
def test_a_page_has_a_tag_for_each_thing_that_it_shows(client: Client, settings: Any, network: Any, tags: str) -> None:
    settings.CDN_TAGS = tags
    with time_machine.travel(NOON, tick=False):
        article = make_article()
        for _ in range(2):  # Made and from the page cache.
            page, archive = client.get(article.get_absolute_url()), client.get("/archive/2026/03/01/")
            assert set(page.headers[tags].replace(",", " ").split()) == {"site", f"a{article.pk}"}
            assert set(archive.headers[tags].replace(",", " ").split()) == {"site", "lists", f"a{article.pk}"}
            assert page.headers["Cache-Control"] == "no-cache"
            assert page.headers[cdn.LIFETIME_HEADERS[tags]] == f"max-age={local_cache.MAX_AGE}"
        again = client.get(article.get_absolute_url(), headers={"if-none-match": page.headers["ETag"]})
        assert (again.status_code, again.headers[tags]) == (304, page.headers[tags])


def test_copies_end_when_the_page_changes_with_time_alone(network: Any) -> None:
    application = Application()
    with time_machine.travel(NOON, tick=False) as clock:
        make_article(at=NOON + timedelta(minutes=5))
        ages = []
        for minutes in (0, 1, 3):
            clock.move_to(NOON + timedelta(minutes=minutes))
            ages.append(application.get("/archive/")[1]["Surrogate-Control"])
    assert ages == ["max-age=300", "max-age=240", "max-age=120"]


def test_what_is_personal_or_not_followed_has_no_tags(client: Client, network: Any) -> None:
    article = make_article()
    comment = make_comment(article)
    reader = Client()
    reader.force_login(make_reader("Mirabelle"))
    answers = [reader.get("/"), reader.get(article.get_absolute_url()), client.get("/search/?q=harbour")]
    answers += [
        client.get(author_of(comment).get_absolute_url()),
        client.get("/nothing/"),
        client.get("/accounts/login/"),
    ]
    PageVersion.objects.filter(page=SITE).delete()  # During a migration.
    answers.append(client.get("/"))
    for answer in answers:
        assert not {"Surrogate-Key", "Surrogate-Control"} & set(answer.headers)


def test_each_change_is_purged_twice_and_then_no_more(network: type[Purged], purges: cdn.Purges) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        article, other = make_article(), make_article()
        purges.run()
        assert purged_tags(network) >= {"lists", f"a{article.pk}", f"a{other.pk}"}
        clock.shift(cdn.AGAIN_AFTER)
        purges.run()
        network.requests.clear()
        make_comment(article)
        purges.run()
        assert purged_tags(network) == {f"a{article.pk}"}
        purges.run()
        assert purged_tags(network) == set()
        clock.shift(cdn.AGAIN_AFTER)
        purges.run()
        assert purged_tags(network) == {f"a{article.pk}"}
        clock.shift(cdn.AGAIN_AFTER)
        purges.run()
        assert purged_tags(network) == set()


def test_a_change_by_plain_sql_is_purged(network: type[Purged], purges: cdn.Purges) -> None:
    article = make_article()
    PageVersion.objects.update(purged=F("version"))
    with connection.cursor() as cursor:
        cursor.execute("UPDATE articles_article SET headline = 'New' WHERE id = %s", [article.pk])
    purges.run()
    assert purged_tags(network) == {"lists", f"a{article.pk}"}


def test_a_purge_that_failed_is_made_again_also_by_the_next_worker(network: type[Purged], purges: cdn.Purges) -> None:
    article = make_article()
    network.status = 503
    with pytest.raises(OSError, match="503"):
        purges.run()
    network.status = 200
    network.requests.clear()
    cdn.Purges().run()
    assert f"a{article.pk}" in purged_tags(network)


def test_many_changes_are_one_purge_of_the_site(network: type[Purged], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cdn, "MAX_CHANGES", 3)
    for _ in range(3):
        make_article()
    cdn.Purges().run()
    assert purged_tags(network) == {"site"}


@pytest.mark.parametrize("tags", [cdn.SURROGATE_KEY, cdn.CACHE_TAG, cdn.XKEY])
def test_the_request_is_the_one_that_the_cdn_knows(settings: Any, network: type[Purged], tags: str) -> None:
    settings.CDN_TAGS = tags
    cdn.purge(["a1", "lists"])
    [(method, path, headers, body)] = network.requests
    assert path == "/purge"
    if tags == cdn.CACHE_TAG:
        assert (method, json.loads(body)) == ("POST", {"tags": ["a1", "lists"]})
        assert headers["Authorization"] == "Bearer secret"
    elif tags == cdn.SURROGATE_KEY:
        assert (method, headers["Surrogate-Key"], headers["Fastly-Key"]) == ("POST", "a1 lists", "secret")
    else:
        assert (method, headers["Xkey-Purge"]) == ("PURGE", "a1 lists")
