"""How often somebody may ask for something costly without being signed in; counted in the shared cache."""

import ipaddress
import time

from allauth.core.internal.ratelimit import get_ip
from django.core.cache import cache
from django.http import HttpRequest
from django.utils.translation import gettext as _

from articles.errors import Refused


def limit(request: HttpRequest, action: str, *, amount: int, seconds: int) -> None:
    """Count one more try of this caller.

    The window slides: the share of the last window that still counts is added to this one. Two tries at the very same
    moment may count as one where the cache is the database; a limit on searches can bear that.

    Raises:
        Refused: `amount` tries in the last `seconds` are used up.
    """
    now = time.time()
    window, passed = divmod(now, seconds)
    caller = _network(get_ip(request))
    this, last = (f"limit:{action}:{caller}:{int(window) - back}" for back in (0, 1))
    counts = cache.get_many([this, last])
    if counts.get(this, 0) + counts.get(last, 0) * (1 - passed / seconds) >= amount:
        wait = max(1, int(seconds - passed))
        raise Refused(_("That was asked too often in a short time. Please wait a little."), retry_after=wait)
    if not cache.add(this, 1, timeout=seconds * 2):
        try:
            cache.incr(this)
        except ValueError:  # It ran out between the two.
            cache.set(this, 1, timeout=seconds * 2)


def _network(address: str) -> str:
    """One caller: an IPv4 address, or an IPv6 network of the size that a household gets."""
    found = ipaddress.ip_address(address)
    if isinstance(found, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((found, 64), strict=False).network_address)
    return str(found)
