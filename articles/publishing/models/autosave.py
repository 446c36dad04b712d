"""What somebody has in the article's form and has not saved, and that they have it open."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from articles.publishing.models.article import Article


class Autosave(models.Model):
    """One person at one form of an article, or of a new one. No revision: nobody else sees the words."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    article = models.ForeignKey(Article, models.CASCADE, null=True, related_name="+")
    tab = models.CharField(max_length=22, default="")
    """Which of the forms that they have open; empty where only their presence is noted."""
    fields = models.JSONField(default=dict)
    """The form as it was last heard of, by field: {"headline": ["A boat leaves"], ...}. Empty: nothing is unsaved."""
    kept_at = models.DateTimeField(null=True)
    """When the words were kept."""
    seen_at = models.DateTimeField(db_index=True)
    """When the form was last heard of."""

    class Meta:
        constraints = [
            models.UniqueConstraint("person", "article", "tab", name="one_writing_a_form"),
            models.UniqueConstraint("person", "tab", condition=Q(article__isnull=True), name="one_writing_a_new_form"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} / {self.article_id}"
