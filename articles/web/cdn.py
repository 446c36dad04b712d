"""Content delivery networks (CDNs): what a copy of a page shows, for how long it may be served, and purges.

Off by default: browsers and CDNs ask for each page each time. With CDN_TAGS, pages for readers who are not signed in
carry the numbers of all that they show (`web.page_versions`) as tags, and the worker purges the tags whose versions
have changed. A trigger writes the version in the transaction of the change, and the version that was purged last is
beside it: no change is missed, whoever made it, and another worker continues where one has died.
"""

import json
import logging
from collections.abc import Collection, Sequence
from threading import Event
from time import time
from urllib.request import Request, urlopen

from django.conf import settings
from django.db import close_old_connections, transaction
from django.db.models import BigIntegerField, Case, F, When
from django.http.response import HttpResponseBase

from articles.web.page_versions import LISTS, SITE, PageVersion

SURROGATE_KEY, CACHE_TAG, XKEY = "Surrogate-Key", "Cache-Tag", "xkey"  # Fastly, Cloudflare, Varnish.
# The header with the lifetime. Only for CDNs: other shared caches, which nobody purges, follow Cache-Control.
LIFETIME_HEADERS = {
    SURROGATE_KEY: "Surrogate-Control",
    CACHE_TAG: "CDN-Cache-Control",  # RFC 9213.
    XKEY: "Surrogate-Control",
}
MAX_TAGS = 100  # Of a page, as many as the page cache follows: about 900 bytes. Fastly takes 16 KB, of 1 KB each.
TAGS_OF_A_PURGE = 100  # Cloudflare's limit for one request; Fastly's is 256.
MAX_CHANGES = 1000  # More are purged with the tag of the site, which all pages have.
CHECK_EVERY = 1  # Seconds between looking for changes: how long a copy may be older than the site.
RETRY_AFTER = 15  # Seconds after a purge failed. Cloudflare's smallest plan takes five a minute.
# Seconds after which a tag is purged again: a response that was made before a change may reach the CDN after the purge.
# Longer than any page takes.
AGAIN_AFTER = 10
TIMEOUT = 10  # Seconds for one request.

logger = logging.getLogger(__name__)


def tag_of(page: int) -> str:
    """Return the tag of an article (its id), of SITE or of LISTS."""
    return {SITE: "site", LISTS: "lists"}.get(page, f"a{page}")


def allow_copies(response: HttpResponseBase, shown: Collection[int], until: float) -> None:
    """Tag a response for the CDN, if there is one.

    Args:
        shown: What its page shows: ids of articles, SITE, LISTS.
        until: When the page changes with time alone, in seconds since the epoch.
    """
    seconds = int(until - time())
    if not settings.CDN_TAGS or seconds <= 0 or len(shown) > MAX_TAGS:
        return
    separator = "," if settings.CDN_TAGS == CACHE_TAG else " "
    response.headers[settings.CDN_TAGS] = separator.join(map(tag_of, sorted(shown)))
    response.headers[LIFETIME_HEADERS[settings.CDN_TAGS]] = f"max-age={seconds}"


def purge_until(stopping: Event) -> None:
    """Purge what changes, every second."""
    purges = Purges()
    pause: float = CHECK_EVERY
    while not stopping.wait(pause):
        close_old_connections()
        try:
            purges.run()
            pause = CHECK_EVERY
        except Exception:
            logger.exception("The CDN could not be purged")
            pause = RETRY_AFTER
    close_old_connections()


def purge_everything() -> None:
    """Note that all copies are to be purged, and nothing before: as after a restored backup."""
    PageVersion.objects.update(purged=Case(When(page=SITE, then=0), default="version", output_field=BigIntegerField()))


class Purges:
    """The purges of one worker. Two workers purge everything twice, which harms nothing."""

    def __init__(self) -> None:
        self._first: dict[int, tuple[int, float]] = {}
        """By row, the version that was purged once, and when: only the second purge is noted in the database."""

    def run(self) -> None:
        """Purge what has changed, and again what was purged a while ago.

        Raises:
            OSError: A purge failed. What it was about is purged in the next run.
        """
        changed = list(PageVersion.objects.exclude(version=F("purged"))[: MAX_CHANGES + 1])
        if len(changed) > MAX_CHANGES:
            purge_everything()
            changed = list(PageVersion.objects.filter(page=SITE, purged=0))
        now = time()
        once = {row.pk: self._first[row.pk] for row in changed if self._first.get(row.pk, (0, 0))[0] == row.version}
        again = [row for row in changed if row.pk in once and now - once[row.pk][1] >= AGAIN_AFTER]
        new = [row for row in changed if row.pk not in once]
        purge(sorted({tag_of(row.page) for row in (*new, *again)}))
        self._first = once | {row.pk: (row.version, time()) for row in new}
        with transaction.atomic():
            for row in again:
                PageVersion.objects.filter(pk=row.pk, version=row.version).update(purged=row.version)


def purge(tags: Sequence[str]) -> None:
    """Ask all addresses of the CDN to drop the copies with these tags."""
    for start in range(0, len(tags), TAGS_OF_A_PURGE):
        for url in settings.CDN_PURGE_URLS:
            request = _purge_request(url, tags[start : start + TAGS_OF_A_PURGE])
            with urlopen(request, timeout=TIMEOUT) as response:  # The owner's own address.  # noqa: S310
                response.read()


def _purge_request(url: str, tags: Sequence[str]) -> Request:
    token = settings.CDN_PURGE_TOKEN
    if settings.CDN_TAGS == SURROGATE_KEY:
        headers = {"Surrogate-Key": " ".join(tags), "Fastly-Key": token}
        return Request(url, method="POST", headers=headers)  # noqa: S310
    bearer = {"Authorization": f"Bearer {token}"} if token else {}
    if settings.CDN_TAGS == CACHE_TAG:
        headers = {"Content-Type": "application/json", **bearer}
        return Request(url, json.dumps({"tags": tags}).encode(), headers, method="POST")  # noqa: S310
    return Request(url, method="PURGE", headers={"xkey-purge": " ".join(tags), **bearer})  # noqa: S310
