"""The articles that a reader saved to read later."""

from django.conf import settings
from django.db import models

from articles.publishing.models import Article


class SavedArticle(models.Model):
    reader = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="saved_articles", db_index=False)
    article = models.ForeignKey(Article, models.CASCADE, related_name="+")
    saved_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint("reader", "article", name="saved_once")]

    def __str__(self) -> str:
        return f"{self.reader_id} / {self.article_id}"
