"""What is due by the clock, not by a request: threads beside the worker look for it every few seconds.

What is due is found by a query each time, so that nothing can be missed: not by a worker that is killed, not by a
paper that was closed for a night.
"""

import logging
from collections.abc import Callable, Sequence
from itertools import count
from threading import Event, Thread

from django.core.management import call_command
from django.db import close_old_connections

from articles.accounts import session_cleanup
from articles.mail import sending
from articles.notifications import digest_schedule, fanout
from articles.publishing import autosave, link_checker, link_fixes, link_index, scheduled_changes

TICK = 15  # Seconds; nobody notices them in a mail, and a look costs three small queries.

logger = logging.getLogger(__name__)


def resume_letters() -> None:
    sending.resume(late=sending.LATE)


def resume_telling() -> None:
    fanout.resume(late=fanout.LATE)


def forget_finished_tasks() -> None:
    call_command("prune_db_task_results", verbosity=0)


def forget_unlinked() -> None:
    link_index.forget_unlinked()


type Chore = Callable[[], object]
CHORES: list[Chore] = [
    scheduled_changes.bring_due,
    digest_schedule.send_due,
    resume_letters,
    resume_telling,
    link_fixes.mend_rest,
]
HOURLY: list[Chore] = [session_cleanup.forget_old_sessions, forget_finished_tasks, autosave.forget_old, forget_unlinked]
OUTSIDE: list[Chore] = [link_checker.ask_due]  # Waits for others' servers; mail does not wait for it.
TICKS_AN_HOUR = 3600 // TICK


def start(stopping: Event) -> list[Thread]:
    """Look at the clock until that is set, in threads of their own."""
    threads = [
        Thread(target=keep_time, args=[stopping, *chores], daemon=True) for chores in ((CHORES, HOURLY), (OUTSIDE, []))
    ]
    for thread in threads:
        thread.start()
    return threads


def keep_time(stopping: Event, chores: Sequence[Chore], hourly: Sequence[Chore]) -> None:
    for tick in count():
        if stopping.wait(TICK):
            return
        close_old_connections()
        look(chores if tick % TICKS_AN_HOUR else [*chores, *hourly])
        close_old_connections()


def look(chores: Sequence[Chore] = CHORES) -> None:
    """Do all that is due. What fails, because the database is away or for a bug, is tried again with the next tick."""
    for chore in chores:
        try:
            chore()
        except Exception:
            logger.exception("%s failed", chore.__name__)
