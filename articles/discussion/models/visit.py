"""A reader's last visit to an article, to mark what is new at the next one."""

from django.conf import settings
from django.db import models

from articles.publishing.models import Article


class Visit(models.Model):
    """The last visit of one reader to one article. Written by `threads.last_visits`, once a visit."""

    reader = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="visits")
    article = models.ForeignKey(Article, models.CASCADE, related_name="visits")
    began_at = models.DateTimeField(db_index=True)
    previous_newest = models.BigIntegerField()
    """Id of the newest comment at the visit before: newer ones are marked. A plain number: comments may go."""
    current_newest = models.BigIntegerField()
    """Id of the newest comment when this visit began."""
    previous_edition = models.PositiveIntegerField(default=0)
    """The article's edition at the visit before; 0 if there was none."""
    current_edition = models.PositiveIntegerField(default=0)
    """The article's edition when this visit began."""

    class Meta:
        constraints = [models.UniqueConstraint("reader", "article", name="unique_visit")]

    def __str__(self) -> str:
        return f"{self.reader_id} / {self.article_id}"
