"""What readers do with a comment: recommend it, report it, are called by name in it. Each reader once."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from articles.discussion.models.comment import Comment


class Recommendation(models.Model):
    comment = models.ForeignKey(Comment, models.CASCADE, related_name="recommendations")
    reader = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="recommendations", db_index=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        # A page asks which of its comments its reader recommended: found also by those who recommended thousands.
        indexes = [models.Index("reader", "comment", name="recommended_by_a_reader")]
        constraints = [models.UniqueConstraint("comment", "reader", name="one_recommendation_a_reader")]

    def __str__(self) -> str:
        return f"#{self.comment_id}"


class Report(models.Model):
    """A reader's word to the moderators that something is wrong with a comment."""

    class Reason(models.TextChoices):
        ABUSE = "abuse", _("It attacks or insults someone")
        SPAM = "spam", _("It is advertising or spam")
        OFF_TOPIC = "off-topic", _("It has nothing to do with the article")
        PRIVATE = "private", _("It reveals private details")
        UNLAWFUL = "unlawful", _("It may break the law")
        OTHER = "other", _("Something else")

    class State(models.TextChoices):
        OPEN = "open", _("Open")
        UPHELD = "upheld", _("Upheld")
        DISMISSED = "dismissed", _("Dismissed")

    comment = models.ForeignKey(Comment, models.CASCADE, related_name="reports")
    reader = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="reports")
    reason = models.CharField(_("reason"), max_length=10, choices=Reason)
    note = models.CharField(_("note"), max_length=500, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.OPEN)
    created_at = models.DateTimeField(auto_now_add=True)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("report")
        verbose_name_plural = _("reports")
        constraints = [
            models.UniqueConstraint("comment", "reader", name="one_report_a_reader"),
            models.CheckConstraint(
                condition=Q(state="open", decided_at__isnull=True) | (~Q(state="open") & Q(decided_at__isnull=False)),
                name="decided_reports_have_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.comment_id}: {self.reason}"


class Mention(models.Model):
    """A reader called by name in a comment, now or in a former text: those stay readable, with their links."""

    comment = models.ForeignKey(Comment, models.CASCADE, related_name="mentions")
    reader = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="mentions")
    announced = models.BooleanField(default=False)
    """Whether rooms above were told: at the first moment when everybody could read the comment, and only once."""

    class Meta:
        verbose_name = _("mention")
        verbose_name_plural = _("mentions")
        constraints = [models.UniqueConstraint("comment", "reader", name="one_mention_a_reader")]

    def __str__(self) -> str:
        return f"#{self.comment_id} @{self.reader_id}"
