"""A reader's standing, and whose contributions take effect before an editor or a moderator has reviewed them.

Standing is computed from what is known anyway, so that it is never out of date: the age of the account, and what a
higher package says about the reader's comments.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, IntEnum

from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles.accounts.models import User, Viewer


class Standing(IntEnum):
    """From the least trusted. A banned reader has none."""

    NONE = 0
    NEW = 1
    MEMBER = 2
    TRUSTED = 3


@dataclass(frozen=True, kw_only=True, slots=True)
class Requirement:
    """What a reader without a role needs for a standing."""

    age: timedelta
    public_comments: int = 0
    clean_for: timedelta | None = None
    """How long no moderator has hidden a comment of theirs that is still hidden."""


# Days enough for a moderator to see what a row of new accounts does, and few enough to keep a newcomer.
MEMBER_AGE = timedelta(days=3)
# Two months and twenty comments: nobody waits so long and writes so much in order to bury one comment.
TRUSTED_AGE = timedelta(days=60)
TRUSTED_COMMENTS = 20
TRUSTED_CLEAN_FOR = timedelta(days=90)

REQUIREMENTS = {
    Standing.NEW: Requirement(age=timedelta.min),  # Also where the clock was set back since.
    Standing.MEMBER: Requirement(age=MEMBER_AGE),
    Standing.TRUSTED: Requirement(
        age=TRUSTED_AGE, public_comments=TRUSTED_COMMENTS, clean_for=TRUSTED_CLEAN_FOR
    ),
}  # fmt: skip
"""Everyone with a role is trusted: an owner gave it to them. Readers see this table (`reading.views.standing`)."""
TITLES = {Standing.NEW: _("New"), Standing.MEMBER: _("Member"), Standing.TRUSTED: _("Trusted")}


class Contribution(Enum):
    """What could take effect at once."""

    RECOMMENDATION = "recommendation"
    TOPIC = "topic"
    REPORT = "report"


EFFECTS = {
    Contribution.RECOMMENDATION: _("What you recommend moves up among the most recommended comments."),
    Contribution.TOPIC: _("You see topics whose name is new here, and your vote counts for showing a topic."),
    Contribution.REPORT: _("A comment that you report moves down before a moderator has looked at it."),
}
"""What taking effect at once means, for readers."""

REQUIRED_STANDING = {
    Contribution.RECOMMENDATION: Standing.MEMBER,  # Everyone's is counted and shown; only these move a comment up.
    Contribution.TOPIC: Standing.MEMBER,  # Only these see a name that is new to the site, and make it public.
    Contribution.REPORT: Standing.TRUSTED,  # Moderators get all; only these rank before they decide.
}


@dataclass(frozen=True, slots=True)
class Record:
    """What a reader's comments say about them."""

    public_comments: int = 0
    last_hidden_at: datetime | None = None


_sources: list[Callable[[User], Record]] = []


def register_record(source: Callable[[User], Record]) -> None:
    """Set the function that reads a reader's record. Called once by the package that stores comments."""
    _sources[:] = [source]


def standing(reader: Viewer) -> Standing:
    """Return a reader's standing now. Queries only for readers who are old enough to be trusted."""
    if not isinstance(reader, User) or not reader.is_active or reader.is_banned:
        return Standing.NONE
    if reader.is_staff or reader.is_superuser:
        return Standing.TRUSTED
    return max(rank for rank, required in REQUIREMENTS.items() if _meets(reader, required))


def _meets(reader: User, required: Requirement) -> bool:
    now = timezone.now()
    if now - reader.date_joined < required.age:
        return False
    if required.clean_for is None and not required.public_comments:
        return True
    record = _sources[0](reader) if _sources else Record()
    hidden_at, clean_for = record.last_hidden_at, required.clean_for
    clean = hidden_at is None or clean_for is None or now - hidden_at >= clean_for
    return clean and record.public_comments >= required.public_comments


def counts(reader: Viewer, contribution: Contribution) -> bool:
    """Return whether a contribution of this kind takes effect before anyone has reviewed it."""
    return standing(reader) >= REQUIRED_STANDING[contribution]


def was_new(reader: User, *, at: datetime) -> bool:
    """Return whether a reader without a role was new at this time. What imports brought is older than its account."""
    return not (reader.is_staff or reader.is_superuser) and timedelta() <= at - reader.date_joined < MEMBER_AGE


def by_members(*, reader: str = "reader", at: str = "created_at") -> Q:
    """Return the condition for rows that a member or someone with a role wrote: what `counts` says, as of then.

    What an account contributed while it was new stays without effect as it grows older, so no job has to recount.

    Args:
        reader: The name of the rows' foreign key.
        at: The name of the field that says when the row was written.
    """
    old_enough = Q(**{f"{at}__gte": F(f"{reader}__date_joined") + MEMBER_AGE})
    return old_enough | Q(**{f"{reader}__is_staff": True}) | Q(**{f"{reader}__is_superuser": True})
