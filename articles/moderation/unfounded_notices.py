"""Limits for senders whose notices are manifestly unfounded again and again (article 23 of Regulation (EU) 2022/2065).

A warning comes first, and only notices that were given after it count towards a suspension. Nothing is stored about
senders: their state follows from the decisions on their notices. A notice by an account counts for that account, and
one without an account for its address, so that nobody can have a reader suspended by sending in their name.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from articles.accounts.models import User
from articles.discussion import moderation_log
from articles.discussion.models import ModerationAction
from articles.moderation.models import Notice

WARN_AT = 3  # Unfounded notices: anyone may be wrong twice.
SUSPEND_AT = 2  # More of them after the warning.
COUNTED_FOR = timedelta(days=90)  # After the decision: a campaign lasts weeks, and older errors should fade.
SUSPENDED_FOR = timedelta(days=30)  # Long enough to end a campaign. Notices of child abuse are accepted all the same.

Action = ModerationAction.Action


@dataclass(frozen=True, slots=True)
class SenderState:
    warned_at: datetime | None = None
    suspended_until: datetime | None = None

    @property
    def is_suspended(self) -> bool:
        return self.suspended_until is not None and self.suspended_until > timezone.now()

    @property
    def warning(self) -> str:
        """What the sender is told; empty for those who have done nothing of the kind."""
        if self.suspended_until is not None and self.is_suspended:
            end = date_format(timezone.localtime(self.suspended_until), "DATETIME_FORMAT")
            return _("We don’t accept notices from you until %(end)s, because several were manifestly unfounded.") % {
                "end": end
            }
        if self.warned_at is None:
            return ""
        return _(
            "Several of your notices were manifestly unfounded. After %(number)d more, we won’t accept notices from "
            "you for %(days)d days."
        ) % {"number": SUSPEND_AT, "days": SUSPENDED_FOR.days}


def _unfounded(*, email: str, reader: User | None) -> "QuerySet[Notice]":
    """Return the sender's unfounded notices that still count, in the order of the decisions."""
    since = timezone.now() - COUNTED_FOR
    theirs = Notice.objects.filter(reader=reader) if reader else Notice.objects.filter(reader=None, email__iexact=email)
    unfounded = theirs.filter(state=Notice.State.REJECTED, places__manifestly_unfounded=True, decided_at__gt=since)
    return unfounded.distinct().order_by("decided_at", "pk")


def state_of(*, email: str, reader: User | None) -> SenderState:
    """Return whether this sender was warned, and until when their notices aren't accepted. One query."""
    if reader is None and not email:
        return SenderState()
    found = _unfounded(email=email, reader=reader).values_list("created_at", "decided_at")
    times = [(created_at, decided_at) for created_at, decided_at in found if decided_at is not None]
    if len(times) < WARN_AT:
        return SenderState()
    warned_at = times[WARN_AT - 1][1]
    since = [decided_at for created_at, decided_at in times if created_at > warned_at]
    if len(since) < SUSPEND_AT:
        return SenderState(warned_at)
    return SenderState(warned_at, since[-1] + SUSPENDED_FOR)


def log_consequences(notice: Notice, *, by: User) -> None:
    """Log a warning or a suspension that the decision on this notice has brought about."""
    number = _unfounded(email=notice.email, reader=notice.reader).count()
    state = state_of(email=notice.email, reader=notice.reader)
    if state.suspended_until and notice.decided_at and state.suspended_until == notice.decided_at + SUSPENDED_FOR:
        action = Action.LIMIT_SENDER
    elif state.warned_at == notice.decided_at is not None:
        action = Action.WARN_SENDER
    else:
        return
    reason = ngettext("%(number)d manifestly unfounded notice", "%(number)d manifestly unfounded notices", number)
    source = ModerationAction.Source.NOTICE
    moderation_log.log_action(action, by, reason % {"number": number}, reader=notice.reader, source=source)
