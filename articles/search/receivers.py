"""Reindex an article or a comment when it changes, in the same transaction, and all that need it after a migration."""

from typing import Any

from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models.signals import post_migrate
from django.dispatch import receiver

from articles.discussion.models import Comment
from articles.discussion.signals import comment_appeared, comment_disappeared, comment_edited
from articles.publishing.models import Article
from articles.publishing.signals import article_saved, article_status_changed
from articles.search.comment_index import index_comment, remove_comment
from articles.search.index import index, index_missing


@receiver([article_saved, article_status_changed])
def reindex_article(sender: Any, *, article: Article, **kwargs: Any) -> None:
    index(article)


@receiver([comment_appeared, comment_edited])
def index_public_comment(sender: Any, *, comment: Comment, **kwargs: Any) -> None:
    index_comment(comment)


@receiver(comment_disappeared)
def remove_from_index(sender: Any, *, comment: Comment, **kwargs: Any) -> None:
    remove_comment(comment)


@receiver(post_migrate)
def index_after_migration(sender: Any, *, plan: Any = (), **kwargs: Any) -> None:
    """Fill an index that a migration has emptied. `serve` does the same at each start, if this was interrupted."""
    if sender.label != "articles" or not plan:
        return
    executor = MigrationExecutor(connection)
    if not executor.migration_plan(executor.loader.graph.leaf_nodes()):
        index_missing()
