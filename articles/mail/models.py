"""Letters that wait to be sent."""

from django.db import models


class QueuedEmail(models.Model):
    """One mail, ready for the post. Gone once it is sent: what was written to a reader is not kept."""

    sender = models.CharField(max_length=320)
    recipients = models.JSONField()
    mime = models.TextField()
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField()
    """Not to be tried before; also the lease of the worker that is trying now."""
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"letter {self.pk}"
