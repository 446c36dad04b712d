"""Up to where a reader knows an article and its discussion."""

from django.conf import settings
from django.db import models

from articles.publishing.models import Article


class Visit(models.Model):
    """The latest visit of one reader to one article. Written by `discussion.visits` alone, once a visit."""

    reader = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="visits")
    article = models.ForeignKey(Article, models.CASCADE, related_name="visits")
    began_at = models.DateTimeField(db_index=True)
    before = models.BigIntegerField()
    """The newest comment of the visit before: what is newer is marked. Plain numbers, since comments may go."""
    seen = models.BigIntegerField()
    """The newest comment when this visit began."""
    edition_before = models.PositiveIntegerField(default=0)
    """The text that was read at the visit before; 0 if none was."""
    edition_seen = models.PositiveIntegerField(default=0)
    """The text that stood when this visit began."""

    class Meta:
        constraints = [models.UniqueConstraint("reader", "article", name="one_visit_a_reader")]

    def __str__(self) -> str:
        return f"{self.reader_id} / {self.article_id}"
