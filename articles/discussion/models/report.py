"""Reports of comments by readers."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from articles.discussion.models.comment import Comment


class Report(models.Model):
    """A reader's report of a comment to the moderators.

    A reader may report a comment again with another reason or note, or after its text was edited.
    """

    class Reason(models.TextChoices):
        ABUSE = "abuse", _("Abuse or insults")
        SPAM = "spam", _("Advertising or spam")
        OFF_TOPIC = "off-topic", _("Off topic")
        PRIVATE = "private", _("Reveals private details")
        UNLAWFUL = "unlawful", _("May be illegal")
        OTHER = "other", _("Something else")

    class State(models.TextChoices):
        OPEN = "open", _("Open")
        UPHELD = "upheld", _("Upheld")
        DISMISSED = "dismissed", _("Dismissed")

    comment = models.ForeignKey(Comment, models.CASCADE, related_name="reports")
    reader = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="reports")
    reason = models.CharField(_("reason"), max_length=10, choices=Reason)
    note = models.CharField(_("note"), max_length=500, blank=True)
    text_version = models.PositiveIntegerField(_("version of the text"), default=0, db_default=0)
    """How many earlier versions the comment had when it was reported."""
    counts = models.BooleanField(default=True, db_default=True)
    """Whether it is in the comment's `report_count`, which counts each reader once."""
    ranks = models.BooleanField(default=False, db_default=False)
    """Whether the reader's standing lets it rank before a moderator decides. See `accounts.trust`."""
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.OPEN)
    created_at = models.DateTimeField(auto_now_add=True)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("report")
        verbose_name_plural = _("reports")
        constraints = [
            models.UniqueConstraint("comment", "reader", "reason", "note", "text_version", name="unique_report"),
            models.UniqueConstraint(
                "comment",
                "reader",
                condition=Q(counts=True) & ~Q(state="dismissed"),
                name="one_counted_report_per_reader",
            ),
            models.CheckConstraint(
                condition=Q(state="open", decided_at__isnull=True) | (~Q(state="open") & Q(decided_at__isnull=False)),
                name="decided_reports_have_a_time",
            ),
        ]
        indexes = [
            models.Index("id", name="open_reports", condition=Q(state="open")),
            models.Index("comment", "id", name="open_reports_of_a_comment", condition=Q(state="open")),
            models.Index("reason", "decided_at", name="decided_reports", condition=~Q(state="open")),
        ]

    def __str__(self) -> str:
        return f"#{self.comment_id}: {self.reason}"
