"""Scheduled jobs pick up what a dead worker left behind."""

import signal
from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from typing import Any
from unittest.mock import Mock

import pytest
from django.core.mail import send_mail
from django.core.management import call_command
from django.db import OperationalError
from django.tasks import task
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from articles.mail import sending
from articles.mail.models import QueuedEmail
from articles.notifications.models import PendingFanout
from articles.web import job_runs
from newsroom import background_tasks, scheduler
from tests.factories import make_comment

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def queued(settings: Any) -> None:
    settings.MAILERS = {**settings.MAILERS, "default": {"BACKEND": "articles.mail.sending.QueuedEmailBackend"}}
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}


def test_an_overdue_email_and_fanout_are_queued_again_once() -> None:
    comment = make_comment(parent=make_comment())
    send_mail("Subject", "Text", None, ["a@x.example"])
    DBTaskResult.objects.all().delete()
    long_ago = timezone.now() - timedelta(minutes=6)
    QueuedEmail.objects.update(due_at=long_ago)
    PendingFanout.objects.update(due_at=long_ago)
    for _ in range(2):
        scheduler.run_jobs()
    asked = DBTaskResult.objects.order_by("task_path").values_list("task_path", "args_kwargs__args")
    assert list(asked) == [
        ("articles.mail.sending.send_queued", [QueuedEmail.objects.get().pk]),
        ("articles.notifications.fanout.fan_out", [PendingFanout.objects.get(comment=comment).pk]),
    ]


def test_what_is_queued_already_is_not_queued_again() -> None:
    make_comment(parent=make_comment())
    send_mail("Subject", "Text", None, ["a@x.example"])
    before = DBTaskResult.objects.count()
    assert before == 2
    scheduler.run_jobs()
    assert DBTaskResult.objects.count() == before


def test_a_job_that_fails_does_not_stop_the_others(caplog: pytest.LogCaptureFixture) -> None:
    done = []

    def broken() -> None:
        raise RuntimeError("a bug")

    scheduler.run_jobs([broken, lambda: done.append(1)])
    assert done == [1]
    assert "broken failed" in caplog.text


def test_a_job_that_another_worker_has_just_run_is_left_out() -> None:
    done = []

    def counting() -> None:
        done.append(1)

    for _worker in range(2):
        scheduler.run_due_jobs({counting: scheduler.EACH_TICK})
    assert done == [1]


def test_a_job_that_failed_is_recorded_and_retried(caplog: pytest.LogCaptureFixture) -> None:
    def broken() -> None:
        raise RuntimeError("a bug")

    scheduler.run_due_jobs({broken: timedelta()})
    (state,) = job_runs.states({scheduler.name_of(broken): scheduler.EACH_TICK})
    assert (state.failed, state.succeeded_at) == (True, None)
    scheduler.run_due_jobs({broken: timedelta()})
    assert caplog.text.count("broken failed") == 2


def test_jobs_have_names_of_their_own() -> None:
    names = [state.job for state in scheduler.job_states()]
    jobs = scheduler.JOBS + scheduler.HOURLY_JOBS + scheduler.DAILY_JOBS + scheduler.SLOW_JOBS
    assert len(set(names)) == len(names) == len(jobs)


def test_jobs_without_a_database_are_logged_as_one_cause(caplog: pytest.LogCaptureFixture) -> None:  # faults D9
    def fail() -> None:
        raise OperationalError("database or disk is full\n")

    scheduler.run_jobs([fail, fail])
    assert caplog.messages == ["Database unavailable: database or disk is full"] * 2
    assert not any(record.exc_info for record in caplog.records)


def test_a_worker_without_a_database_waits_for_it(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:  # faults D9
    outcomes = [OperationalError("database or disk is full"), OperationalError("the connection is closed"), None]

    def run_worker(name: str, **options: object) -> None:
        outcome = outcomes.pop(0)
        if outcome:
            raise outcome

    monkeypatch.setattr(background_tasks, "call_command", run_worker)
    monkeypatch.setattr(background_tasks, "connection", Mock())  # The connection of this test stays open.
    monkeypatch.setattr(background_tasks, "RETRY_SECONDS", 0)
    background_tasks.run()
    assert outcomes == []
    assert [record.exc_info for record in caplog.records] == [None, None]
    assert "database or disk is full" in caplog.text


@task
def lose_own_row() -> None:
    DBTaskResult.objects.all().delete()


@pytest.fixture
def same_signal_handlers() -> Iterator[None]:
    """Take away the handlers that a worker installs."""
    handlers = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGQUIT)}
    yield
    for number, handler in handlers.items():
        signal.signal(number, handler)


@pytest.mark.django_db(transaction=True)
def test_a_worker_goes_on_after_a_task_that_a_failover_lost(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch, same_signal_handlers: None
) -> None:
    lose_own_row.enqueue()
    monkeypatch.setattr(background_tasks, "call_command", partial(call_command, batch=True))  # Ends with the last task.
    background_tasks.run()
    assert "A task was lost while it ran" in caplog.text


def test_an_overdue_email_is_sent_once(mailoutbox: list[Any], settings: Any) -> None:
    settings.TASKS = {"default": {"BACKEND": "django.tasks.backends.immediate.ImmediateBackend"}}
    settings.MAILERS = {**settings.MAILERS, "outside": {"BACKEND": "django.core.mail.backends.locmem.EmailBackend"}}
    QueuedEmail.objects.create(
        sender="p@x.example",
        recipients=["a@x.example"],
        mime="Subject: S\n\nText",
        due_at=timezone.now() - sending.OVERDUE_AFTER,
    )
    for _ in range(2):
        scheduler.run_jobs()
    assert len(mailoutbox) == 1
