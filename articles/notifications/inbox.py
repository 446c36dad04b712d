"""A reader's inbox: its pages, its feed, and marking notifications as read."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from django.db import transaction
from django.utils import timezone

from articles.accounts.models import User
from articles.discussion.hidden_comments import HiddenText, hidden_texts
from articles.discussion.models import Comment
from articles.notifications import sentences, unread_counts
from articles.notifications.models import Inbox, Notification
from articles.notifications.models.inbox import NotificationQuerySet
from articles.publishing.models import Article
from articles.text.quotations import comment_excerpt
from articles.text.sanitizing import clean_line

PAGE_SIZE = 40  # Notifications: two screens, and rarely more than a day's.
EXCERPT_LENGTH = 200  # Characters of a comment.


@dataclass(frozen=True, slots=True)
class Line:
    notification: Notification
    sentence: str
    words: str
    """An excerpt of the comment; nothing for a hidden one."""
    address: str
    """URL of the comment or article."""
    hidden: HiddenText | None = None
    """The reader's own comment that a moderator hid."""


@dataclass(frozen=True, slots=True)
class Group:
    article: Article
    lines: list[Line]

    @property
    def unread(self) -> int:
        return sum(line.notification.read_at is None for line in self.lines)


@dataclass(frozen=True, slots=True)
class InboxPage:
    groups: list[Group]
    newest: int
    """Id of the newest notification on the page. "Mark all as read" stops there: later ones were not seen."""
    next_before: int | None


def inbox_page(reader: User, *, before: int | None = None, unread: bool = False) -> InboxPage:
    """Return one page of the inbox, newest first, with adjacent notifications of one article grouped.

    One query, and one for the texts of hidden comments if there are any.

    `before` is the id of the last notification on the previous page; `unread` leaves out those that were read.
    """
    notifications = _visible(reader)
    if before is not None:
        notifications = notifications.filter(pk__lt=before)
    if unread:
        notifications = notifications.unread()
    found = list(notifications[: PAGE_SIZE + 1])
    shown = found[:PAGE_SIZE]
    return InboxPage(
        groups=_groups(shown),
        newest=shown[0].pk if shown else 0,
        next_before=shown[-1].pk if len(found) > PAGE_SIZE else None,
    )


def latest(reader: User, limit: int) -> list[Line]:
    """Return the newest notifications, ungrouped, for the feed.

    Without the text of hidden comments: the feed's URL can be passed on.
    """
    return [_line(notification, {}) for notification in _visible(reader)[:limit]]


def _visible(reader: User) -> NotificationQuerySet:
    wanted = Notification.objects.visible().filter(reader=reader).order_by("-pk")
    return wanted.select_related("article", "comment__author").defer("article__body", "article__body_html")


def target_url(notification: Notification) -> str:
    return (notification.comment or notification.article).get_absolute_url()


@transaction.atomic
def mark_read(*, notification: Notification, by: User) -> None:
    unread_counts.lock([by.pk])
    Notification.objects.filter(pk=notification.pk, reader=by).unread().update(read_at=timezone.now())
    unread_counts.recount([by.pk])


@transaction.atomic
def mark_all_read(*, up_to: int, by: User) -> None:
    """Mark everything up to this id as read: the newest that the reader saw."""
    unread_counts.lock([by.pk])
    Notification.objects.filter(pk__lte=up_to, reader=by).unread().update(read_at=timezone.now())
    unread_counts.recount([by.pk])


def enable_feed(*, by: User) -> None:
    """Create a feed URL that can't be guessed. An earlier one stops working."""
    Inbox.objects.update_or_create(pk=by.pk, defaults={"feed_key": secrets.token_urlsafe(32)})


def disable_feed(*, by: User) -> None:
    Inbox.objects.filter(pk=by.pk).update(feed_key=None)


def reader_of_feed(key: str) -> User | None:
    """Return the reader with this feed key, or None if the feed was turned off or the account closed."""
    return User.objects.filter(inbox__feed_key=key, is_active=True).first()


def _groups(notifications: Sequence[Notification]) -> list[Group]:
    """Group adjacent notifications of one article."""
    about_hidden = [row.comment_id for row in notifications if row.kind == Notification.Kind.HIDDEN and row.comment_id]
    hidden = hidden_texts(about_hidden) if about_hidden else {}
    runs = groupby(notifications, key=lambda notification: notification.article)
    return [Group(article, [_line(notification, hidden) for notification in run]) for article, run in runs]


def _line(notification: Notification, hidden: Mapping[int, HiddenText]) -> Line:
    sentence = sentences.sentence(notification).rstrip(":.")
    own = hidden.get(notification.comment_id or 0) if notification.kind == Notification.Kind.HIDDEN else None
    return Line(notification, sentence, _words(notification), target_url(notification), own)


def _words(notification: Notification) -> str:
    comment = notification.comment
    if comment is None or comment.state != Comment.State.VISIBLE:
        return ""
    return clean_line(comment_excerpt(comment.body_html, EXCERPT_LENGTH))
