"""The desk's search fields ignore case beyond ASCII and normal forms, on both databases."""

import unicodedata

import pytest
from django.test import Client

from articles.models import Article
from tests.factories import make_article, make_owner, make_reader

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner(client: Client) -> Client:
    client.force_login(make_owner())
    return client


# cases.md L10
@pytest.mark.parametrize("typed", ["łódź", "ŁÓDŹ", "Łódź", "zoë", "ZOËLLA", "ОДЕСА", "ΑΘΉΝΑ"])
def test_the_article_list_finds_headlines_in_any_case(owner: Client, typed: str) -> None:
    make_article("Łódź: Zoëlla, Одеса, Αθήνα")
    make_article("Another")
    for form in ("NFC", "NFD"):
        page = owner.get("/admin/articles/article/", {"q": unicodedata.normalize(form, typed)}).text
        assert "Zoëlla" in page, (typed, form)
        assert "Another" not in page


# cases.md L10
def test_readers_and_comments_are_found_in_any_case(owner: Client) -> None:
    make_reader("Zoëlla", email="z@paper.example")
    assert "Zoëlla" in owner.get("/admin/articles/user/", {"q": "ZOËLLA"}).text


def test_signs_of_patterns_are_searched_as_they_are(owner: Client) -> None:
    make_article("100 % of ä_ö\\")
    make_article("1000 of äxö")
    for typed, count in (("%", 1), ("Ä_Ö", 1), ("\\", 1), ("of", 2), ("Ä%Ö", 0)):
        assert Article.objects.filter(headline__icontains=typed).count() == count, typed
