"""Rebuild the search index."""

from django.db import connection, transaction

from articles.publishing.models import Article
from articles.search.index import index


def reindex() -> int:
    """Index every article, one transaction each so that writers wait for one at most. Return the number of articles."""
    count = 0
    for pk in Article.objects.order_by("pk").values_list("pk", flat=True):
        with transaction.atomic():
            article = Article.objects.select_for_update(of=("self",)).filter(pk=pk).first()
            if article is not None:
                index(article)
                count += 1
    if connection.vendor == "sqlite":  # Also rebuild the FTS5 table from the rows, in case it ever got out of step.
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("INSERT INTO articles_search(articles_search) VALUES ('rebuild')")
    return count
