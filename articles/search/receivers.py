"""Reindex an article when it changes, in the same transaction, and all that need it after a migration."""

from typing import Any

from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models.signals import post_migrate
from django.dispatch import receiver

from articles.publishing.models import Article
from articles.publishing.signals import article_saved, article_status_changed
from articles.search.index import index, index_missing


@receiver([article_saved, article_status_changed])
def reindex_article(sender: Any, *, article: Article, **kwargs: Any) -> None:
    index(article)


@receiver(post_migrate)
def index_after_migration(sender: Any, *, plan: Any = (), **kwargs: Any) -> None:
    """Fill an index that a migration has emptied. `serve` does the same at each start, if this was interrupted."""
    if sender.label != "articles" or not plan:
        return
    executor = MigrationExecutor(connection)
    if not executor.migration_plan(executor.loader.graph.leaf_nodes()):
        index_missing()
