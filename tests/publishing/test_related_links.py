"""“Also on” boxes lead to their articles, also when these arrive later."""

import pytest

from articles.publishing import publishing
from articles.publishing.companions import Companions, Related
from articles.publishing.models import Article
from articles.web.page_versions import SITE, read_versions
from tests.factories import make_article

pytestmark = pytest.mark.django_db

HEADLINE = "'End of Western hegemony': Why does Macron want Russia at Europe's side?"


def waiting(headline: str = HEADLINE, **fields: object) -> Article:
    return make_article(companions=Companions(related=[Related(headline=headline, **fields)]))  # type: ignore[arg-type]


def test_a_box_is_led_to_an_article_that_exists() -> None:
    there = make_article(HEADLINE)
    assert waiting().related_links.get().target == there


def test_a_waiting_box_is_linked_once_its_article_arrives_whatever_its_quotation_marks() -> None:
    article = waiting()
    assert article.related_links.get().target is None
    there = make_article("‘End of Western hegemony’: why does Macron want Russia at Europe’s side…", published=False)
    assert article.related_links.get().target == there


def test_a_box_with_an_address_elsewhere_is_left_alone() -> None:
    article = waiting(url="https://elsewhere.example/story")
    make_article(HEADLINE)
    assert article.related_links.get().target is None


def test_an_article_is_never_led_to_itself() -> None:
    article = make_article(HEADLINE, companions=Companions(related=[Related(headline=HEADLINE)]))
    assert article.related_links.get().target is None


def test_a_headline_without_words_finds_nothing() -> None:
    make_article("…")
    assert waiting("?!").related_links.get().target is None


@pytest.mark.django_db(transaction=True)  # PostgreSQL writes a version once in a transaction.
def test_pages_that_link_here_change_when_this_article_comes_and_goes() -> None:
    article = waiting()
    there = make_article(HEADLINE, published=False)
    versions = [read_versions([SITE, article.pk])]
    publishing.publish(there, by=None)
    versions.append(read_versions([SITE, article.pk]))
    publishing.withdraw(Article.objects.get(pk=there.pk), by=None, reason="Wrong")
    versions.append(read_versions([SITE, article.pk]))
    assert len({found[article.pk] for found in versions}) == 3
