"""Article feeds, sitemaps and robots.txt."""

import json
from datetime import UTC, date, datetime
from xml.etree.ElementTree import Element, fromstring

import pytest
from django.conf import settings
from django.test import Client

from articles.models import Article, Section
from articles.publishing import publishing
from articles.publishing.companions import Companions, Quote, Related
from articles.reading import sitemaps
from tests.factories import make_article, make_comment
from tests.plans import reads
from tests.reading.test_every_page import HOSTILE

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"
MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def atom(client: Client) -> Element:
    answer = client.get("/feed/")
    assert answer.headers["Content-Type"] == "application/atom+xml; charset=utf-8"
    return fromstring(answer.content)  # noqa: S314 -- our own


def test_the_feed_has_what_atom_requires(client: Client) -> None:
    article = make_article("'Quoted': one", "Some *words*.", authors=["Ann Lee"])
    feed = atom(client)
    for name in ("title", "id", "updated"):
        assert feed.findtext(ATOM + name)
    (entry,) = feed.findall(ATOM + "entry")
    assert entry.findtext(ATOM + "title") == "‘Quoted’: one"
    assert entry.findtext(f"{ATOM}author/{ATOM}name") == "Ann Lee"
    assert datetime.fromisoformat(entry.findtext(ATOM + "updated") or "").tzinfo
    assert entry.findtext(ATOM + "content") == "<p>Some <em>words</em>.</p>"
    link = entry.find(ATOM + "link")
    assert link is not None
    assert link.get("href") == settings.SITE_ADDRESS + article.get_absolute_url()


def test_no_time_of_day_is_invented(client: Client) -> None:
    make_article(dated=date(2026, 3, 2), dated_at=datetime(2026, 3, 2, 9, 0, tzinfo=UTC))
    make_article(dated=date(2026, 3, 1))
    times = [entry.findtext(ATOM + "published") for entry in atom(client).findall(ATOM + "entry")]
    assert times == [None, "2026-03-02T09:00:00+00:00"]
    items = json.loads(client.get("/feed.json").content)["items"]
    assert ["date_published" in item for item in items] == [False, True]


def test_the_feed_has_the_whole_text_without_what_repeats_it(client: Client) -> None:
    companions = Companions(
        quotes=[Quote(text="words that stand in the body", after=0), Quote(text="Said nowhere else at all", after=0)],
        related=[Related(headline="A box", after=0)],
    )
    make_article(body="These are words that stand in the body.\n\nAnd the end.", companions=companions)
    html = json.loads(client.get("/feed.json").content)["items"][0]["content_html"]
    assert html.count("words that stand in the body") == 1
    assert "<blockquote>" in html
    assert "Said nowhere else at all" in html
    assert "And the end." in html
    assert "also" not in html
    assert " id=" not in html


def test_a_hostile_article_is_escaped_in_both_feeds(client: Client) -> None:
    article = make_article(HOSTILE, HOSTILE, standfirst=HOSTILE, authors=[HOSTILE[:100]])
    make_comment(article, HOSTILE)
    (entry,) = atom(client).findall(ATOM + "entry")
    assert "<script>alert(1)</script>" in (entry.findtext(ATOM + "title") or "")  # Escaped in the XML.
    assert "<script" not in (entry.findtext(ATOM + "content") or "")
    item = json.loads(client.get("/feed.json").content)["items"][0]
    assert "<script" not in item["content_html"]


def test_the_json_feed_is_version_1_1(client: Client) -> None:
    make_article(authors=["Ann Lee"])
    answer = client.get("/feed.json")
    assert answer.headers["Content-Type"].startswith("application/feed+json")
    feed = json.loads(answer.content)
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert feed["items"][0]["authors"] == [{"name": "Ann Lee", "url": settings.SITE_ADDRESS + "/authors/ann-lee/"}]


def test_the_latest_published_article_comes_first(client: Client) -> None:
    for day in (3, 1, 2):
        make_article(f"Of day {day}", dated=date(2026, 3, day))
    titles = [entry.findtext(ATOM + "title") for entry in atom(client).findall(ATOM + "entry")]
    assert titles == ["Of day 2", "Of day 1", "Of day 3"]


