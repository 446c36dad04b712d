"""Fan-out: notify followers by a task, in batches, never inside the request.

A `PendingFanout` row is written with the comment. If a worker dies, the row is found again at the next start, by the
scheduler and by the next task. Fan-out is idempotent: readers who have a notification are left out.
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
    ArticleAudience,
    Audience,
    CommentAudience,
    author_kinds,
    create_notifications,
    next_readers,
)
from articles.notifications.models import Notification, PendingFanout
from articles.publishing.models import Article
from articles.web.prepared_query import Parameter, PreparedQuery

OVERDUE_AFTER = timedelta(minutes=5)  # Due for so long: its task died with a worker.
# Nobody is notified of anything older, such as imports. Long enough for a comment held over a weekend.
MAX_AGE = timedelta(days=7)

ABOUT_EDITORS_CHOICES = (Notification.Kind.PICKED, Notification.Kind.LIFTED)

_NOTIFICATIONS = PreparedQuery(
    lambda: Notification.objects.filter(comment=Parameter("comment")).order_by().values_list("pk")[:1]
)
_suppressed = ContextVar("quiet", default=False)


def queue_comment(comment: Comment) -> None:
    """Queue fan-out for a comment. Whether it notifies or retracts is decided when the task runs."""
    if _suppressed.get():
        return
    now = timezone.now()
    is_news = comment.posted_at > now - MAX_AGE and not CommentAudience(comment).is_empty()
    if is_news or _NOTIFICATIONS.rows(comment=comment.pk):
        _queue(PendingFanout(comment=comment, due_at=now))


def queue_article(article: Article) -> None:
    """Queue fan-out for an article, at its publication time, or retract it with the notifications of its comments."""
    if _suppressed.get():
        return
    now = timezone.now()
    if article.is_scheduled and article.go_live_at is not None:
        _queue(PendingFanout(article=article, due_at=article.go_live_at))
    elif Notification.objects.filter(article=article).exists() or (
        _is_news(article) and not ArticleAudience(article).is_empty()
    ):
        _queue(PendingFanout(article=article, due_at=now))


def queue_for_author(comment: Comment) -> None:
    """Queue notifications to a comment's author about picks and quote requests, or their removal, whatever its age."""
    told = Notification.objects.filter(comment=comment, kind__in=ABOUT_EDITORS_CHOICES)
    if comment.author_id is not None and not _suppressed.get() and (author_kinds(comment) or told.exists()):
        notify_author.enqueue(comment.pk)


@task
def notify_author(comment_id: int) -> None:
    """Make the author's notifications match the comment's state. Idempotent, and independent of the order of tasks."""
    with transaction.atomic():
        author = Comment.objects.filter(pk=comment_id).values_list("author_id", flat=True).first()
        for reader in unread_counts.lock([author] if author else []):
            comment = Comment.objects.select_for_update(of=("self",), no_key=True).get(pk=comment_id)
            told = Notification.objects.filter(comment=comment, reader=reader, kind__in=ABOUT_EDITORS_CHOICES)
            now = author_kinds(comment)
            told.exclude(kind__in=now).delete()
            unread_counts.recount([reader])
            for kind in sorted(now - set(map(Notification.Kind, told.values_list("kind", flat=True)))):
                create_notifications({reader: kind}, article_id=comment.article_id, comment=comment)


def queue_approval(comment: Comment) -> None:
    """Queue the notification of a held comment's author that it's published, whatever its age."""
    if comment.author_id is not None and not _suppressed.get():
        notify_of_approval.enqueue(comment.pk)


@task
def notify_of_approval(comment_id: int) -> None:
    """Notify the author once. An approval that is undone hides the notification, and another one shows it again."""
    with transaction.atomic():
        author = Comment.objects.filter(pk=comment_id).values_list("author_id", flat=True).first()
        for reader in unread_counts.lock([author] if author else []):
            comment = Comment.objects.select_for_update(of=("self",), no_key=True).get(pk=comment_id)
            told = Notification.objects.filter(comment=comment, reader=reader, kind=Notification.Kind.APPROVED)
            if comment.state == Comment.State.VISIBLE and not told.exists():
                approved = {reader: Notification.Kind.APPROVED}
                create_notifications(approved, article_id=comment.article_id, comment=comment)


def delete_notifications(article: Article) -> None:
    """Delete the notifications of an article that is about to be deleted. Runs in the caller's transaction."""
    notifications = Notification.objects.filter(article=article)
    readers = unread_counts.lock(set(notifications.values_list("reader_id", flat=True)))
    notifications.delete()
    unread_counts.recount(readers)


def _is_news(article: Article) -> bool:
    """Return whether both its date and its publication are recent. Articles from an archive may be published today."""
    since = timezone.now() - MAX_AGE
    if not article.is_public or article.go_live_at is None or article.dated is None:
        return False
    return article.go_live_at > since and article.dated >= timezone.localdate(since)


@contextmanager
def suppressed() -> Iterator[None]:
    """Suppress fan-out inside the block, for sample content."""
    token = _suppressed.set(True)
    try:
        yield
    finally:
        _suppressed.reset(token)


def _queue(fanout: PendingFanout) -> None:
    fanout.save()
    if fanout.due_at <= timezone.now():
        fan_out.enqueue(fanout.pk)
    elif fan_out.get_backend().supports_defer:
        fan_out.using(run_after=fanout.due_at).enqueue(fanout.pk)


@task
def fan_out(fanout_id: int) -> None:
    """Run one fan-out, and up to ten overdue ones."""
    late = PendingFanout.objects.filter(due_at__lt=timezone.now() - OVERDUE_AFTER).order_by("pk")
    for pk in [fanout_id, *late.values_list("pk", flat=True)[:10]]:
        while _fan_out_batch(pk):
            pass


def resume(*, overdue_by: timedelta = timedelta()) -> int:
    """Enqueue fan-outs whose task died with its worker. Called at start and by the scheduler. Returns how many."""
    now = timezone.now()
    waiting = PendingFanout.objects.filter(due_at__lte=now - overdue_by)
    fanouts = list(waiting.values_list("pk", flat=True))
    waiting.filter(pk__in=fanouts).update(due_at=now)  # Or the next run of the scheduler would enqueue them again.
    for fanout_id in fanouts:
        fan_out.enqueue(fanout_id)
    return len(fanouts)


@transaction.atomic
def _fan_out_batch(fanout_id: int) -> bool:
    """Notify one batch of readers. Returns whether there may be another."""
    rows = PendingFanout.objects.select_related("comment__parent", "article")
    if connection.features.has_select_for_update_skip_locked:
        rows = rows.select_for_update(of=("self",), skip_locked=True)
    told = rows.filter(pk=fanout_id, due_at__lte=timezone.now()).first()
    if told is None:
        return False
    audience: Audience
    if told.comment is not None:
        audience = CommentAudience(told.comment)
    else:
        assert told.article is not None
        audience = ArticleAudience(told.article)
    batch = next_readers(audience, after=told.last_reader_id)
    direct = audience.direct_recipients() if told.last_reader_id == 0 else set()
    if readers := {*batch, *direct}:
        audience.notify(unread_counts.lock(readers))
    if len(batch) < BATCH:
        told.delete()
        return False
    told.last_reader_id = batch[-1]
    told.save(update_fields=["last_reader_id"])
    return True
