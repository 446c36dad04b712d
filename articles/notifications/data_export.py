"""Notifications and preferences in a reader's data export."""

from django.utils.translation import gettext_lazy as _

from articles.accounts.data_export import Row, register, rows_of
from articles.accounts.models import User
from articles.notifications.models import Inbox, Notification, Stance


def _stances(reader: User) -> list[Row]:
    stances = Stance.objects.filter(reader=reader).select_related("article", "topic", "person", "author").order_by("pk")
    return [
        {
            "stance": stance.verb,
            "article": stance.article.headline if stance.article else None,
            "thread": stance.thread_id,
            "topic": stance.topic.name if stance.topic else None,
            "person": stance.person.username if stance.person else None,
            "author": stance.author.name if stance.author else None,
            "since": stance.created_at,
        }
        for stance in stances
    ]


def _notifications(reader: User) -> list[Row]:
    """Return what the inbox shows now. Hidden comments are left out here too."""
    notifications = Notification.objects.visible().filter(reader=reader).order_by("pk")
    rows = notifications.values("kind", "created_at", "read_at", "comment_id", "article__headline")
    return [dict(row) for row in rows]


_choices = rows_of(Inbox, "mail", "follows_own_threads", "follows_own_articles", "desk_digest", "feed_key")

register("inbox_choices", title=_("Notification preferences"), rows=_choices)
register("stances", title=_("What you follow and hide"), rows=_stances)
register("notifications", title=_("Inbox"), rows=_notifications)
