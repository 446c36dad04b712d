"""Measures against sign-ups that look automated, and against many new accounts on one network.

A sign-up looks automated if the honeypot field is filled in or the form comes back too soon. Nobody is told and nobody
is turned away: a person whose browser fills in forms looks the same. Moderators read the first comments of such an
account before they are published (`discussion.hold_rules`). New accounts on one network share a pace.
"""

import secrets
import time
from collections.abc import Iterable

from allauth.usersessions.models import UserSession
from django.core import signing
from django.core.cache import cache
from django.utils.translation import gettext as _

from articles.accounts import trust
from articles.accounts.models import User
from articles.errors import Refused
from articles.web.ip_rate_limits import network_of

# Bots submit a form at once; people take longer to enter an email address, a name and a password.
MIN_SECONDS = 2
FORM_MAX_AGE = 24 * 60 * 60  # Seconds; a form serves once within that time, so that bots must load each one.
HELD_FIRST = 3  # Comments: a spammer's third is as bad as the first, and a person's are good by then.
ACCOUNTS_PER_HOUR = 5  # From one network, before further ones are suspected: more than a family, fewer than a script.
HOUR = 60 * 60
# Comments, recommendations, votes and reports of all new accounts on one network in ten minutes: what two or three keen
# people do. A school that arrives at once waits a little in its first three days.
WRITES_PER_WINDOW = 15
WINDOW = 10 * 60  # Seconds.
_OPENED = "articles.accounts.signup"


def opened_now() -> str:
    """Return a form token: the current time and a number used once, signed so that bots can't invent them."""
    return signing.dumps([int(time.time() * 1000), secrets.token_hex(8)], salt=_OPENED)


def seconds_since_opened(token: str) -> float | None:
    """Return how long ago the form was opened; None if its token is missing, forged, too old or used up."""
    read = _read(token)
    return None if read is None or cache.get(_used(read[1])) else read[0]


def is_suspected(*, honeypot: str, seconds: float) -> bool:
    """Return whether a bot may have sent the form, by what is in its honeypot field and when it was opened."""
    return bool(honeypot) or 0 <= seconds < MIN_SECONDS  # Opened in the future: the clock was set back since.


def use_form_token(token: str) -> bool:
    """Use up a form token: it serves for one account. Return False if a concurrent request has used it."""
    read = _read(token)
    return read is not None and cache.add(_used(read[1]), 1, timeout=FORM_MAX_AGE)


def _read(token: str) -> tuple[float, str] | None:
    try:
        milliseconds, number = signing.loads(token, salt=_OPENED, max_age=FORM_MAX_AGE)
        return time.time() - float(milliseconds) / 1000, str(number)
    except (signing.BadSignature, TypeError, ValueError):
        return None


def _used(number: str) -> str:
    return f"signup-form:{number}"


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


def on_same_network(reader: User, sessions: Iterable[tuple[int, str]]) -> int:
    """Return how many other accounts have a session on a network on which the reader has one.

    Nothing is stored about it: it follows from the sessions that there are.

    Args:
        sessions: Of the reader and of others, each with the account's id and an IP address.
    """
    networks: dict[int, set[str]] = {}
    for user, address in sessions:
        networks.setdefault(user, set()).add(network_of(address))
    own = networks.pop(reader.pk, set())
    return sum(bool(own & theirs) for theirs in networks.values())


def _count(key: str, seconds: int) -> int:
    """Count in the window of this length, and return how many there were."""
    key = f"{key}:{int(time.time() // seconds)}"
    cache.add(key, 0, timeout=seconds)
    try:
        return cache.incr(key)
    except ValueError:  # It expired between the two calls.
        return 1
