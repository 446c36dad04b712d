"""The moderation log: who did what, to which comment, article or reader, and why."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from articles.discussion.models.comment import Comment
from articles.publishing.models import Article


class ModerationAction(models.Model):
    """An action on one comment, article or reader. Never changed or deleted."""

    class Action(models.TextChoices):
        HIDE = "hide", _("hid a comment")
        RESTORE = "restore", _("restored a comment")
        DISMISS = "dismiss", _("dismissed the reports")
        APPROVE = "approve", _("approved a held comment")
        CLOSE = "close", _("closed a discussion")
        REOPEN = "reopen", _("reopened a discussion")
        KEEP_OPEN = "keep_open", _("kept a discussion open")
        BAN = "ban", _("banned a reader")
        UNBAN = "unban", _("lifted a ban")
        PICK = "pick", _("made a comment an editors’ pick")
        UNPICK = "unpick", _("removed an editors’ pick")
        REQUEST_QUOTE = "request_quote", _("asked to quote a comment")
        END_QUOTE = "end_quote", _("removed a quote or cancelled a request for one")

    action = models.CharField(_("action"), max_length=13, choices=Action)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="moderation_actions",
        verbose_name=_("moderator"),
    )
    reason = models.CharField(_("reason"), max_length=300)
    created_at = models.DateTimeField(_("when"), auto_now_add=True)
    comment = models.ForeignKey(Comment, models.SET_NULL, null=True, blank=True, related_name="moderation_actions")
    article = models.ForeignKey(Article, models.SET_NULL, null=True, blank=True, related_name="moderation_actions")
    reader = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="moderation_actions_received"
    )

    batch = models.UUIDField(null=True, blank=True, db_index=True, editable=False)
    """Shared by the actions of one bulk operation. See `discussion.bulk_moderation`."""

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("moderation action")
        verbose_name_plural = _("moderation log")
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="moderation_has_a_reason")]

    def __str__(self) -> str:
        return f"{self.get_action_display()}: {self.reason}"
