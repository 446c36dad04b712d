"""Reindex an article when it changes, in the same transaction."""

from typing import Any

from django.dispatch import receiver

from articles.publishing.models import Article
from articles.publishing.signals import article_saved, article_status_changed
from articles.search.index import index


@receiver([article_saved, article_status_changed])
def reindex_article(sender: Any, *, article: Article, **kwargs: Any) -> None:
    index(article)
