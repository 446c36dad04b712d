"""Rebuild the search index."""

from django.db import connection, transaction
from django.db.models import QuerySet

from articles.publishing.models import Article
from articles.search.index import index


def reindex() -> int:
    """Index every article. Return the number of articles."""
    count = _index_each(Article.objects.all())
    if connection.vendor == "sqlite":  # Also rebuild the FTS5 table from the rows, in case it ever got out of step.
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("INSERT INTO articles_search(articles_search) VALUES ('rebuild')")
    return count


def index_missing() -> int:
    """Index the articles that have no row, the newest first: after a migration that emptied the index."""
    return _index_each(Article.objects.filter(search_document=None))


def _index_each(articles: QuerySet[Article]) -> int:
    """Index articles, one transaction each so that writers wait for one at most."""
    count = 0
    for pk in articles.order_by("-pk").values_list("pk", flat=True):
        with transaction.atomic():
            article = Article.objects.select_for_update(of=("self",)).filter(pk=pk).first()
            if article is not None:
                index(article)
                count += 1
    return count
