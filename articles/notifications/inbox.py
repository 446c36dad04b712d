"""A reader's inbox: what it shows, a page at a time or as a feed, and what has been read of it."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from django.db import transaction
from django.utils import timezone

from articles.accounts.models import User
from articles.discussion.models import Comment
from articles.notifications import sentences, unread_counts
from articles.notifications.models import Inbox, Notification
from articles.notifications.models.inbox import NotificationQuerySet
from articles.publishing.models import Article
from articles.text.excerpts import excerpt, plain_text
from articles.text.sanitizing import clean_line

PAGE = 40  # Notices: two screens, and rarely more than came in a day.
EXCERPT = 200  # Characters of a comment: enough to know it again; the whole is one press away.


@dataclass(frozen=True, slots=True)
class Line:
    notice: Notification
    sentence: str
    words: str
    address: str
    """Where it is read and answered."""


@dataclass(frozen=True, slots=True)
class Group:
    article: Article
    lines: list[Line]

    @property
    def unread(self) -> int:
        return sum(line.notice.read_at is None for line in self.lines)


@dataclass(frozen=True, slots=True)
class InboxPage:
    groups: list[Group]
    newest: int
    """The newest notice of the page: “all read” goes no further, since what came later was not seen."""
    next_before: int | None


def inbox_page(reader: User, *, before: int | None = None, unread: bool = False) -> InboxPage:
    """Notices in one query, the newest first, those of an article together where they follow each other.

    Args:
        reader: Whose inbox.
        before: The notice with which the page before ended.
        unread: Only what is unread.
    """
    notices = _showing(reader)
    if before is not None:
        notices = notices.filter(pk__lt=before)
    if unread:
        notices = notices.unread()
    found = list(notices[: PAGE + 1])
    shown = found[:PAGE]
    return InboxPage(
        groups=_groups(shown),
        newest=shown[0].pk if shown else 0,
        next_before=shown[-1].pk if len(found) > PAGE else None,
    )


def latest(reader: User, limit: int) -> list[Line]:
    """For a feed: one after the other, as they came."""
    return [_line(notice) for notice in _showing(reader)[:limit]]


def _showing(reader: User) -> NotificationQuerySet:
    wanted = Notification.objects.showing().filter(reader=reader).order_by("-pk")
    return wanted.select_related("article", "comment__author").defer("article__body", "article__body_html")


def address_of(notice: Notification) -> str:
    return (notice.comment or notice.article).get_absolute_url()


@transaction.atomic
def read(*, notice: Notification, by: User) -> None:
    unread_counts.lock([by.pk])
    Notification.objects.filter(pk=notice.pk, reader=by).unread().update(read_at=timezone.now())
    unread_counts.recount([by.pk])


@transaction.atomic
def read_all(*, up_to: int, by: User) -> None:
    """All up to the newest notice that the reader had before them."""
    unread_counts.lock([by.pk])
    Notification.objects.filter(pk__lte=up_to, reader=by).unread().update(read_at=timezone.now())
    unread_counts.recount([by.pk])


def open_feed(*, by: User) -> None:
    """Give the reader's feed an address that nobody can guess. What it had before leads nowhere any more."""
    Inbox.objects.update_or_create(pk=by.pk, defaults={"feed_key": secrets.token_urlsafe(32)})


def close_feed(*, by: User) -> None:
    Inbox.objects.filter(pk=by.pk).update(feed_key=None)


def reader_with(key: str) -> User | None:
    """Whose feed it is; None also for one that was closed, and for an account that is."""
    return User.objects.filter(inbox__feed_key=key, is_active=True).first()


def _groups(notices: Sequence[Notification]) -> list[Group]:
    """A story that is talked about all day stands there once for each time that something else came between."""
    runs = groupby(notices, key=lambda notice: notice.article)
    return [Group(article, [_line(notice) for notice in run]) for article, run in runs]


def _line(notice: Notification) -> Line:
    return Line(notice, sentences.sentence(notice).rstrip(":."), _words(notice), address_of(notice))


def _words(notice: Notification) -> str:
    """What was said; not of a comment that a moderator took away, even to who wrote it."""
    comment = notice.comment
    if comment is None or comment.state != Comment.State.VISIBLE:
        return ""
    return excerpt(clean_line(plain_text(comment.body_html)), EXCERPT)
