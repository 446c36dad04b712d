"""Licences of pictures: readers see a picture up to the last day of its licence, a day in the site's time zone."""

from datetime import date, timedelta

from django.db.models import Q
from django.utils import timezone

ENDS_SOON = timedelta(days=30)  # Time to ask for another licence.


def in_force() -> Q:
    """Match pictures that may be shown today."""
    return Q(licensed_until=None) | Q(licensed_until__gte=timezone.localdate())


def is_in_force(licensed_until: date | None) -> bool:
    """Return whether a picture may be shown today. Without a last day, it may be shown forever."""
    return licensed_until is None or licensed_until >= timezone.localdate()


def ending_soon() -> Q:
    """Match pictures whose licence is in force and ends within `ENDS_SOON`."""
    today = timezone.localdate()
    return Q(licensed_until__range=(today, today + ENDS_SOON))


def ended() -> Q:
    """Match pictures that may not be shown any more."""
    return Q(licensed_until__lt=timezone.localdate())
