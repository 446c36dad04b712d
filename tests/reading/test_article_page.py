"""The article page and its parts."""

import json
from datetime import UTC, date, datetime
from typing import Any

import pytest
import time_machine
from django.test import Client

from articles.discussion import moderating
from articles.publishing.companions import Companions, Lost, Quote, Related
from articles.publishing.models import Article, Source
from articles.topics import tagging
from tests.factories import GROUNDS, make_article, make_comment, make_owner, make_reader
from tests.reading.pages import Page, json_ld_of

pytestmark = pytest.mark.django_db


def page_of(client: Client, article: Article) -> str:
    response = client.get(article.get_absolute_url())
    assert response.status_code == 200
    return response.text


def test_a_day_is_shown_without_a_time(client: Client) -> None:
    article = make_article(dated=date(2026, 3, 1))
    page = page_of(client, article)
    assert '<time datetime="2026-03-01">1 March 2026</time>' in page
    assert json.loads(json_ld_of(page))["datePublished"] == "2026-03-01"


def test_a_known_time_is_shown(client: Client) -> None:
    article = make_article(dated=date(2026, 3, 1), dated_at=datetime(2026, 3, 1, 14, 5, tzinfo=UTC))
    page = page_of(client, article)
    assert '<time datetime="2026-03-01T14:05+00:00">1 March 2026, 14:05</time>' in page
    assert json.loads(json_ld_of(page))["datePublished"] == "2026-03-01T14:05+00:00"


def test_a_change_after_publication_is_dated(client: Client) -> None:
    from articles.publishing.saving import save_article

    article = make_article()
    assert "Updated" not in page_of(client, article)
    article.refresh_from_db()
    article.body += "\n\nOne more paragraph."
    save_article(article, by=None)
    assert "Updated" in page_of(client, article)


def test_an_old_article_says_how_old_it_is(client: Client) -> None:
    article = make_article(dated=date(2019, 8, 28))
    with time_machine.travel(datetime(2028, 9, 1, tzinfo=UTC)):
        assert "This article is 9 years old." in page_of(client, article)
    young = make_article(dated=date(2028, 8, 28))
    with time_machine.travel(datetime(2028, 9, 1, tzinfo=UTC)):
        assert "years old" not in page_of(client, young)


def test_the_byline_keeps_its_order(client: Client) -> None:
    article = make_article(authors=["Zoe Young", "Ann Lee", "Mo Mi"])
    page = page_of(client, article)
    assert page.index("Zoe Young") < page.index("Ann Lee") < page.index("Mo Mi")
    assert [author["name"] for author in json.loads(json_ld_of(page))["author"]] == ["Zoe Young", "Ann Lee", "Mo Mi"]


def test_the_headline_has_real_quotation_marks_and_a_hanging_first_one(client: Client) -> None:
    page = page_of(client, make_article("'We will row': the ferry's vote"))
    assert '<h1 class="headline hanging-quote narrow">‘We will row’: the ferry’s vote</h1>' in page


def test_companions_are_in_their_places(client: Client) -> None:
    text = "The first words are here and noted.\n\nThe second paragraph ends it."
    companions = Companions(
        quotes=[Quote(text="The first words are here", speaker="Ann", after=0), Quote(text="Something else", after=0)],
        related=[
            Related(headline="A box in the text", label="Also on rt.com", after=0),
            Related(headline="A box at the end", url="https://elsewhere.example/x"),
        ],
        lost=[Lost(words="noted", block=0)],
    )
    page = page_of(client, make_article(body=text, companions=companions)).partition("<main")[2]
    places = [
        page.index(words)
        for words in ("The first words", '<aside class="pull"', '<blockquote class="pull"', "A box in the text")
    ]
    assert places == sorted(places)
    assert page.index("A box in the text") < page.index("The second paragraph ends") < page.index("A box at the end")
    assert '<a href="https://elsewhere.example/x" rel="noopener"' in page
    assert '<span class="dead-link"' in page
    assert "1 original link is missing." in page


def test_no_link_has_an_empty_target(client: Client) -> None:
    companions = Companions(related=[Related(headline="Lost", after=0), Related(headline="Lost at the end")])
    article = make_article("Text", "A [link](#) and [one](https://paper.example/).", companions=companions)
    hrefs = Page(page_of(client, article)).hrefs()
    assert "#" not in hrefs
    assert "" not in hrefs


