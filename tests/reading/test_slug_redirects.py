"""A URL that was public redirects to the article's current URL."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from articles.models import Article, SlugRedirect
from articles.publishing import publishing
from articles.publishing.saving import save_article
from tests.factories import make_article

pytestmark = pytest.mark.django_db


def move(article: Article, *, slug: str = "", dated: date | None = None) -> Article:
    article = Article.objects.get(pk=article.pk)
    article.slug, article.dated = slug or article.slug, dated or article.dated
    save_article(article, by=None)
    return article


@pytest.fixture
def article() -> Article:
    return make_article("A street of lamps")


def test_a_changed_slug_or_date_leaves_a_redirect(client: Client, article: Article) -> None:
    first = article.get_absolute_url()
    second = move(article, slug="lamps").get_absolute_url()
    third = move(article, dated=date(2020, 2, 29)).get_absolute_url()
    assert len({first, second, third}) == 3
    for old in (first, second):
        response = client.get(f"{old}?sort=newest")
        assert (response.status_code, response["Location"]) == (301, f"{third}?sort=newest")
        assert response["Cache-Control"] == "no-cache"
    assert client.get(third).status_code == 200


def test_an_article_that_moves_back_causes_no_redirect_loop(client: Client, article: Article) -> None:
    first = article.get_absolute_url()
    second = move(article, slug="lamps").get_absolute_url()
    assert move(article, slug=article.slug).get_absolute_url() == first
    assert client.get(first).status_code == 200
    assert client.get(second)["Location"] == first


def test_no_other_article_gets_a_url_that_redirects(client: Client, article: Article) -> None:
    old = article.get_absolute_url()
    new = move(article, slug="lamps").get_absolute_url()
    other = make_article("A street of lamps")
    assert other.dated == article.dated and other.get_absolute_url() != old
    assert client.get(old)["Location"] == new


def test_a_url_that_was_never_public_leaves_no_redirect(client: Client) -> None:
    draft = make_article("Not yet", published=False)
    scheduled = make_article("Soon", at=timezone.now() + timedelta(hours=1))
    for article in (draft, scheduled):
        old = article.get_absolute_url()
        move(article, slug="elsewhere")
        assert client.get(old).status_code == 404
    assert not SlugRedirect.objects.exists()


def test_a_withdrawn_article_has_no_redirect(client: Client, article: Article) -> None:
    old = article.get_absolute_url()
    article = move(article, slug="lamps")
    publishing.withdraw(article, by=None, reason="Wrong.")
    assert client.get(old).status_code == 404
    article.delete()
    assert client.get(old).status_code == 404


def test_a_day_that_does_not_exist_is_not_found(client: Client) -> None:
    assert client.get("/2026/02/31/a-street-of-lamps/").status_code == 404
