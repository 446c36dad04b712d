"""Notes between colleagues on an article."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from articles.publishing.models.article import Article


class DeskNote(models.Model):
    """A note to colleagues, open until someone resolves it. Readers never see it."""

    article = models.ForeignKey(Article, models.CASCADE, related_name="desk_notes")
    text = models.TextField(_("note"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField(_("written"), auto_now_add=True)
    resolved_at = models.DateTimeField(_("resolved"), null=True, blank=True)
    resolved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("note")
        verbose_name_plural = _("notes")
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="desk_notes_have_text")]
        indexes = [models.Index("article", condition=Q(resolved_at__isnull=True), name="open_desk_notes")]

    def __str__(self) -> str:
        return self.text[:80]
