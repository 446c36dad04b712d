"""Checks that apply to every page for readers."""

import pytest
from django.test import Client

from articles.publishing.models import Section, SitePage
from tests.factories import make_article, make_comment, make_reader
from tests.reading.pages import Page, archive_urls_of

pytestmark = pytest.mark.django_db
HOSTILE = """</title></script><script>alert(1)</script><img src=x onerror=alert(2)>"'&--><!--"""


def urls(headline: str = "") -> list[str]:
    section = Section.objects.create(name="Harbour", slug="harbour")
    article = make_article(
        headline, standfirst=headline, authors=["Ann Lee"], section=section, place=headline[:80] or "Here"
    )
    make_article(headline, section=section)
    make_comment(article, headline or "Well said.")
    lists = ["/", "/archive/", "/sections/harbour/", "/authors/ann-lee/", "/rules/", "/privacy/", "/pictures/"]
    return [article.get_absolute_url(), *lists, *archive_urls_of(article)]


@pytest.mark.parametrize("who", ["anonymous", "reader"])
def test_a_page_has_one_heading_and_no_inline_code(client: Client, who: str) -> None:
    if who == "reader":
        client.force_login(make_reader())
    for url in urls():
        page = Page(client.get(url).text)
        assert len(page.all("h1")) == 1, url
        assert "#" not in page.hrefs(), url
        assert not page.all("style"), url
        for tag, attributes in page.elements:
            assert not [name for name in attributes if name == "style" or name.startswith("on")], (url, tag)
        for script in page.all("script"):
            assert script.get("src") or script.get("type") == "application/ld+json", url
        ids = [attributes["id"] for _tag, attributes in page.elements if "id" in attributes]
        assert len(ids) == len(set(ids)), url


def test_a_page_loads_nothing_from_other_hosts(client: Client) -> None:
    for url in urls():
        page = Page(client.get(url).text)
        loaded = [a["src"] for _tag, a in page.elements if "src" in a]
        loaded += [a.get("href") for a in page.all("link") if a.get("rel") not in ("canonical",)]
        for source in loaded:
            assert (source or "").startswith("/"), (url, source)


def test_a_hostile_headline_is_escaped(client: Client) -> None:
    for url in urls(HOSTILE):
        page = Page(client.get(url).text)
        assert "alert(1)" not in [text.strip() for tag, text in page.texts if tag == "script"], url
        assert not [a for a in page.all("img") if a.get("src") == "x"], url
        assert len(page.all("title")) == 1, url


def test_site_pages_have_defaults_and_can_be_edited(client: Client) -> None:
    assert set(SitePage.objects.values_list("slug", flat=True)) >= {"rules", "privacy", "pictures"}
    page = SitePage.objects.get(slug="rules")
    page.body = "Be **kind**."
    page.save()
    assert "Be <strong>kind</strong>." in client.get("/rules/").text


def test_a_deleted_site_page_falls_back_to_the_default(client: Client) -> None:
    SitePage.objects.all().delete()
    assert "<h1>Privacy</h1>" in client.get("/privacy/").text


def test_an_empty_site_says_so(client: Client) -> None:
    assert "Nothing published yet" in client.get("/").text
    for url in ["/archive/", "/feed/", "/feed.json", "/sitemap.xml"]:
        assert client.get(url).status_code == 200


def test_favicon_ico_redirects(client: Client) -> None:
    assert client.get("/favicon.ico").headers["Location"].endswith("favicon.svg")


def test_pages_reject_post(client: Client) -> None:
    for url in ["/", "/feed/", "/archive/", make_article().get_absolute_url()]:
        assert client.post(url).status_code in (403, 405)


def test_the_best_comment_is_under_the_lead_story(client: Client) -> None:
    from articles.discussion import recommending

    article = make_article()
    comment = make_comment(article, "Three times. The propeller is ordered.")
    assert "The propeller" not in client.get("/").text
    recommending.recommend(comment=comment, by=make_reader())
    page = client.get("/").text
    assert "Three times. The propeller is ordered." in page
    assert comment.get_absolute_url() in page
