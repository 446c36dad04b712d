"""A prepared query answers like the same query that Django builds each time."""

from datetime import timedelta

import pytest
from django.db import connection
from django.db.models import CharField, DateTimeField, Exists, OuterRef
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from articles.models import Article, Byline, Comment
from articles.web.prepared_query import Parameter, PreparedQuery
from tests.factories import make_article, make_comment

pytestmark = pytest.mark.django_db


def test_it_is_asked_with_other_values_each_time() -> None:
    one, two = make_article(authors=["Ann Lee", "Bo Ek"]), make_article(authors=["Ann Lee"])
    bylines = PreparedQuery(lambda: Byline.objects.filter(article=Parameter("article")).select_related("author"))
    for article, names in ((one, ["Ann Lee", "Bo Ek"]), (two, ["Ann Lee"]), (one, ["Ann Lee", "Bo Ek"])):
        assert [byline.author.name for byline in bylines.rows(article=article.pk)] == names


def test_it_is_one_query_with_its_related_rows(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    article = make_article(authors=["Ann Lee"])
    bylines = PreparedQuery(lambda: Byline.objects.filter(article=Parameter("article")).select_related("author"))
    with django_assert_num_queries(1):
        assert bylines.rows(article=article.pk)[0].author.name == "Ann Lee"


def test_values_times_and_annotations_have_their_types() -> None:
    comment = make_comment(at=timezone.now() - timedelta(hours=1))
    found = PreparedQuery(
        lambda: (
            Comment.objects.filter(body=Parameter("body", CharField()), posted_at__lte=Parameter("at", DateTimeField()))
            .annotate(answered=Exists(Comment.objects.filter(parent=OuterRef("pk"))))
            .values_list("pk", "posted_at", "never_shown", "answered")
        )
    )
    assert found.rows(body=comment.body, at=timezone.now()) == [(comment.pk, comment.posted_at, False, False)]
    assert found.rows(body=comment.body, at=timezone.now() - timedelta(hours=2)) == []
    assert found.rows(body="' OR 1 = 1 --", at=timezone.now()) == []


def test_a_time_that_would_stay_the_same_is_refused() -> None:
    with pytest.raises(TypeError, match="make it a parameter"):
        PreparedQuery(Article.objects.public).rows()


def test_postgresql_plans_it_once_for_all_values_but_with_its_constants() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite plans within 0.2 ms")
    articles = [make_article("All 100%"), make_article()]
    found = PreparedQuery(
        lambda: Article.objects.filter(status="live", pk=Parameter("article")).exclude(headline="100% %s")
    )
    for article in articles * 4:
        assert found.rows(article=article.pk) == [article]
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement, generic_plans FROM pg_prepared_statements")
        [(sql, without_values)] = cursor.fetchall()
    assert "= 'live'" in sql
    assert "'100% %s'" in sql
    assert without_values > 0
