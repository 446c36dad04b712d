"""What holds for each page of this room."""

import pytest
from django.test import Client

from articles.publishing.models import Section, SitePage
from tests.factories import make_article, make_comment, make_reader
from tests.reading.pages import Page, days_of

pytestmark = pytest.mark.django_db
HOSTILE = """</title></script><script>alert(1)</script><img src=x onerror=alert(2)>"'&--><!--"""


def addresses(headline: str = "") -> list[str]:
    section = Section.objects.create(name="Harbour", slug="harbour")
    article = make_article(
        headline, standfirst=headline, authors=["Ann Lee"], section=section, place=headline[:80] or "Here"
    )
    make_article(headline, section=section)
    make_comment(article, headline or "Well said.")
    lists = ["/", "/archive/", "/sections/harbour/", "/authors/ann-lee/", "/rules/", "/privacy/"]
    return [article.get_absolute_url(), *lists, *days_of(article)]


@pytest.mark.parametrize("who", ["anonymous", "reader"])
def test_a_page_has_one_heading_and_no_code_of_its_own(client: Client, who: str) -> None:
    if who == "reader":
        client.force_login(make_reader())
    for address in addresses():
        page = Page(client.get(address).text)
        assert len(page.all("h1")) == 1, address
        assert "#" not in page.hrefs(), address
        assert not page.all("style"), address
        for tag, attributes in page.elements:
            assert not [name for name in attributes if name == "style" or name.startswith("on")], (address, tag)
        for script in page.all("script"):
            assert script.get("src") or script.get("type") == "application/ld+json", address
        ids = [attributes["id"] for _tag, attributes in page.elements if "id" in attributes]
        assert len(ids) == len(set(ids)), address


def test_a_page_asks_no_other_host_for_anything(client: Client) -> None:
    for address in addresses():
        page = Page(client.get(address).text)
        loaded = [a["src"] for _tag, a in page.elements if "src" in a]
        loaded += [a.get("href") for a in page.all("link") if a.get("rel") not in ("canonical",)]
        for url in loaded:
            assert (url or "").startswith("/"), (address, url)


def test_a_hostile_headline_is_only_words(client: Client) -> None:
    for address in addresses(HOSTILE):
        page = Page(client.get(address).text)
        assert "alert(1)" not in [text.strip() for tag, text in page.texts if tag == "script"], address
        assert not [a for a in page.all("img") if a.get("src") == "x"], address
        assert len(page.all("title")) == 1, address


def test_the_standing_texts_come_with_the_paper_and_are_the_editors(client: Client) -> None:
    assert set(SitePage.objects.values_list("slug", flat=True)) >= {"rules", "privacy"}
    text = SitePage.objects.get(slug="rules")
    text.body = "Be **kind**."
    text.save()
    assert "Be <strong>kind</strong>." in client.get("/rules/").text


def test_a_lost_standing_text_is_the_delivered_one(client: Client) -> None:
    SitePage.objects.all().delete()
    assert "<h1>Privacy</h1>" in client.get("/privacy/").text


def test_an_empty_paper_says_so(client: Client) -> None:
    assert "Nothing is published yet" in client.get("/").text
    for address in ["/archive/", "/feed/", "/feed.json", "/sitemap.xml"]:
        assert client.get(address).status_code == 200


def test_the_icon_is_found_where_old_browsers_look(client: Client) -> None:
    assert client.get("/favicon.ico").headers["Location"].endswith("favicon.svg")


def test_pages_are_only_read(client: Client) -> None:
    for address in ["/", "/feed/", "/archive/", make_article().get_absolute_url()]:
        assert client.post(address).status_code in (403, 405)


def test_a_readers_words_stand_under_the_lead(client: Client) -> None:
    from articles.discussion import recommending

    article = make_article()
    comment = make_comment(article, "Three times. The propeller is ordered.")
    assert "The propeller" not in client.get("/").text
    recommending.recommend(comment=comment, by=make_reader())
    page = client.get("/").text
    assert "Three times. The propeller is ordered." in page
    assert comment.get_absolute_url() in page
