"""Scheduled jobs pick up what a dead worker left behind."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.mail import send_mail
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from articles.mail import sending
from articles.mail.models import QueuedEmail
from articles.notifications.models import PendingFanout
from newsroom import scheduler
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
