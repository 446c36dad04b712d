"""Every text that an article ever had."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from articles.publishing.models.article import Article


class Revision(models.Model):
    """One saved text of an article: who, when, why, and whether readers ever saw it."""

    class State(models.TextChoices):
        SAVED = "saved", _("Saved")
        WAITING = "waiting", _("Waits for an editor")
        REFUSED = "refused", _("Refused")

    article = models.ForeignKey(Article, models.CASCADE, related_name="revisions")
    number = models.PositiveIntegerField(_("number"))
    created_at = models.DateTimeField(_("saved"), auto_now_add=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("by")
    )
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    public = models.BooleanField(_("public"), default=False)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.SAVED)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("decided by")
    )
    decided_because = models.CharField(_("why decided so"), max_length=300, blank=True)
    """Who accepted or refused a text that waited, and why."""
    headline = models.CharField(_("headline"), max_length=300)
    standfirst = models.TextField(_("standfirst"), blank=True)
    body = models.TextField(_("body"), blank=True)
    companions = models.JSONField(_("beside the text"), default=dict)
    """Pull quotes and “Also on” boxes as they were: {"pull_quotes": [...], "related_links": [...]}."""

    class Meta:
        ordering = ["-number"]
        verbose_name = _("revision")
        verbose_name_plural = _("revisions")
        constraints = [
            models.UniqueConstraint("article", "number", name="one_revision_a_number"),
            models.CheckConstraint(
                condition=Q(public=False) | Q(state="saved"), name="only_saved_revisions_are_public"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.article_id}/{self.number}"
