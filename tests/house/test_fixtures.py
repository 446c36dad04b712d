"""The tests' own ground: the factories make what they say, on this database."""

import pytest
from django.core.cache import cache

from articles.publishing.models import Article
from tests import factories


@pytest.mark.django_db
def test_a_made_article_is_public() -> None:
    article = factories.make_article("A headline", authors=["Ada Lovelace"])
    assert list(Article.objects.public()) == [article]
    assert [str(byline) for byline in article.bylines.all()] == ["Ada Lovelace"]


@pytest.mark.django_db
def test_a_made_reader_may_what_was_named() -> None:
    reader = factories.make_reader(permissions=["articles.publish_article"])
    assert reader.has_perm("articles.publish_article")
    assert not reader.has_perm("articles.change_comment")


@pytest.mark.django_db
@pytest.mark.parametrize("run", [1, 2])
def test_no_test_hands_its_cache_on(run: int) -> None:
    assert cache.get("mark") is None
    cache.set("mark", run)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("run", [1, 2])
def test_no_test_with_real_transactions_hands_its_cache_on(run: int) -> None:
    assert cache.get("mark") is None
    cache.set("mark", run)
