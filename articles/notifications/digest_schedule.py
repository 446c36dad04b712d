"""When a reader gets a digest of the inbox: planned with the first new notification, queued by the scheduler.

A digest is queued and the next one planned in one transaction, so each notification is in at most one digest. The mail
queue sends it and retries.
"""

from collections.abc import Collection
from datetime import datetime, time, timedelta

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from articles.accounts.email_address import deliverable_email
from articles.accounts.models import User
from articles.mail.sending import queue_composed
from articles.notifications import digests, unread_counts
from articles.notifications.models import Inbox, Notification, ScheduledDigest

PAUSE = timedelta(minutes=2)  # Immediate emails wait for a second reply, and for readers who are on the site anyway.
LULL = timedelta(minutes=30)  # A lively thread sends at most one email in this time.
MORNING = time(7)  # In the publication's time zone.
WEEK = 7  # Days; weekly digests are sent on Mondays.
BATCH = 200  # Digests queued in one run of the scheduler.

Mail = Inbox.Mail


def next_send_time(mail: str, *, now: datetime, after_one: bool = False) -> datetime:
    """Return when a digest planned now is due, or with `after_one` the one after the digest that is sent now."""
    if mail == Mail.IMMEDIATE:
        return now + (LULL if after_one else PAUSE)
    zone = timezone.get_default_timezone()
    today = timezone.localdate(now, zone)
    weekly = mail == Mail.WEEKLY
    day = today + timedelta(days=-today.weekday() % WEEK if weekly else 0)
    # Combined day by day instead of adding hours: on the night of a clock change a day has 23 or 25 of them.
    due = datetime.combine(day, MORNING, zone)
    if due <= now:
        due = datetime.combine(day + timedelta(days=WEEK if weekly else 1), MORNING, zone)
    return due


def plan(notifications: Collection[Notification]) -> None:
    """Plan a digest for each of their readers who has none planned. The caller holds the locks on the readers."""
    first: dict[int, int] = {}
    for notification in notifications:
        if notification.kind == Notification.Kind.HIDDEN:
            continue
        first[notification.reader_id] = min(notification.pk, first.get(notification.reader_id, notification.pk))
    chosen = dict(Inbox.objects.filter(pk__in=first).values_list("pk", "mail"))
    now = timezone.now()
    wanted = {reader: mail for reader in first if (mail := chosen.get(reader, Inbox.MAIL)) != Mail.NEVER}
    due = [ScheduledDigest(pk=pk, due_at=next_send_time(mail, now=now), since=first[pk]) for pk, mail in wanted.items()]
    ScheduledDigest.objects.bulk_create(due, ignore_conflicts=True)


def email_frequency(reader: User) -> Mail:
    mail = Inbox.objects.filter(pk=reader.pk).values_list("mail", flat=True).first()
    return Mail(mail or Inbox.MAIL)


def has_unsent(due: ScheduledDigest) -> bool:
    """Return whether the digest would contain anything if it were sent now."""
    return Notification.objects.for_digests().filter(reader=due.pk, pk__gte=due.since).exists()


@transaction.atomic
def choose(*, mail: Mail, by: User) -> None:
    """Change how often the reader gets a digest. Notifications from a time without email are not sent later."""
    unread_counts.lock([by.pk])
    Inbox.objects.update_or_create(pk=by.pk, defaults={"mail": mail})
    planned = ScheduledDigest.objects.filter(pk=by.pk)
    if mail == Mail.NEVER:
        planned.delete()
    else:
        planned.update(due_at=next_send_time(mail, now=timezone.now()))


def queue_due_digests() -> int:
    """Queue the digests that are due. Return how many."""
    due = ScheduledDigest.objects.filter(due_at__lte=timezone.now()).order_by("due_at", "pk")
    return sum(_queue(reader_id) for reader_id in list(due.values_list("pk", flat=True)[:BATCH]))


@transaction.atomic
def _queue(reader_id: int) -> bool:
    """Queue one digest and plan the next. The lock on the reader keeps a second process from doing the same."""
    unread_counts.lock([reader_id])
    now = timezone.now()
    due = ScheduledDigest.objects.filter(pk=reader_id, due_at__lte=now).select_related("reader").first()
    if due is None:
        return False
    address = deliverable_email(due.reader)
    if not address or not has_unsent(due):
        due.delete()
        return False
    newest = Notification.objects.filter(reader=reader_id).aggregate(pk=Max("pk"))["pk"]
    queue_composed(digests.COMPOSER, recipients=[address], reader_id=reader_id, since=due.since, newest=newest)
    due.due_at = next_send_time(email_frequency(due.reader), now=now, after_one=True)
    due.since = newest + 1
    due.save(update_fields=["due_at", "since"])
    return True
