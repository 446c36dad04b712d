"""Deletion of an article in the admin, with everything that belongs to it."""

from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from articles.discussion.models import Comment
from articles.publishing import publishing
from articles.publishing.models import Article, Revision


class ArticleDeletionMixin(admin.ModelAdmin[Article]):
    """Ask for permission to delete the article alone, and list counts instead of objects.

    Django's own page would list every comment, nested as deep as the discussion goes.
    """

    def get_deleted_objects(
        self, objs: Iterable[Article], request: HttpRequest
    ) -> tuple[list[Any], dict[Any, int], set[Any], list[Any]]:
        articles = list(objs)
        counts: dict[Any, int] = {Article._meta.verbose_name_plural: len(articles)}
        for model in (Comment, Revision):
            if number := model._default_manager.filter(article__in=articles).count():
                counts[model._meta.verbose_name_plural] = number
        return [str(article) for article in articles], counts, set(), []

    def delete_model(self, request: HttpRequest, obj: Article) -> None:
        publishing.delete(obj)
