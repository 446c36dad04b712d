"""What stands under an article: save it for later, edit it, and more of its section."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from articles.accounts import data_export
from articles.publishing import publishing
from articles.publishing.models import Article, Section
from articles.reading import saved_articles
from articles.reading.models import SavedArticle
from tests.factories import make_article, make_comment, make_reader

pytestmark = pytest.mark.django_db


def save_url(article: Article) -> str:
    return reverse("save_article", args=[article.pk])


def test_signed_out_saving_leads_through_sign_in_and_back(client: Client) -> None:
    article = make_article("A boat leaves")
    page = client.get(article.get_absolute_url()).text
    assert f'href="{save_url(article)}"' in page
    assert client.get(save_url(article)).headers["Location"].endswith(f"?next={save_url(article)}")
    client.force_login(make_reader())
    assert '<button class="plain" id="save-article" name="saved" value="yes">' in client.get(save_url(article)).text


def test_an_article_is_saved_and_removed(signed_in: Client) -> None:
    article = make_article("A boat leaves")
    answer = signed_in.post(save_url(article), {"saved": "yes"}, follow=True)
    assert answer.redirect_chain == [(article.get_absolute_url(), 302)]
    assert "Saved for later." in answer.text and 'value="no">Remove from saved' in answer.text
    signed_in.post(save_url(article), {"saved": "yes"})
    assert signed_in.get("/saved/").text.count("A boat leaves</a>") == 1
    signed_in.post(save_url(article), {"saved": "no"})
    assert "You haven’t saved any articles yet." in signed_in.get("/saved/").text


def test_a_script_gets_the_form_alone_and_a_sentence(signed_in: Client) -> None:
    answer = signed_in.post(save_url(make_article()), {"saved": "yes"}, headers={"hx-request": "true"})
    assert answer.text.strip().startswith("<form")
    assert 'value="no"' in answer.text and "Saved for later." in answer.text


def test_the_list_has_the_latest_saved_first_and_public_articles_alone(signed_in: Client) -> None:
    articles = [make_article(f"Article {number}") for number in range(3)]
    for article in (articles[1], articles[0], articles[2]):
        signed_in.post(save_url(article), {"saved": "yes"})
    publishing.withdraw(articles[2], by=None, reason="A test")
    assert re.findall(r"Article \d(?=</a>)", signed_in.get("/saved/").text) == ["Article 0", "Article 1"]
    signed_in.post("/saved/", {"remove": articles[0].pk})
    signed_in.post("/saved/", {"remove": "nonsense"})
    assert re.findall(r"Article \d(?=</a>)", signed_in.get("/saved/").text) == ["Article 1"]


def test_nobody_else_sees_or_changes_a_list(signed_in: Client) -> None:
    article = make_article("A boat leaves")
    signed_in.post(save_url(article), {"saved": "yes"})
    other = Client()
    other.force_login(make_reader())
    assert "A boat leaves" not in other.get("/saved/").text
    other.post("/saved/", {"remove": article.pk})
    assert 'value="yes">Save for later' in other.get(article.get_absolute_url()).text
    assert SavedArticle.objects.count() == 1


def test_what_is_not_public_can_not_be_saved(signed_in: Client) -> None:
    draft = make_article(published=False)
    assert signed_in.get(save_url(draft)).status_code == 404
    assert signed_in.post(save_url(draft), {"saved": "yes"}).status_code == 404
    assert signed_in.post("/articles/99999999999999999999/save/").status_code == 404


def test_as_many_can_be_saved_as_anyone_reads(signed_in: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(saved_articles, "MAX_SAVED", 1)
    first = make_article()
    for _ in range(2):
        assert signed_in.post(save_url(first), {"saved": "yes"}).status_code == 302
    answer = signed_in.post(save_url(make_article()), {"saved": "yes"})
    assert answer.status_code == 422
    assert "Remove one to save another." in answer.text


def test_saved_articles_are_in_the_data_export_and_go_with_the_account() -> None:
    reader, article = make_reader(), make_article("A boat leaves")
    saved_articles.save(article, by=reader)
    assert [row["headline"] for row in data_export.collect(reader)["saved_articles"]] == ["A boat leaves"]
    reader.delete()
    assert not SavedArticle.objects.exists()


def test_who_may_edit_an_article_has_a_link_to_its_form(client: Client) -> None:
    article = make_article()
    edit = reverse("admin:articles_article_change", args=[article.pk])
    readers: list[tuple[dict[str, Any], bool]] = [
        ({}, False),
        ({"permissions": ["articles.change_comment"]}, False),
        ({"permissions": ["articles.change_article"]}, True),
    ]
    assert edit not in client.get(article.get_absolute_url()).text
    for fields, has_link in readers:
        client.force_login(make_reader(**fields))
        assert (edit in client.get(article.get_absolute_url()).text) == has_link, fields


def more_from(client: Client, article: Article) -> list[str]:
    section = re.search(r'<section class="more-from".*?</section>', client.get(article.get_absolute_url()).text, re.S)
    return re.findall(r"<li[^>]*><a [^>]*>(.*?)</a>", section[0]) if section else []


def test_an_article_has_the_newest_others_of_its_section(client: Client) -> None:
    news = Section.objects.create(name="News", slug="news")
    articles = [make_article(f"News {number}", section=news, at=timezone.now()) for number in range(6)]
    make_article("Elsewhere")
    make_article("To come", section=news, at=timezone.now() + timedelta(hours=1))
    assert more_from(client, articles[5]) == ["News 4", "News 3", "News 2", "News 1"]
    assert more_from(client, articles[0]) == ["News 5", "News 4", "News 3", "News 2"]
    assert more_from(client, make_article()) == []


@pytest.mark.django_db(transaction=True)
def test_the_newest_others_are_never_old(client: Client) -> None:
    noon = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
    with time_machine.travel(noon, tick=False) as clock:
        news = Section.objects.create(name="News", slug="news")
        article, other = make_article("One", section=news), make_article("Two", section=news)
        for _ in range(3):
            assert more_from(client, article) == ["Two"]
        make_comment(other)
        with CaptureQueriesContext(connection) as captured:
            client.get(article.get_absolute_url())
        assert len(captured) == 1  # A comment on another article changes nothing here.
        publishing.withdraw(other, by=None, reason="A test")
        assert more_from(client, article) == []
        make_article("Three", section=news, at=noon + timedelta(minutes=1))
        assert more_from(client, article) == []
        clock.shift(timedelta(minutes=2))
        assert more_from(client, article) == ["Three"]
