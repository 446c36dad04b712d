"""When a reader's next digest is due."""

from django.conf import settings
from django.db import models


class ScheduledDigest(models.Model):
    """A reader's next digest. Its content is decided when it is sent, from what is unread in the inbox then.

    After a digest the row stays until the next is due: nobody gets two in one period, and no notification is missed.
    """

    reader = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="+")
    due_at = models.DateTimeField(db_index=True)
    since = models.BigIntegerField()
    """Id of the first notification in it. Earlier ones were sent, or the reader wanted no email about them."""

    def __str__(self) -> str:
        return f"digest for {self.reader_id}"
