"""Pages of sections and authors, and what other sites show of a link to any page."""

import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.utils import timezone

from articles.publishing.models import Author, Section
from articles.reading.views import author_and_section
from articles.topics import tagging
from tests.factories import make_article, make_comment, make_picture, make_reader
from tests.plans import PRIMARY_KEY, reads

pytestmark = pytest.mark.django_db


def test_the_sections_are_listed_with_their_newest_articles(client: Client) -> None:
    assert "There are no sections yet." in client.get("/sections/").text
    for name in ("News", "Culture"):
        Section.objects.create(name=name, slug=name.lower())
    news = Section.objects.get(slug="news")
    for number in range(4):
        make_article(f"News {number}", section=news, at=timezone.now() - timedelta(hours=4 - number))
    page = client.get("/sections/").text
    assert re.findall(r">(News \d)</a>", page) == ["News 3", "News 2", "News 1"]
    assert "No articles in this section yet." in page


def test_the_beginnings_of_an_articles_address_lead_to_the_archive(client: Client) -> None:
    make_article(dated=timezone.localdate().replace(year=2025, month=3, day=9))
    for path in ("/2025/", "/2025/03/", "/2025/03/09/"):
        assert client.get(path, follow=True).status_code == 200
        assert client.get(path).headers["Location"] == f"/archive{path}"


def test_authors_are_listed_with_their_articles_counted_up_to_a_cap(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(author_and_section, "MAX_COUNTED", 2)
    assert "Nothing published yet." in client.get("/authors/").text
    for authors in (["Ann Lee", "Bo Ek", "Cy Oh"], ["Ann Lee", "Bo Ek"], ["Ann Lee"]):
        make_article(authors=authors)
    make_article(authors=["Cy Oh", "Di Om"], published=False)
    page = " ".join(client.get("/authors/").text.split())
    listed = re.findall(r'<bdi>([^<]*)</bdi></a> <span class="count"> ([^<]*) </span>', page)
    assert listed == [("Ann Lee", "More than 2 articles"), ("Bo Ek", "2 articles"), ("Cy Oh", "1 article")]


def test_the_articles_of_authors_are_found_by_index(client: Client) -> None:
    if connection.vendor == "postgresql":
        pytest.skip("without statistics, PostgreSQL expects 200 authors and reads all bylines to find them")
    make_article(authors=["Ann Lee"])
    assert reads("articles_article", lambda: client.get("/authors/")) <= {PRIMARY_KEY, "articles_by_go_live"}
    assert not any("scan" in read for read in reads("articles_byline", lambda: client.get("/authors/")))


def test_an_author_has_a_portrait_if_it_may_be_shown(client: Client) -> None:
    make_article(authors=["Ann Lee"])
    picture = make_picture(alt="Ann Lee at a desk", creator="Jo Hart")
    Author.objects.update(portrait=picture, about="Writes about boats.")
    page = client.get("/authors/ann-lee/").text
    assert 'alt="Ann Lee at a desk"' in page and "Portrait: Jo Hart" in page and "Writes about boats." in page
    assert f'property="og:image" content="{settings.SITE_ADDRESS}/media/' in page
    picture.licensed_until = timezone.localdate() - timedelta(days=1)
    picture.save()
    page = client.get("/authors/ann-lee/").text
    assert "Ann Lee at a desk" not in page and "Jo Hart" not in page


def test_every_kind_of_page_says_what_other_sites_show_of_it(client: Client) -> None:
    section = Section.objects.create(name="Harbour", slug="harbour")
    article = make_article("A boat leaves", section=section, authors=["Ann Lee"])
    comment = make_comment(article, author=make_reader("Mirabelle"))
    tagging.tag(article, "Boats", by=make_reader(permissions=["articles.change_articletopic"]))
    titles = {
        "/": "The Lantern",
        article.get_absolute_url(): "A boat leaves",
        article.history_url: "Version history",
        "/sections/": "Sections",
        "/sections/harbour/": "Harbour",
        "/authors/": "Authors",
        "/authors/ann-lee/": "Ann Lee",
        "/topics/": "Topics",
        "/topics/boats/": "Boats",
        "/archive/": "Archive",
        f"/archive/{article.dated:%Y/%m}/": "March 2026",
        "/corrections/": "Corrections",
        "/rules/": "Community rules",
        "/readers/Mirabelle/": "Mirabelle",
        comment.get_absolute_url(): "Comment",
        "/search/": "Search",
    }
    for path, title in titles.items():
        page = client.get(path).text
        properties = dict(re.findall(r'<meta property="og:(\w+)" content="([^"]*)">', page))
        if path not in (f"/archive/{article.dated:%Y/%m}/", "/rules/"):
            assert properties["description"]
            assert f'<meta name="description" content="{properties["description"]}">' in page, path
        assert properties["title"] == title, path
        assert properties["url"] == settings.SITE_ADDRESS + path
        assert properties["type"] and properties["site_name"] == "The Lantern"
        if path != article.get_absolute_url():  # Its image is drawn by a task.
            assert properties["image"].startswith(settings.SITE_ADDRESS)
