"""What is due by the clock, not by a request: a thread beside the worker looks for it every few seconds.

What is due is found by a query each time, so that nothing can be missed: not by a worker that is killed, not by a
paper that was closed for a night.
"""

import logging
from collections.abc import Callable
from threading import Event

from django.db import close_old_connections

from articles.following import telling
from articles.notifications import sending

TICK = 15  # Seconds; nobody notices them in a mail, and a look costs three small queries.

logger = logging.getLogger(__name__)


def resume_letters() -> None:
    sending.resume(late=sending.LATE)


def resume_telling() -> None:
    telling.resume(late=telling.LATE)


CHORES: list[Callable[[], object]] = [resume_letters, resume_telling]


def keep_time(stopping: Event) -> None:
    while not stopping.wait(TICK):
        close_old_connections()
        look()
        close_old_connections()


def look() -> None:
    """Do all that is due. What fails, because the database is away or for a bug, is tried again with the next tick."""
    for chore in CHORES:
        try:
            chore()
        except Exception:
            logger.exception("%s failed", chore.__name__)
