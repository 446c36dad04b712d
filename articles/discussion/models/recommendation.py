"""Recommendations of comments by readers."""

from django.conf import settings
from django.db import models

from articles.discussion.models.comment import Comment


class Recommendation(models.Model):
    comment = models.ForeignKey(Comment, models.CASCADE, related_name="recommendations")
    reader = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="recommendations", db_index=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        # Pages look up which of their comments a reader recommended, even one who recommended thousands.
        indexes = [models.Index("reader", "comment", name="recommendations_by_reader")]
        constraints = [models.UniqueConstraint("comment", "reader", name="unique_recommendation")]

    def __str__(self) -> str:
        return f"#{self.comment_id}"
