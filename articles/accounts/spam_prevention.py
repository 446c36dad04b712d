"""Measures against sign-ups that look automated, and against many new accounts on one network.

Nobody is told and nobody is turned away: a person whose browser fills in forms looks the same. Moderators read the
first comments of such an account before they are published (`discussion.held_comments`). New accounts on one network
share a pace.
"""

import time

from allauth.usersessions.models import UserSession
from django.core.cache import cache
from django.utils.translation import gettext as _

from articles.accounts import trust
from articles.accounts.models import User
from articles.errors import Refused
from articles.web.ip_rate_limits import network_of

HELD_FIRST = 3  # Comments: a spammer's third is as bad as the first, and a person's are good by then.
ACCOUNTS_PER_HOUR = 5  # From one network, before further ones are suspected: more than a family, fewer than a script.
HOUR = 60 * 60
# Comments, recommendations, votes and reports of all new accounts on one network in ten minutes: what two or three keen
# people do. A school that arrives at once waits a little in its first three days.
WRITES_PER_WINDOW = 15
WINDOW = 10 * 60  # Seconds.


def too_many_accounts(address: str) -> bool:
    """Count one more account from this IP address. Return whether there have been too many within the hour."""
    return _count(f"accounts:{network_of(address)}", HOUR) > ACCOUNTS_PER_HOUR


def require_within_limit(reader: User) -> None:
    """Count one more contribution of a new reader, together with the other new readers on the same network.

    Raises:
        Refused: They have contributed too much within ten minutes.
    """
    if trust.standing(reader) != trust.Standing.NEW:
        return
    latest = UserSession.objects.filter(user=reader).order_by("-last_seen_at").values_list("ip", flat=True).first()
    who = network_of(latest) if latest else f"reader-{reader.pk}"
    if _count(f"pace:{who}", WINDOW) > WRITES_PER_WINDOW:
        wait = max(1, int(WINDOW - time.time() % WINDOW))
        raise Refused(
            _("New accounts on your network have written a lot. Try again in a few minutes."), retry_after=wait
        )


def _count(key: str, seconds: int) -> int:
    """Count in the window of this length, and return how many there were."""
    key = f"{key}:{int(time.time() // seconds)}"
    cache.add(key, 0, timeout=seconds)
    try:
        return cache.incr(key)
    except ValueError:  # It expired between the two calls.
        return 1
