"""Rate limits by IP address, for requests without an account.

Each limit is set beside what it protects, as named constants:

- notices of illegal content: `moderation/views/notices.py` (by address in `moderation/notices.py`)
- searches of visitors: `search/views.py`; unsubscribe links: `notifications/views/unsubscribe.py` (both use `limit`)
- sign-in, sign-up, passwords and email addresses: `ACCOUNT_RATE_LIMITS` in `newsroom/settings.py`, counted by allauth;
  `accounts/sign_in_limits.py` decides which attempts count together
- data export: `accounts/data_export.py`; what new accounts on one network post: `accounts/spam_prevention.py`
- comments and edits: `discussion/comment_limits.py`; reports: `discussion/reporting.py`; topics:
  `topics/tagging_limits.py`. They count rows in the database.
"""

import ipaddress
import time

from allauth.core.internal.ratelimit import get_ip
from django.core.cache import caches
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from articles.errors import Refused


def limit(request: HttpRequest, action: str, *, amount: int, seconds: int) -> None:
    """Count one more request of this client.

    A sliding window: the previous window counts with the share of it that still lies within `seconds`. Each process
    counts for itself, so that searching never waits for a write; with several, a client may make a few times as many.

    Raises:
        Refused: The client has made `amount` requests in the last `seconds`.
    """
    now = time.time()
    window, passed = divmod(now, seconds)
    client = network_of(get_ip(request))
    this, last = (f"limit:{action}:{client}:{int(window) - back}" for back in (0, 1))
    cache = caches["process"]
    counts = cache.get_many([this, last])
    if counts.get(this, 0) + counts.get(last, 0) * (1 - passed / seconds) >= amount:
        wait = max(1, int(seconds - passed))
        raise Refused(_("Too many requests in a short time. Wait a moment, then try again."), retry_after=wait)
    if not cache.add(this, 1, timeout=seconds * 2):
        try:
            cache.incr(this)
        except ValueError:  # The key expired between the two calls.
            cache.set(this, 1, timeout=seconds * 2)


def with_retry_after(response: HttpResponse, refused: Refused) -> HttpResponse:
    """Tell the client when to try again, if waiting helps."""
    if refused.retry_after:
        response.headers["Retry-After"] = str(refused.retry_after)
    return response


def network_of(address: str) -> str:
    """Return an IPv4 address, or the /64 network of an IPv6 address: as much as one household gets."""
    found = ipaddress.ip_address(address)
    if isinstance(found, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((found, 64), strict=False).network_address)
    return str(found)