def test_the_source_is_named(client: Client) -> None:
    source = Source.objects.create(name="rt.com", address="https://www.rt.com")
    page = page_of(client, make_article(source=source, source_url="https://www.rt.com/news/1/"))
    assert 'First published by <a href="https://www.rt.com/news/1/" rel="noopener">rt.com</a>.' in page
    assert json.loads(json_ld_of(page))["isBasedOn"] == "https://www.rt.com/news/1/"
    assert "First published" not in page_of(client, make_article())


def test_the_json_ld_has_topics_and_comments(client: Client) -> None:
    article = make_article()
    first = make_comment(article, "Three times. The *propeller* is ordered.")
    reply = make_comment(article, "I was there.", parent=first)
    tagging.tag(article, "Ferries", by=make_owner())
    data = json.loads(json_ld_of(page_of(client, article)))
    assert data["@type"] == "NewsArticle"
    assert data["keywords"] == ["Ferries"]
    assert data["commentCount"] == 2
    comments = {comment["url"].rpartition("/comments/")[2]: comment for comment in data["comment"]}
    assert comments[f"{first.pk}/"]["text"] == "Three times. The propeller is ordered."
    assert comments[f"{reply.pk}/"]["parentItem"]["@id"].endswith(f"/comments/{first.pk}/")


def test_a_hidden_comment_is_gone_from_page_and_json_ld(client: Client) -> None:
    article = make_article()
    comment = make_comment(article, "Unspeakable words")
    assert page_of(client, article).count("Unspeakable words") == 2
    moderating.hide(comment=comment, by=make_owner(), grounds=GROUNDS, reason="rude")
    assert "Unspeakable" not in page_of(client, article)


def test_urls_never_come_from_the_host_header(client: Client, settings: Any) -> None:
    article = make_article(authors=["Ann Lee"])
    settings.ALLOWED_HOSTS = ["evil.example"]
    for url in ["/", article.get_absolute_url(), "/feed/", "/feed.json", "/sitemap.xml", "/robots.txt"]:
        response = client.get(url, headers={"host": "evil.example"})
        assert response.status_code == 200
        assert "evil.example" not in response.text, url


def test_an_article_in_another_language_is_marked(client: Client) -> None:
    article = make_article("ميناء المدينة القديمة", "كان الصباح هادئاً.", language="ar")
    page = page_of(client, article)
    assert 'lang="ar" dir="rtl">ميناء' in page
    assert '<div class="text" lang="ar" dir="rtl">' in page
    assert 'lang="ar" dir="rtl"' in client.get("/").text


def test_anonymous_readers_get_no_cookie_no_form_and_no_htmx(client: Client) -> None:
    article = make_article()
    make_comment(article)
    for url in ["/", article.get_absolute_url(), "/rules/", "/privacy/", "/archive/"]:
        response = client.get(url)
        assert not response.cookies, url
        assert "csrfmiddlewaretoken" not in response.text
        assert "htmx" not in response.text


def test_a_signed_in_reader_gets_the_form(signed_in: Client) -> None:
    article = make_article()
    page = page_of(signed_in, article)
    assert '<textarea name="body"' in page
    assert 'name="token"' in page


def test_a_banned_reader_gets_no_form(client: Client) -> None:
    from django.utils import timezone

    client.force_login(make_reader(banned_at=timezone.now(), banned_reason="Insults"))
    page = page_of(client, make_article())
    assert '<textarea name="body"' not in page
    assert "You can read but not post. Reason: Insults" in page


def test_a_quote_that_is_not_in_the_body_is_in_the_json_ld(client: Client) -> None:
    companions = Companions(
        quotes=[Quote(text="The first paragraph", after=0), Quote(text="Said nowhere else", speaker="Ana", after=0)]
    )
    data = json.loads(json_ld_of(page_of(client, make_article(companions=companions))))
    assert data["hasPart"] == [
        {"@type": "Quotation", "text": "Said nowhere else", "creator": {"@type": "Person", "name": "Ana"}}
    ]
    assert "hasPart" not in json.loads(json_ld_of(page_of(client, make_article())))
