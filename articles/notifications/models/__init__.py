"""A reader's stance towards stories, threads, topics and people, and what the inbox and mail hold because of it."""

from articles.notifications.models.digest import ScheduledDigest
from articles.notifications.models.inbox import Inbox, Notification, PendingFanout
from articles.notifications.models.stance import Stance, Thing

__all__ = ["Inbox", "Notification", "PendingFanout", "ScheduledDigest", "Stance", "Thing"]
