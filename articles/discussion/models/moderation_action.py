"""The moderators' log: every use of power, with who, why and on what."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from articles.discussion.models.comment import Comment
from articles.publishing.models import Article


class ModerationAction(models.Model):
    """One act on exactly one comment, article or reader. Never changed, never deleted by the paper."""

    class Verb(models.TextChoices):
        HIDE = "hide", _("hid a comment")
        RESTORE = "restore", _("restored a comment")
        DISMISS = "dismiss", _("dismissed the reports")
        APPROVE = "approve", _("approved a held comment")
        LOCK = "lock", _("closed a discussion")
        UNLOCK = "unlock", _("opened a discussion")
        KEEP = "keep", _("kept a discussion open")
        BAN = "ban", _("banned a reader")
        UNBAN = "unban", _("lifted a ban")
        PICK = "pick", _("made a comment an editors’ pick")
        UNPICK = "unpick", _("took back an editors’ pick")
        LIFT = "lift", _("asked to quote a comment in the article")
        UNLIFT = "unlift", _("no longer quotes a comment in the article")

    verb = models.CharField(_("act"), max_length=10, choices=Verb)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="moderation_acts", verbose_name=_("by")
    )
    reason = models.CharField(_("reason"), max_length=300)
    created_at = models.DateTimeField(_("when"), auto_now_add=True)
    comment = models.ForeignKey(Comment, models.SET_NULL, null=True, blank=True, related_name="moderation_acts")
    article = models.ForeignKey(Article, models.SET_NULL, null=True, blank=True, related_name="moderation_acts")
    reader = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="acts_upon"
    )

    batch = models.UUIDField(null=True, blank=True, db_index=True, editable=False)
    """The same for what one moderator did to several comments at once, see `discussion.sweeping`."""

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("moderation act")
        verbose_name_plural = _("moderation log")
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="moderation_has_a_reason")]

    def __str__(self) -> str:
        return f"{self.get_verb_display()}: {self.reason}"
