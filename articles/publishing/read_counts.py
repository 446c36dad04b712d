"""Count how often articles and the front page are read: a number for each page and day, nothing about readers.

Pages are counted when they are served, from the page cache as well, so there is no script and no cookie. A request only
adds one to a number in its process's memory, and never waits for the database. `newsroom.deferred_writes` writes the
sums every few seconds. A process that is killed loses those seconds.
"""

import re
from collections import Counter
from datetime import timedelta
from functools import lru_cache
from threading import Lock
from typing import Any

from django.db import Error, connection, transaction
from django.http import HttpRequest
from django.utils import timezone

from articles.publishing.models import Article, ReadCount

READ = "newsroom.read"  # In the WSGI environment: the id of the article that a response shows, or FRONT_PAGE.
FRONT_PAGE = 0
MAX_PENDING = 10_000  # Pages. Others are not counted until the next write.
RETENTION = timedelta(days=365)
# Robots that say so. Those that pretend to be a browser are counted: to find them would take watching readers.
ROBOT = re.compile(r"bot|crawl|spider|slurp|http|curl|wget|python|java/|headless|lighthouse", re.IGNORECASE)
AGENT_LENGTH = (
    300  # Characters of a user agent that are looked at, so that remembering the answers takes little memory.
)
# Raw SQL: the ORM has no upsert that adds.
ADD = """
    INSERT INTO articles_readcount (article_id, day, reads) VALUES (%s, %s, %s)
    ON CONFLICT {target} DO UPDATE SET reads = articles_readcount.reads + excluded.reads
"""
ADD_TO_ARTICLE = ADD.format(target="(day, article_id)")
ADD_TO_FRONT_PAGE = ADD.format(target="(day) WHERE article_id IS NULL")

_pending: Counter[int] = Counter()
_lock = Lock()


def note(request: HttpRequest, page: int) -> None:
    """Note that the response to this request shows an article (by its id) or FRONT_PAGE."""
    request.META[READ] = page


def count(environ: dict[str, Any]) -> None:
    """Count the page that a request was answered with, if it is one that counts and a person asked for it."""
    page = environ.get(READ)
    if page is None or environ["REQUEST_METHOD"] != "GET":
        return
    if environ.get("HTTP_SEC_FETCH_DEST", "document") != "document":
        return  # The service worker's, which keeps a copy of what it shows.
    if is_robot(environ.get("HTTP_USER_AGENT", "")[:AGENT_LENGTH]):
        return
    with _lock:
        if len(_pending) < MAX_PENDING or page in _pending:
            _pending[page] += 1


@lru_cache(maxsize=1000)
def is_robot(user_agent: str) -> bool:
    """Return whether a client says that it is no browser, by a word or by a URL of its own."""
    return not user_agent or ROBOT.search(user_agent) is not None


def write() -> None:
    """Add what was counted since the last write to the sums of today."""
    with _lock:
        pending = Counter(_pending)
        _pending.clear()
    if not pending:
        return
    try:
        _add(pending)
    except Error:  # It is busy, or an article was just deleted.
        with _lock:
            _pending.update(pending)
        raise


def _add(reads: Counter[int]) -> None:
    today = timezone.localdate()
    existing = Article.objects.filter(pk__in=reads).values_list("pk", flat=True)
    with transaction.atomic(), connection.cursor() as cursor:
        # Sorted, so that processes writing at the same time can't deadlock.
        cursor.executemany(ADD_TO_ARTICLE, [(pk, today, reads[pk]) for pk in sorted(existing)])
        if reads[FRONT_PAGE]:
            cursor.execute(ADD_TO_FRONT_PAGE, [None, today, reads[FRONT_PAGE]])


def delete_old() -> None:
    ReadCount.objects.filter(day__lt=timezone.localdate() - RETENTION).delete()
