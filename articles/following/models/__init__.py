"""A reader's stance towards stories, threads, topics and people, and what the inbox holds because of it."""

from articles.following.models.inbox import Announcement, Inbox, Notice
from articles.following.models.stance import Stance, Thing

__all__ = ["Announcement", "Inbox", "Notice", "Stance", "Thing"]
