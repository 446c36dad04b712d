"""This room's part of the archive that a reader takes away."""

from django.utils.translation import gettext_lazy as _

from articles.accounts.data_export import Row, register
from articles.accounts.models import User
from articles.notifications.models import Inbox, Notification, Stance


def _stances(reader: User) -> list[Row]:
    stances = Stance.objects.filter(reader=reader).select_related("story", "topic", "person").order_by("pk")
    return [
        {
            "stance": stance.verb,
            "story": stance.story.headline if stance.story else None,
            "thread": stance.thread_id,
            "topic": stance.topic.name if stance.topic else None,
            "person": stance.person.username if stance.person else None,
            "since": stance.created_at,
        }
        for stance in stances
    ]


def _notices(reader: User) -> list[Row]:
    """What can be seen in the inbox now: of a comment that was taken away, nothing is told here either."""
    notices = Notification.objects.showing().filter(reader=reader).order_by("pk")
    rows = notices.values("kind", "created_at", "read_at", "comment_id", "article__headline")
    return [dict(row) for row in rows]


def _choices(reader: User) -> list[Row]:
    return [dict(row) for row in Inbox.objects.filter(pk=reader.pk).values("mail", "follows_own_threads", "feed_key")]


register("inbox_choices", title=_("How you want to be told"), rows=_choices)
register("stances", title=_("What you follow and hide"), rows=_stances)
register("notices", title=_("Inbox"), rows=_notices)
