"""Periodic jobs, run by threads in the worker process every few seconds.

Each job finds what is due by a query, so nothing is missed after a worker was killed or the server was down.
"""

import logging
from collections.abc import Callable, Sequence
from itertools import count
from threading import Event, Thread

from django.core.management import call_command
from django.db import InterfaceError, OperationalError, close_old_connections

from articles.accounts import banned_addresses, invitations, session_cleanup, write_ahead_log
from articles.discussion import comment_html, sanctions
from articles.importing import import_batches
from articles.mail import sending
from articles.notifications import desk_digests, digest_schedule, fanout
from articles.pictures import preparing, stored_files
from articles.publishing import (
    autosave,
    headline_images,
    link_checker,
    link_fixes,
    link_index,
    publishing,
    read_counts,
    scheduled_changes,
    site_settings,
    sort_times,
)
from articles.search import vocabulary

TICK = 15  # Seconds between runs. Unnoticeable for an email, and a run costs a few small queries.

logger = logging.getLogger(__name__)


def resume_emails() -> None:
    sending.resume(overdue_by=sending.OVERDUE_AFTER)


def resume_fanout() -> None:
    fanout.resume(overdue_by=fanout.OVERDUE_AFTER)


def resume_renditions() -> None:
    preparing.resume(overdue_by=preparing.OVERDUE_AFTER)


def delete_orphans() -> None:
    stored_files.delete_orphans(headline_images.folders())


def delete_finished_tasks() -> None:
    call_command("prune_db_task_results", verbosity=0)


type Job = Callable[[], object]
JOBS: list[Job] = [
    site_settings.refresh,
    scheduled_changes.publish_due_changes,
    digest_schedule.queue_due_digests,
    resume_emails,
    resume_fanout,
    resume_renditions,
    publishing.publish_all_waiting,
    link_fixes.continue_fixes,
    comment_html.render_outdated,
    sanctions.end_bans,
    sort_times.fill_missing,
]
HOURLY_JOBS: list[Job] = [
    desk_digests.queue_due_desk_digests,
    session_cleanup.delete_expired_sessions,
    delete_finished_tasks,
    banned_addresses.delete_ended_hashes,
    invitations.delete_old,
    write_ahead_log.empty_write_ahead_log,
    autosave.delete_expired,
    import_batches.delete_expired,
    headline_images.queue_outdated,
    preparing.queue_outdated,
    delete_orphans,
    link_index.delete_unlinked_targets,
    read_counts.delete_old,
    vocabulary.count_words,
]
# In a thread of their own: email must not wait for slow sites.
NETWORK_JOBS: list[Job] = [link_checker.check_due_links]
TICKS_AN_HOUR = 3600 // TICK


def start(stopping: Event) -> list[Thread]:
    """Start the threads that run the jobs until `stopping` is set."""
    threads = [
        Thread(target=run_periodically, args=[stopping, *jobs], daemon=True)
        for jobs in ((JOBS, HOURLY_JOBS), (NETWORK_JOBS, []))
    ]
    for thread in threads:
        thread.start()
    return threads


def run_periodically(stopping: Event, jobs: Sequence[Job], hourly: Sequence[Job]) -> None:
    for tick in count():
        if stopping.wait(TICK):
            return
        close_old_connections()
        run_jobs(jobs if tick % TICKS_AN_HOUR else [*jobs, *hourly])
        close_old_connections()


def run_jobs(jobs: Sequence[Job] = JOBS) -> None:
    """Run every due job. A failing job is logged and retried on the next tick."""
    for job in jobs:
        try:
            job()
        except (InterfaceError, OperationalError) as error:
            logger.error("Database unavailable: %s", str(error).strip())  # One cause for all jobs, and no bug of one.
        except Exception:
            logger.exception("%s failed", job.__name__)
