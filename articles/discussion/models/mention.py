"""Mentions of readers in comments."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from articles.discussion.models.comment import Comment


class Mention(models.Model):
    """A reader mentioned in a comment or in an earlier version of it, where the mention still is a link."""

    comment = models.ForeignKey(Comment, models.CASCADE, related_name="mentions")
    reader = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="mentions")
    announced = models.BooleanField(default=False)
    """Whether `readers_mentioned` was sent. It is sent once, when the comment first becomes public."""

    class Meta:
        verbose_name = _("mention")
        verbose_name_plural = _("mentions")
        constraints = [models.UniqueConstraint("comment", "reader", name="unique_mention")]

    def __str__(self) -> str:
        return f"#{self.comment_id} @{self.reader_id}"
