"""Readers are told of what they follow: by a task, a batch at a time, never inside the request that made the news.

An announcement is a row, written with the comment. A worker that is killed in the middle leaves it; it is found again
when the paper starts, and by the next task. Telling once more changes nothing: whoever was told is left out.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import timedelta

from django.db import connection, transaction
from django.tasks import task
from django.utils import timezone

from articles.discussion.models import Comment
from articles.notifications import unread_counts
from articles.notifications.audience import (
    BATCH,
    ArticleRound,
    CommentRound,
    Round,
    is_for_somebody,
    make,
    next_readers,
    own_kinds,
)
from articles.notifications.models import Notification, PendingFanout
from articles.publishing.models import Article

LATE = timedelta(minutes=5)  # What is due for so long was forgotten by a worker that died.
# What is older is no news: an import tells nobody. A comment may be held over a weekend before it appears.
FRESH = timedelta(days=7)

ABOUT_MARKS = (Notification.Kind.PICKED, Notification.Kind.LIFTED)

_quiet = ContextVar("quiet", default=False)


def announce_comment(comment: Comment) -> None:
    """Tell of a comment, or let it vanish from inboxes: what is right is decided by its state when they are told."""
    if _quiet.get():
        return
    now = timezone.now()
    is_news = comment.posted_at > now - FRESH and is_for_somebody(CommentRound(comment))
    if is_news or Notification.objects.filter(comment=comment).exists():
        _announce(PendingFanout(comment=comment, due_at=now))


def announce_article(article: Article) -> None:
    """Tell of an article when its time comes, or let it vanish with all that was said under it."""
    if _quiet.get():
        return
    now = timezone.now()
    if article.is_scheduled and article.go_live_at is not None:
        _announce(PendingFanout(article=article, due_at=article.go_live_at))
    elif Notification.objects.filter(article=article).exists() or (
        _is_news(article) and is_for_somebody(ArticleRound(article))
    ):
        _announce(PendingFanout(article=article, due_at=now))


def announce_to_author(comment: Comment) -> None:
    """Tell a comment's author what editors think of it, or let that vanish: of an old comment as of a new one."""
    told = Notification.objects.filter(comment=comment, kind__in=ABOUT_MARKS)
    if comment.author_id is not None and not _quiet.get() and (own_kinds(comment) or told.exists()):
        tell_author.enqueue(comment.pk)


@task
def tell_author(comment_id: int) -> None:
    """Make their inbox say what is so now, however often and in whatever order this is done."""
    with transaction.atomic():
        author = Comment.objects.filter(pk=comment_id).values_list("author_id", flat=True).first()
        for reader in unread_counts.lock([author] if author else []):
            comment = Comment.objects.select_for_update(of=("self",), no_key=True).get(pk=comment_id)
            told = Notification.objects.filter(comment=comment, reader=reader, kind__in=ABOUT_MARKS)
            now = own_kinds(comment)
            told.exclude(kind__in=now).delete()
            unread_counts.recount([reader])
            for kind in sorted(now - set(map(Notification.Kind, told.values_list("kind", flat=True)))):
                make({reader: kind}, article_id=comment.article_id, comment=comment)


def forget_article(article: Article) -> None:
    """It is about to be deleted: nothing of it is left to be read. The caller has a transaction."""
    notices = Notification.objects.filter(article=article)
    readers = unread_counts.lock(set(notices.values_list("reader_id", flat=True)))
    notices.delete()
    unread_counts.recount(readers)


def _is_news(article: Article) -> bool:
    """Both its day and its arrival are fresh: what is brought in from an archive goes live today, too."""
    since = timezone.now() - FRESH
    if not article.is_public or article.go_live_at is None or article.dated is None:
        return False
    return article.go_live_at > since and article.dated >= timezone.localdate(since)


@contextmanager
def quietly() -> Iterator[None]:
    """Nobody is told of what is written meanwhile: the sample paper is no news."""
    token = _quiet.set(True)
    try:
        yield
    finally:
        _quiet.reset(token)


def _announce(announcement: PendingFanout) -> None:
    announcement.save()
    if announcement.due_at <= timezone.now():
        tell.enqueue(announcement.pk)
    elif tell.get_backend().supports_defer:
        tell.using(run_after=announcement.due_at).enqueue(announcement.pk)


@task
def tell(announcement_id: int) -> None:
    """Tell all readers of one thing, and of whatever else has been forgotten."""
    late = PendingFanout.objects.filter(due_at__lt=timezone.now() - LATE).order_by("pk").values_list("pk", flat=True)
    for pk in [announcement_id, *late[:10]]:
        while _tell_some(pk):
            pass


def resume(*, late: timedelta = timedelta()) -> int:
    """Ask again for what a worker that died left untold: when the paper starts, and then by the clock."""
    now = timezone.now()
    waiting = PendingFanout.objects.filter(due_at__lte=now - late)
    announcements = list(waiting.values_list("pk", flat=True))
    waiting.filter(pk__in=announcements).update(due_at=now)  # Not to be asked for again with each look at the clock.
    for announcement_id in announcements:
        tell.enqueue(announcement_id)
    return len(announcements)


@transaction.atomic
def _tell_some(announcement_id: int) -> bool:
    """One batch. Says whether there may be another."""
    rows = PendingFanout.objects.select_related("comment__parent", "article")
    if connection.features.has_select_for_update_skip_locked:
        rows = rows.select_for_update(of=("self",), skip_locked=True)
    told = rows.filter(pk=announcement_id, due_at__lte=timezone.now()).first()
    if told is None:
        return False
    round_: Round
    if told.comment is not None:
        round_ = CommentRound(told.comment)
    else:
        assert told.article is not None
        round_ = ArticleRound(told.article)
    batch = next_readers(round_, after=told.told_up_to)
    named = round_.named() if told.told_up_to == 0 else set()
    if readers := {*batch, *named}:
        round_.tell(unread_counts.lock(readers))
    if len(batch) < BATCH:
        told.delete()
        return False
    told.told_up_to = batch[-1]
    told.save(update_fields=["told_up_to"])
    return True
