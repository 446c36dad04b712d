"""How often pages were read."""

from datetime import timedelta
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from articles.publishing.models.article import Article


class ReadCountQuerySet(models.QuerySet["ReadCount"]):
    def of_last_days(self, days: int) -> Self:
        """Filter the counts of today and the days before it."""
        return self.filter(day__gt=timezone.localdate() - timedelta(days=days))


class ReadCount(models.Model):
    """How often an article, or the front page, was read on one day. Nothing is stored of who read it."""

    article = models.ForeignKey(Article, models.CASCADE, null=True, related_name="read_counts")
    """None for the front page."""
    day = models.DateField()
    reads = models.PositiveIntegerField()

    objects = ReadCountQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint("day", "article", name="unique_read_count"),
            models.UniqueConstraint("day", condition=Q(article=None), name="unique_front_page_read_count"),
        ]

    def __str__(self) -> str:
        return f"{self.article_id}, {self.day}: {self.reads}"
