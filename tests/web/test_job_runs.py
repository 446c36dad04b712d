"""With several workers, one of them runs each job, and everybody can see when it last ran."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from articles.web import job_runs
from articles.web.job_runs import JobRun
from tests.racing import ROUNDS, race

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
JOBS = {"often": MINUTE, "seldom": HOUR}


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOON, tick=False) as clock:
        yield clock


@pytest.mark.django_db(transaction=True)
def test_of_workers_that_begin_together_one_runs_a_job() -> None:
    claimed: list[str] = []

    def worker(number: int) -> None:
        claimed.extend(job_runs.claim({f"new {number}": HOUR, f"known {number}": HOUR}))

    JobRun.objects.bulk_create([JobRun(pk=f"known {number}") for number in range(ROUNDS)])
    assert race(worker, worker, worker, rounds=ROUNDS) == []
    assert sorted(claimed) == sorted(f"{kind} {number}" for kind in ("new", "known") for number in range(ROUNDS))


@pytest.mark.django_db
def test_a_job_runs_again_after_its_interval(clock: time_machine.Traveller) -> None:
    assert job_runs.claim(JOBS) == ["often", "seldom"]
    job_runs.record(JOBS, failed=[])
    assert job_runs.claim(JOBS) == []
    clock.shift(MINUTE)
    assert job_runs.claim(JOBS) == ["often"]


@pytest.mark.django_db
def test_a_job_that_runs_is_left_to_its_worker_until_that_is_taken_for_dead(clock: time_machine.Traveller) -> None:
    job_runs.claim(JOBS)
    clock.shift(job_runs.LEASE - timedelta(seconds=1))
    assert job_runs.claim(JOBS) == []
    clock.shift(timedelta(seconds=1))
    assert job_runs.claim(JOBS) == ["often"]
    clock.shift(HOUR)
    assert job_runs.claim(JOBS) == ["often", "seldom"]


@pytest.mark.django_db
def test_a_clock_that_was_ahead_stops_no_job(clock: time_machine.Traveller) -> None:
    clock.shift(24 * HOUR)
    job_runs.claim(JOBS)
    job_runs.record(JOBS, failed=[])
    clock.move_to(NOON)
    assert job_runs.claim(JOBS) == ["often", "seldom"]


@pytest.mark.django_db
def test_the_state_of_a_job_says_whether_it_fails_or_is_late(clock: time_machine.Traveller) -> None:
    def states() -> list[tuple[str, datetime | None, bool, bool]]:
        return [(state.job, state.succeeded_at, state.failed, state.late) for state in job_runs.states(JOBS)]

    assert states() == [("often", None, False, True), ("seldom", None, False, True)]
    job_runs.claim(JOBS)
    job_runs.record(JOBS, failed=["seldom"])
    assert states() == [("often", NOON, False, False), ("seldom", None, True, True)]
    clock.shift(HOUR)
    job_runs.claim(JOBS)
    job_runs.record(JOBS, failed=["often"])
    assert states() == [("often", NOON, True, True), ("seldom", NOON + HOUR, False, False)]
