"""What the paper knows of where readers signed in, and when it forgets it."""

from datetime import timedelta

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session
from django.utils import timezone

BATCH = 500  # Sessions in one statement; the rest goes with the next look.


def forget_old_sessions() -> int:
    """End sessions that began too long ago, however they were used, and forget address and browser with them.

    Returns the number of sessions whose address was forgotten.
    """
    now = timezone.now()
    began = now - timedelta(seconds=settings.SESSION_COOKIE_AGE)
    old = UserSession.objects.filter(created_at__lt=began).order_by("created_at")
    keys = list(old.values_list("session_key", flat=True)[:BATCH])
    Session.objects.filter(session_key__in=keys).delete()
    Session.objects.filter(expire_date__lt=now).delete()
    UserSession.objects.filter(session_key__in=keys).delete()
    return len(keys)
