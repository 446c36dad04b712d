"""Preview links: they show a draft to someone without an account, for a few days."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import pytest
import time_machine
from django.contrib.auth.models import Group
from django.core import signing
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from articles.accounts.models import User
from articles.desk import preview_links
from articles.publishing import publishing
from articles.publishing.models import Article
from tests.desk.conftest import of_group
from tests.factories import make_article, make_reader

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(datetime(2026, 11, 24, 12, 0, tzinfo=UTC), tick=False) as clock:
        yield clock


@pytest.fixture
def article() -> Article:
    return make_article("A boat leaves", "The secret draft.", published=False)


@pytest.fixture
def maker() -> User:
    return of_group("Writer")


def path_to(article: Article, maker: User) -> str:
    link = preview_links.create_link(article, by=maker)
    assert link is not None
    return urlsplit(link.url).path


def test_the_preview_has_a_link_to_share(client: Client, editor: User, article: Article) -> None:
    page = client.get(reverse("preview", args=[article.pk])).text
    address = page.split('id="link"')[1].split('value="')[1].split('"')[0]
    guest = Client().get(urlsplit(address).path)
    assert "The secret draft." in guest.text
    assert "/admin/" not in guest.text and 'id="link"' not in guest.text


def test_a_shared_draft_is_neither_cached_nor_indexed(client: Client, article: Article, maker: User) -> None:
    response = client.get(path_to(article, maker))
    assert "no-store" in response["Cache-Control"]
    assert response["X-Robots-Tag"] == "noindex"
    assert response["Referrer-Policy"] == "no-referrer"
    assert '<meta name="robots" content="noindex">' in response.text
    assert not response.cookies


def test_it_expires_after_some_days(
    client: Client, article: Article, maker: User, clock: time_machine.Traveller
) -> None:
    path = path_to(article, maker)
    clock.shift(preview_links.MAX_AGE)
    assert client.get(path).status_code == 200
    clock.shift(timedelta(seconds=1))
    over = client.get(path)
    assert over.status_code == 410
    assert "secret" not in over.text and "A boat leaves" not in over.text


def test_it_expires_when_its_creator_may_not_edit_any_more(client: Client, article: Article, maker: User) -> None:
    path = path_to(article, maker)
    maker.groups.clear()
    assert client.get(path).status_code == 410
    maker.groups.add(Group.objects.get(name="Writer"))
    assert client.get(path).status_code == 200
    User.objects.filter(pk=maker.pk).update(is_active=False)
    assert client.get(path).status_code == 410


def test_a_withdrawn_article_is_shown_to_no_one(client: Client, maker: User) -> None:
    article = make_article(body="The secret draft.", published=False)
    editor = of_group("Editor")
    path = path_to(article, editor)
    article = publishing.publish(article, by=None)
    assert client.get(path)["Location"] == Article.objects.get().get_absolute_url()
    publishing.withdraw(article, by=None, reason="A doubt")
    assert client.get(path).status_code == 410
    assert preview_links.create_link(Article.objects.get(), by=editor) is None


def test_a_scheduled_article_is_shown_before_its_time(client: Client, article: Article) -> None:
    publishing.schedule(article, by=None, at=timezone.now() + timedelta(days=1))
    assert client.get(path_to(Article.objects.get(), of_group("Editor"))).status_code == 200


def test_a_writers_link_redirects_to_the_article_once_it_is_published(client: Client, maker: User) -> None:
    article = make_article("A boat leaves", published=False)
    path = path_to(article, maker)
    publishing.publish(article, by=None)
    response = client.get(path)
    assert (response.status_code, response["Location"]) == (302, Article.objects.get().get_absolute_url())


def test_the_link_of_a_deleted_article_has_expired(client: Client, article: Article, maker: User) -> None:
    path = path_to(article, maker)
    publishing.delete(article)
    assert client.get(path).status_code == 410


@pytest.mark.parametrize(
    "change", [lambda t: t[:-1], lambda t: "x" + t, lambda t: t.replace(":", "", 1), lambda t: "x"]
)
def test_a_made_up_link_is_not_found(client: Client, article: Article, maker: User, change: object) -> None:
    token = path_to(article, maker).split("/")[2]
    assert callable(change)
    assert client.get(f"/drafts/{change(token)}/").status_code == 404


def test_a_link_signed_for_something_else_is_not_found(client: Client, article: Article, maker: User) -> None:
    for token in (
        signing.dumps([article.pk, maker.pk], salt="another"),
        signing.dumps("x", salt=preview_links.SALT),
        signing.dumps([article.pk], salt=preview_links.SALT),
    ):
        assert client.get(f"/drafts/{token}/").status_code == 404


def test_without_the_link_the_draft_is_not_found(client: Client, article: Article) -> None:
    for who in (None, make_reader(), of_group("Moderator")):
        if who is not None:
            client.force_login(who)
        assert client.get(reverse("preview", args=[article.pk])).status_code in (302, 404)
        assert client.get(f"/drafts/{article.pk}/").status_code == 404
        assert (
            "secret draft"
            not in client.get("/").text + client.get("/feed/").text + client.get("/search/?q=secret").text
        )


def test_a_link_works_again_from_the_moment_its_makers_ban_ends(
    client: Client, article: Article, maker: User, clock: time_machine.Traveller
) -> None:
    path = path_to(article, maker)
    maker.banned_at, maker.banned_until = timezone.now(), timezone.now() + timedelta(hours=1)
    maker.save()
    assert client.get(path).status_code == 410
    clock.shift(timedelta(hours=1))
    assert "The secret draft." in client.get(path).text
