"""How many unread notices a reader has, kept on the reader's row, which every page loads anyway."""

from collections.abc import Collection

from django.db import transaction
from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce

from articles.accounts.models import User
from articles.notifications.models import Notification


def _unread() -> Coalesce:
    notices = Notification.objects.showing().unread().filter(reader=OuterRef("pk")).order_by().values("reader")
    return Coalesce(Subquery(notices.annotate(n=Count("pk")).values("n")), 0)


def lock(readers: Collection[int]) -> list[int]:
    """Those of these readers who still have an account. Nobody else changes their inboxes until the transaction ends.

    Always in one order, and before anything that a comment's verb locks: so none waits for another that waits for it.
    """
    rows = User.objects.select_for_update(no_key=True).filter(pk__in=readers, is_active=True).order_by("pk")
    return list(rows.values_list("pk", flat=True))


def recount(readers: Collection[int]) -> None:
    """Count afresh. The caller holds the lock on these readers, else two counts could each miss the other's notice."""
    if readers:
        User.objects.filter(pk__in=readers).update(unread=_unread())


def recount_all() -> list[str]:
    """Set every reader's number to what the rows say. Gives a line for each that was wrong."""
    found = []
    for pk, stored, true in User.objects.annotate(true=_unread()).values_list("pk", "unread", "true").iterator():
        if stored != true:
            with transaction.atomic():
                recount(lock([pk]) or [pk])
            found.append(f"reader {pk}: {stored} unread, in truth {true}")
    return found
