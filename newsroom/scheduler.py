"""Periodic jobs, run by threads in the worker processes every few seconds.

Each job finds what is due by a query, so nothing is missed after a worker was killed or the server was down. A row in
the database lets one of several workers run a job at a time (`articles.web.job_runs`).
"""

import logging
from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
from threading import Event, Thread

from django.conf import settings
from django.core.management import call_command
from django.db import close_old_connections

from articles.accounts import banned_addresses, invitations, session_cleanup, write_ahead_log
from articles.discussion import classifier_training, comment_html, sanctions
from articles.importing import import_batches
from articles.mail import sending
from articles.moderation import claiming, notices
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
from articles.topics import curating
from articles.web import cache_backend, cdn, job_runs, query_statistics
from articles.web.database_errors import is_unavailable

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
    call_command("prune_db_task_results", verbosity=0, min_age_days=settings.TASK_RESULTS_KEPT_DAYS)


type Job = Callable[[], object]
# What each worker does for itself.
OWN_JOBS: list[Job] = [site_settings.refresh]
JOBS: list[Job] = [
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
    cache_backend.delete_expired,
    banned_addresses.delete_ended_hashes,
    claiming.delete_ended,
    notices.erase_senders,
    invitations.delete_old,
    curating.expire_suggestions,
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
# In a thread of their own: email must not wait for slow sites, nor for half a minute of training.
SLOW_JOBS: list[Job] = [link_checker.check_due_links]
DAILY_JOBS: list[Job] = [classifier_training.train_if_possible, query_statistics.update_statistics]
# Less than a tick: a worker's ticks are seldom exactly that far apart.
EACH_TICK, EACH_HOUR, EACH_DAY = timedelta(seconds=TICK - 1), timedelta(hours=1), timedelta(days=1)
SCHEDULES: list[dict[Job, timedelta]] = [
    dict.fromkeys(JOBS, EACH_TICK) | dict.fromkeys(HOURLY_JOBS, EACH_HOUR),
    dict.fromkeys(SLOW_JOBS, EACH_TICK) | dict.fromkeys(DAILY_JOBS, EACH_DAY),
]


def start(stopping: Event) -> list[Thread]:
    """Start a thread for each schedule and one for purges, which run until `stopping` is set."""
    threads = [Thread(target=run_periodically, args=[stopping, schedule], daemon=True) for schedule in SCHEDULES]
    if settings.CDN_TAGS:
        threads.append(Thread(target=cdn.purge_until, args=[stopping], daemon=True))
    for thread in threads:
        thread.start()
    return threads


def run_periodically(stopping: Event, schedule: Mapping[Job, timedelta]) -> None:
    def due_jobs() -> None:
        run_due_jobs(schedule)

    while not stopping.wait(TICK):
        close_old_connections()
        run_jobs([*OWN_JOBS, due_jobs])
        close_old_connections()


def run_due_jobs(schedule: Mapping[Job, timedelta]) -> None:
    """Run those of the jobs that are due and that no other worker runs."""
    names = {job: name_of(job) for job in schedule}
    claimed = job_runs.claim({names[job]: interval for job, interval in schedule.items()})
    failed = run_jobs(job for job in schedule if names[job] in claimed)
    job_runs.record(claimed, failed=[names[job] for job in failed])


def run_jobs(jobs: Iterable[Job] = JOBS) -> list[Job]:
    """Run jobs one after the other. Return those that failed: they are logged, and retried when they are next due."""
    failed = []
    for job in jobs:
        try:
            job()
        except Exception as error:
            failed.append(job)
            if is_unavailable(error):  # One cause for all jobs, and no bug of one.
                logger.error("Database unavailable: %s", str(error).strip())
            else:
                logger.exception("%s failed", job.__name__)
    return failed


def name_of(job: Job) -> str:
    return f"{job.__module__.rpartition('.')[2]}.{job.__name__}"


def job_states() -> list[job_runs.JobState]:
    """Return the state of all jobs, for those who look after the site."""
    schedules = {name_of(job): interval for schedule in SCHEDULES for job, interval in schedule.items()}
    return job_runs.states(schedules)
