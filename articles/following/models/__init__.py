"""A reader's stance towards stories, threads, topics and people, and what the inbox and mail hold because of it."""

from articles.following.models.inbox import Announcement, Inbox, Notice
from articles.following.models.mail import MailDue
from articles.following.models.stance import Stance, Thing

__all__ = ["Announcement", "Inbox", "MailDue", "Notice", "Stance", "Thing"]
