"""Write the whole index anew, article by article."""

from django.db import connection, transaction

from articles.publishing.models import Article
from articles.search.index import index


def reindex() -> int:
    """Each article in a transaction of its own, so that writers wait for none of it long. Gives their number."""
    count = 0
    for pk in Article.objects.order_by("pk").values_list("pk", flat=True):
        with transaction.atomic():
            article = Article.objects.select_for_update(of=("self",)).filter(pk=pk).first()
            if article is not None:
                index(article)
                count += 1
    if connection.vendor == "sqlite":  # Read back from the rows, in case the table ever fell behind them.
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("INSERT INTO articles_search(articles_search) VALUES ('rebuild')")
    return count
