"""When each periodic job last ran, and which worker runs it next: with several workers, each run is done by one."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection, models, transaction
from django.utils import timezone

# After which a run that never ended is taken for that of a worker that was killed. If it does go on, two workers do the
# same, which jobs tolerate: they take their rows with locks or conditions.
LEASE = timedelta(minutes=2)
LATE_AFTER = timedelta(minutes=10)  # Beyond its interval. A restart or a long run takes less.


class JobRun(models.Model):
    """The last run of a periodic job."""

    job = models.CharField(max_length=100, primary_key=True)
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    """Null while it runs."""
    succeeded_at = models.DateTimeField(null=True)
    """The end of the last run without an error."""

    def __str__(self) -> str:
        return self.job

    def is_due(self, interval: timedelta, now: datetime) -> bool:
        if self.started_at is None or self.started_at > now:  # The clock was wrong, or another machine's is.
            return True
        pause = max(interval, LEASE) if self.ended_at is None else interval
        return self.started_at <= now - pause


@dataclass(frozen=True, slots=True)
class JobState:
    """A job for those who look after the site."""

    job: str
    started_at: datetime | None
    succeeded_at: datetime | None
    failed: bool
    late: bool


def claim(intervals: Mapping[str, timedelta]) -> list[str]:
    """Claim those of the jobs that are due and that no other worker runs. Return their names."""
    now = timezone.now()
    known = JobRun.objects.filter(pk__in=intervals).values_list("pk", flat=True)
    if missing := intervals.keys() - set(known):
        JobRun.objects.bulk_create([JobRun(pk=job) for job in sorted(missing)], ignore_conflicts=True)
    with transaction.atomic():
        rows = JobRun.objects.filter(pk__in=intervals).order_by("pk")
        if connection.features.has_select_for_update_skip_locked:
            rows = rows.select_for_update(skip_locked=True)
        due = [row.pk for row in rows if row.is_due(intervals[row.pk], now)]
        JobRun.objects.filter(pk__in=due).update(started_at=now, ended_at=None)
    return due


@transaction.atomic
def record(claimed: Collection[str], *, failed: Collection[str]) -> None:
    """Record the end of the runs that were claimed."""
    now = timezone.now()
    ended = JobRun.objects.filter(pk__in=claimed)
    ended.update(ended_at=now)
    ended.exclude(pk__in=failed).update(succeeded_at=now)


def states(intervals: Mapping[str, timedelta]) -> list[JobState]:
    """Return the state of each job, in the given order."""
    now = timezone.now()
    runs = JobRun.objects.in_bulk(list(intervals))
    found = []
    for job, interval in intervals.items():
        run = runs.get(job, JobRun(pk=job))
        succeeded = run.succeeded_at
        failed = run.ended_at is not None and run.ended_at != succeeded
        late = succeeded is None or succeeded < now - interval - LATE_AFTER
        found.append(JobState(job, run.started_at, succeeded, failed, late))
    return found
