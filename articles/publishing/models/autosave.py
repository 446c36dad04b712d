"""Unsaved changes of article forms, and who has one open."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from articles.publishing.models.article import Article


class Autosave(models.Model):
    """One person's open form of an article, or of a new one. Never a revision: nobody else sees the text."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    article = models.ForeignKey(Article, models.CASCADE, null=True, related_name="+")
    tab = models.CharField(max_length=22, default="")
    """Name of the open form; empty where only presence is recorded."""
    fields = models.JSONField(default=dict)
    """The form's values by name: {"headline": ["A boat leaves"], ...}. Empty if nothing is unsaved."""
    saved_at = models.DateTimeField(null=True)
    """When the fields were saved."""
    seen_at = models.DateTimeField(db_index=True)
    """When the form last reported."""
    closed = models.BooleanField(default=False, db_default=False)
    """Whether this form was saved. What it still had on its way is not unsaved any more."""

    class Meta:
        constraints = [
            models.UniqueConstraint("person", "article", "tab", name="unique_autosave_per_form"),
            models.UniqueConstraint(
                "person", "tab", condition=Q(article__isnull=True), name="unique_autosave_per_new_form"
            ),
        ]

    @property
    def state(self) -> str:
        """Names what is autosaved now, for the form that is restored from it."""
        return f"{self.pk} {self.saved_at and self.saved_at.timestamp()}"

    def __str__(self) -> str:
        return f"{self.person_id} / {self.article_id}"
