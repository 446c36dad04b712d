"""Unread counts, stored on the reader's row, which every page loads anyway."""

from collections.abc import Collection

from django.db import transaction
from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce

from articles.accounts.models import User
from articles.notifications.models import Notification


def _unread() -> Coalesce:
    notifications = Notification.objects.visible().unread().filter(reader=OuterRef("pk")).order_by().values("reader")
    return Coalesce(Subquery(notifications.annotate(n=Count("pk")).values("n")), 0)


def lock(readers: Collection[int]) -> list[int]:
    """Lock these readers until the transaction ends, and return the ids of those who still have an account.

    Always in order of id and before any lock on a comment, so that transactions can't deadlock.
    """
    rows = User.objects.select_for_update(no_key=True).filter(pk__in=readers, is_active=True).order_by("pk")
    return list(rows.values_list("pk", flat=True))


def recount(readers: Collection[int]) -> None:
    """Recount. The caller has locked these readers: two recounts at once could each miss the other's notification."""
    if readers:
        User.objects.filter(pk__in=readers).update(unread=_unread())


def recount_all() -> list[str]:
    """Correct every reader's unread count. Returns a line for each that was wrong."""
    found = []
    for pk, stored, true in User.objects.annotate(true=_unread()).values_list("pk", "unread", "true").iterator():
        if stored != true:
            with transaction.atomic():
                recount(lock([pk]) or [pk])
            found.append(f"reader {pk}: {stored} unread, corrected to {true}")
    return found
