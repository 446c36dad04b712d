"""Who has a case: whoever opens it first, for some minutes, so that no two moderators read the same one.

A claim is a courtesy and no lock: another moderator may take the case over, and of two decisions the second is refused.
"""

from datetime import timedelta
from math import ceil
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from articles.accounts.models import User
from articles.discussion.models import Comment
from articles.errors import Refused
from articles.moderation.models import Appeal, Claim, NoticedPlace

CLAIM_PERIOD = timedelta(minutes=10)  # Enough to read a thread and write a reason; whoever is called away loses it.

type Target = Comment | NoticedPlace | Appeal
"""What a case is about."""


def field_of(target: Target) -> str:
    """Return the name of the field that refers to it from a claim."""
    return {Comment: "comment", NoticedPlace: "place", Appeal: "appeal"}[type(target)]


@transaction.atomic
def claim(target: Target, *, by: User, take_over: bool = False) -> Claim:
    """Give a case to this moderator, or more time to one who has it. Return the claim that holds now, also another's.

    Args:
        take_over: Also if another moderator has it.
    """
    now = timezone.now()
    new: dict[str, Any] = {"by": by, "ends_at": now + CLAIM_PERIOD}
    rows = Claim.objects.select_for_update(of=("self",)).select_related("by")
    held, is_new = rows.get_or_create(**{field_of(target): target}, defaults=new)
    if not is_new and (take_over or held.by_id == by.pk or held.ends_at <= now):
        held.by, held.ends_at = by, new["ends_at"]
        held.save(update_fields=["by", "ends_at"])
    return held


def release(target: Target, *, by: User) -> None:
    """Give back a case that this moderator has."""
    Claim.objects.filter(**{field_of(target): target}, by=by).delete()


def end(target: Target) -> None:
    """Forget who had a case: it is decided."""
    Claim.objects.filter(**{field_of(target): target}).delete()


def require_not_taken(target: Target, *, by: User) -> None:
    """Raise `Refused` if another moderator has the case."""
    other = Claim.objects.filter(**{field_of(target): target}, ends_at__gt=timezone.now()).exclude(by=by)
    if (found := other.select_related("by").first()) is not None:
        raise Refused(
            _("%(name)s has taken this case over. Take it over again to decide.") % {"name": found.by.username}
        )


def taken_by_others(by: User) -> dict[str, set[int]]:
    """Return the keys of the comments, places and appeals that other moderators have. One query of a few rows."""
    others = Claim.objects.filter(ends_at__gt=timezone.now()).exclude(by=by)
    rows = list(others.values("comment", "place", "appeal"))
    return {name: {row[name] for row in rows if row[name]} for name in ("comment", "place", "appeal")}


def sentence_of(held: Claim) -> str:
    """Return who has a case and how long, for other moderators; empty once the claim has ended."""
    left = held.ends_at - timezone.now()
    if left <= timedelta():
        return ""
    minutes = ceil(left / timedelta(minutes=1))
    text = ngettext(
        "%(name)s has this case, %(n)d minute left.", "%(name)s has this case, %(n)d minutes left.", minutes
    )
    return text % {"name": held.by.username, "n": minutes}


def delete_ended() -> int:
    """Delete claims that have ended. Return how many."""
    deleted, _by_model = Claim.objects.filter(ends_at__lte=timezone.now()).delete()
    return deleted
