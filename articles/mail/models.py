"""The queue of outgoing email."""

from django.db import models


class QueuedEmail(models.Model):
    """One email to be sent. The row is deleted once it is sent, so that no email is kept.

    An email is either ready (`mime`) or written when it is sent by the composer of that name, so that nothing is in it
    that was read or hidden in between.
    """

    sender = models.CharField(max_length=320, blank=True)
    recipients = models.JSONField()
    mime = models.TextField(blank=True)
    composer = models.CharField(max_length=20, blank=True)
    arguments = models.JSONField(default=dict)
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField()
    """Earliest time of the next attempt. Also the lease of the worker that is sending it now."""
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(mime="") ^ models.Q(composer=""), name="an_email_is_ready_or_has_a_composer"
            )
        ]

    def __str__(self) -> str:
        return f"email {self.pk}"
