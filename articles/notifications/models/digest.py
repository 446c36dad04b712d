"""Which reader's mail leaves when."""

from django.conf import settings
from django.db import models


class ScheduledDigest(models.Model):
    """A mail that waits for its hour. What it says is decided when it leaves, by what the inbox then holds unread.

    After it has left, the row stays until the next hour: so nobody gets two mails in one, and no notice falls between.
    """

    reader = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="+")
    due_at = models.DateTimeField(db_index=True)
    """Not to be sent before; also the lease of the process that is sending it now."""
    since = models.BigIntegerField()
    """The first notice that it is to tell of. Those before it were told, or their reader wanted no mail of them."""
    tries = models.PositiveSmallIntegerField(default=0)

    def __str__(self) -> str:
        return f"mail to {self.reader_id}"
