"""Expiry of sessions, and of the IP addresses and browsers recorded with them."""

from datetime import timedelta

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session
from django.utils import timezone

BATCH = 500  # Sessions for each statement; the rest follows with the next run.


def delete_expired_sessions() -> int:
    """End the sessions that began more than SESSION_COOKIE_AGE ago, even if they are in use.

    Returns:
        The number of deleted user sessions.
    """
    now = timezone.now()
    began = now - timedelta(seconds=settings.SESSION_COOKIE_AGE)
    old = UserSession.objects.filter(created_at__lt=began).order_by("created_at")
    keys = list(old.values_list("session_key", flat=True)[:BATCH])
    Session.objects.filter(session_key__in=keys).delete()
    Session.objects.filter(expire_date__lt=now).delete()
    UserSession.objects.filter(session_key__in=keys).delete()
    return len(keys)