def test_the_sitemap_lists_articles_by_their_full_url(client: Client) -> None:
    article = make_article("Fähre", authors=["Ann Lee"])
    root = fromstring(client.get("/sitemap.xml").content)  # noqa: S314 -- our own
    found = [node.findtext(MAP + "loc") for node in root.findall(MAP + "url")]
    assert settings.SITE_ADDRESS + article.get_absolute_url() in found
    assert len(found) == len(set(found))


def test_the_sitemap_of_a_large_site_is_split_by_year(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sitemaps, "MAX_ARTICLES_IN_ONE_FILE", 1)
    old = make_article(dated=date(2019, 8, 28))
    make_article(dated=date(2026, 3, 1))
    root = fromstring(client.get("/sitemap.xml").content)  # noqa: S314 -- our own
    sitemap_urls = [node.findtext(MAP + "loc") for node in root.findall(MAP + "sitemap")]
    assert sitemap_urls == [f"{settings.SITE_ADDRESS}/sitemap-2026.xml", f"{settings.SITE_ADDRESS}/sitemap-2019.xml"]
    assert old.slug in client.get("/sitemap-2019.xml").text


def test_robots_txt_has_the_sitemap_and_disallowed_paths(client: Client) -> None:
    text = client.get("/robots.txt").text
    assert f"Sitemap: {settings.SITE_ADDRESS}/sitemap.xml" in text
    assert "Disallow: /accounts/" in text
    assert "Disallow: /search/?\n" in text  # Results have an unlimited number of URLs, the form has one.


def test_links_in_feeds_are_absolute(client: Client) -> None:  # cases.md O8
    make_article("A boat leaves", "It [left](/2026/03/01/lamps/) and [more](https://else.example/x).")
    html = json.loads(client.get("/feed.json").content)["items"][0]["content_html"]
    assert f'href="{settings.SITE_ADDRESS}/2026/03/01/lamps/"' in html and 'href="https://else.example/x"' in html
    assert f'href="{settings.SITE_ADDRESS}/2026/03/01/lamps/"' in (atom(client).findtext(f".//{ATOM}content") or "")


def test_what_was_published_today_is_in_the_feed_whatever_its_date(client: Client) -> None:  # cases.md O8
    for number in range(25):
        make_article(f"Number {number}")
    late = make_article("Of long ago", published=False)
    Article.objects.filter(pk=late.pk).update(dated=date(2019, 5, 4))
    late.refresh_from_db()
    publishing.publish(late, by=None)
    assert json.loads(client.get("/feed.json").content)["items"][0]["title"] == "Of long ago"


def test_the_archive_and_the_sitemap_read_days_off_an_index(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sitemaps, "MAX_ARTICLES_IN_ONE_FILE", 1)
    make_article()
    make_article()
    for address in ("/archive/", "/sitemap.xml"):
        read = reads("articles_article", lambda address=address: client.get(address))  # type: ignore[misc]
        # With two articles, PostgreSQL may take another index that begins with the status.
        assert read and "scan" not in read


def test_sections_and_authors_have_feeds_of_their_own(client: Client) -> None:
    section = Section.objects.create(name="Harbour", slug="harbour")
    make_article("Of the harbour", section=section)
    make_article("By Ann", authors=["Ann Lee"])
    for path, headline, title in (
        ("/sections/harbour/", "Of the harbour", "Harbour on The Lantern"),
        ("/authors/ann-lee/", "By Ann", "Ann Lee on The Lantern"),
    ):
        feed = fromstring(client.get(f"{path}feed/").content)  # noqa: S314 -- our own
        assert [entry.findtext(ATOM + "title") for entry in feed.findall(ATOM + "entry")] == [headline]
        assert feed.findtext(ATOM + "title") == title
        assert f'href="{path}feed/"' in client.get(path).text
        assert client.get(f"{path[:-1]}-none/feed/").status_code == 404
