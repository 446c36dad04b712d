"""The migration to normal forms, applied to rows as release 0.1.0 stored them."""

import unicodedata
from importlib import import_module
from types import SimpleNamespace
from typing import Any
from urllib.parse import quote

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client

from articles.accounts.models import User
from articles.models import Article, SearchDocument, Topic
from articles.search.index import index_missing
from tests.factories import make_article, make_reader, make_topic

pytestmark = pytest.mark.django_db
migration: Any = import_module("articles.migrations.0008_normal_forms")


def migrate() -> None:
    migration.normalize(apps, SimpleNamespace(connection=connection))


# cases.md L1, L3
@pytest.mark.parametrize(
    ("headline", "old", "new"),
    [
        ("市場でマグロか", "市場てマクロか", "市場でマグロか"),
        ("서울에서", unicodedata.normalize("NFD", "서울에서"), "서울에서"),
        ("Мой город", "мои-город-2", "мой-город-2"),
        ("G7 " + "海" * 130, "g7", "g7-" + "海" * 77),
        ("Łódź", "łodz", "łodz"),
        ("A street of lamps", "chosen-by-hand", "chosen-by-hand"),
    ],
    ids=["dakuten", "decomposed", "numbered", "cut", "kept", "chosen"],
)
def test_a_slug_that_lost_letters_gets_them_back_and_its_old_address_redirects(
    client: Client, headline: str, old: str, new: str
) -> None:
    article = make_article(headline)
    Article.objects.filter(pk=article.pk).update(slug=old)
    migrate()
    article.refresh_from_db()
    assert article.slug == new
    response = client.get(f"/2026/03/01/{quote(old)}/")
    assert (response.status_code, response.headers.get("Location")) == (
        (200, None) if old == new else (301, article.get_absolute_url())
    )


# cases.md L2
def test_keys_of_readers_and_topics_are_made_again_and_never_collide() -> None:
    names = {"रवि": "रव", "かがみ": "かかみ", "Søren": "søren", "soren": "soren", "Łukasz": "łukasz", "Jose": "jose"}
    readers = {name: make_reader(f"reader{number}") for number, name in enumerate(names)}
    for name, reader in readers.items():
        User.objects.filter(pk=reader.pk).update(username=name, name_key=f"old {names[name]}")
    topics = {name: make_topic(f"Topic {number}") for number, name in enumerate(("Malmø", "Malmo"))}
    for name, topic in topics.items():
        Topic.objects.filter(pk=topic.pk).update(name=name, name_key=name.casefold())
    migrate()
    keys = dict(User.objects.values_list("username", "name_key"))
    assert keys == {
        "रवि": "रवि",
        "かがみ": "かがみ",
        "Søren": "søren",
        "soren": "soren",
        "Łukasz": "lukasz",
        "Jose": "jose",
    }
    for name in names:
        assert User.objects.get_by_login(name) == readers[name]
    for name, topic in topics.items():
        assert Topic.objects.all().named(name) == topic


def test_the_search_index_is_emptied_and_filled_again() -> None:
    article = make_article()
    migrate()
    assert not SearchDocument.objects.exists()
    assert index_missing() == 1
    assert SearchDocument.objects.get().article == article
