"""What readers follow and hide, the notifications in their inbox, and their digests."""

from articles.notifications.models.digest import ScheduledDigest
from articles.notifications.models.inbox import Inbox, Notification, PendingFanout
from articles.notifications.models.stance import Stance, Thing

__all__ = ["Inbox", "Notification", "PendingFanout", "ScheduledDigest", "Stance", "Thing"]
