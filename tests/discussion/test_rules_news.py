"""Readers are told that the rules changed where they write, until they have written under the new ones."""

from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.formats import date_format

from articles.discussion import posting, rules_news
from articles.publishing import site_settings
from articles.publishing.models import Article, RulesVersion, SitePage
from tests.factories import make_article, make_reader

pytestmark = pytest.mark.django_db
LINE = "community rules</a> changed on"


def change_rules(*, ago: timedelta = timedelta()) -> None:
    page = SitePage.objects.get(slug="rules")
    page.body += "\n\nBe brief."
    page.save()
    RulesVersion.objects.filter(number=2).update(published_at=timezone.now() - ago)
    site_settings.refresh()


@pytest.fixture
def article() -> Article:
    return make_article()


def test_a_reader_is_told_above_the_form_until_they_have_written(client: Client, article: Article) -> None:
    reader = make_reader()
    client.force_login(reader)
    url = article.get_absolute_url()
    assert LINE not in client.get(url).text
    change_rules(ago=timedelta(hours=1))
    page = client.get(url).text
    day = timezone.localdate(timezone.now() - timedelta(hours=1))  # The day before, in the first hour.
    assert LINE in page and date_format(day, "DATE_FORMAT") in page
    before, now = timezone.now() - timedelta(hours=2), timezone.now()

    def write(body: str, *, begun_at: datetime) -> None:
        posting.post_comment(article=article, author=reader, body=body, token=uuid4(), begun_at=begun_at, at=now)

    write("From an old form", begun_at=before)
    assert LINE in client.get(url).text
    write("From the new one", begun_at=now)
    assert LINE not in client.get(url).text


def test_who_joined_after_the_change_has_agreed_to_the_new_rules(client: Client, article: Article) -> None:
    change_rules(ago=timedelta(hours=1))
    client.force_login(make_reader(date_joined=timezone.now()))
    assert LINE not in client.get(article.get_absolute_url()).text
    assert LINE not in Client().get(article.get_absolute_url()).text


def test_a_change_is_no_news_after_a_year(article: Article) -> None:
    change_rules(ago=rules_news.TOLD_FOR)
    reader = make_reader(date_joined=timezone.now() - timedelta(days=800))
    assert rules_news.unseen_change(reader) is None
