"""When a reader gets mail of what the inbox holds: planned with the first new notice, sent by the clock.

What is guaranteed: of each notice there is at most one mail, unless the process dies in the moment between the mail
server's yes and the row that notes it. Then the same mail goes out once more, with the same Message-ID, by which mail
servers and programs know the double. A process that dies earlier loses nothing: the row waits for its lease to end.
"""

import logging
from collections.abc import Collection
from datetime import datetime, time, timedelta
from typing import Any

from django.core.mail import mailers
from django.db import transaction
from django.db.models import F, Max
from django.utils import timezone

from articles.accounts.models import User
from articles.mail.sending import WAITS
from articles.notifications import digests, unread_counts
from articles.notifications.models import Inbox, Notification, ScheduledDigest

PAUSE = timedelta(minutes=2)  # “At once” waits for a second reply to the same comment, and for who is reading anyway.
LULL = timedelta(minutes=30)  # A lively thread sends no more than one mail in this time.
MORNING = time(7)  # By the paper's clock: there before breakfast, whatever the readers' own clocks say.
WEEK = 7  # Days; the week's mail leaves on Mondays.
LEASE = timedelta(minutes=10)  # Longer than any mail server takes for one letter.
BATCH = 200  # Mails between two looks at the clock.

logger = logging.getLogger(__name__)

Mail = Inbox.Mail


def next_leaving(mail: str, *, now: datetime, after_one: bool = False) -> datetime:
    """When a mail leaves that is planned now, or the one after the mail that leaves now."""
    if mail == Mail.AT_ONCE:
        return now + (LULL if after_one else PAUSE)
    zone = timezone.get_default_timezone()
    today = timezone.localdate(now, zone)
    weekly = mail == Mail.WEEKLY
    day = today + timedelta(days=-today.weekday() % WEEK if weekly else 0)
    # Put together day by day, not by adding hours: in the night of a clock change a day has 23 or 25 of them.
    leaving = datetime.combine(day, MORNING, zone)
    if leaving <= now:
        leaving = datetime.combine(day + timedelta(days=WEEK if weekly else 1), MORNING, zone)
    return leaving


def plan(notices: Collection[Notification]) -> None:
    """A mail for each of their readers who has none coming. Their rows are locked, see `news.notices_made`."""
    first: dict[int, int] = {}
    for notice in notices:
        first[notice.reader_id] = min(notice.pk, first.get(notice.reader_id, notice.pk))
    chosen = dict(Inbox.objects.filter(pk__in=first).values_list("pk", "mail"))
    now = timezone.now()
    wanted = {reader: mail for reader in first if (mail := chosen.get(reader, Inbox.MAIL)) != Mail.NEVER}
    due = [ScheduledDigest(pk=pk, due_at=next_leaving(mail, now=now), since=first[pk]) for pk, mail in wanted.items()]
    ScheduledDigest.objects.bulk_create(due, ignore_conflicts=True)


def chosen_by(reader: User) -> Mail:
    mail = Inbox.objects.filter(pk=reader.pk).values_list("mail", flat=True).first()
    return Mail(mail or Inbox.MAIL)


def anything_waits(due: ScheduledDigest) -> bool:
    """Whether the next mail would tell anything now."""
    return Notification.objects.showing().unread().filter(reader=due.pk, pk__gte=due.since).exists()


@transaction.atomic
def choose(*, mail: Mail, by: User) -> None:
    """How often from now on. What was told before mail was wanted, is not told again."""
    unread_counts.lock([by.pk])
    Inbox.objects.update_or_create(pk=by.pk, defaults={"mail": mail})
    waiting = ScheduledDigest.objects.filter(pk=by.pk)
    if mail == Mail.NEVER:
        waiting.delete()
    else:
        waiting.update(due_at=next_leaving(mail, now=timezone.now()), tries=0)


def send_due() -> int:
    """Send what is due. The first failure ends the round: the clock's next one goes on with the others."""
    due = ScheduledDigest.objects.filter(due_at__lte=timezone.now()).select_related("reader").order_by("due_at", "pk")
    waiting = list(due[:BATCH])
    sent = 0
    if waiting:
        try:
            with mailers["outside"] as outside:
                for mail in waiting:
                    sent += _send(mail, outside)
        except OSError as error:  # All that a mail server can answer or fail to.
            logger.warning("The mail of readers' inboxes waits (%s)", type(error).__name__)
    return sent


def _send(due: ScheduledDigest, outside: Any) -> bool:
    """One reader's mail; of two processes, only one gets the lease."""
    now = timezone.now()
    lease = now + LEASE
    if not ScheduledDigest.objects.filter(pk=due.pk, due_at=due.due_at).update(due_at=lease, tries=F("tries") + 1):
        return False
    newest = Notification.objects.filter(reader=due.reader).aggregate(pk=Max("pk"))["pk"] or 0
    try:
        letter = digests.compose(due.reader, since=due.since, newest=newest)
        if letter is not None:
            outside.send_messages([letter])
    except Exception:
        if due.tries + 1 < len(WAITS):
            ScheduledDigest.objects.filter(pk=due.pk, due_at=lease).update(due_at=now + WAITS[due.tries])
        else:
            logger.error("The mail of reader %s is given up after %s tries", due.pk, due.tries + 1)
            _note(due, newest=newest, sent=True)
        raise
    _note(due, newest=newest, sent=letter is not None)
    return letter is not None


@transaction.atomic
def _note(due: ScheduledDigest, *, newest: int, sent: bool) -> None:
    """All up to the newest notice was told, or need not be. Whoever wants no mail any more has no row any more."""
    unread_counts.lock([due.pk])
    mail = chosen_by(due.reader)
    rows = ScheduledDigest.objects.filter(pk=due.pk)
    if sent or Notification.objects.filter(reader=due.reader, pk__gt=newest).exists():
        at = next_leaving(mail, now=timezone.now(), after_one=sent)
        rows.update(due_at=at, since=newest + 1, tries=0)
    else:
        rows.delete()
