"""Mail: queued with the request, sent by a task, tried again, sent once."""

import smtplib
from collections.abc import Callable
from datetime import timedelta
from email.message import EmailMessage as MimeMessage
from typing import Any

import pytest
from django.core.mail import EmailMultiAlternatives, mailers, send_mail
from django.core.mail.backends.base import BaseEmailBackend
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from articles.accounts.account_deletion import delete_account
from articles.mail import sending
from articles.mail.models import QueuedEmail
from tests.factories import make_reader

pytestmark = pytest.mark.django_db


class AwayBackend(BaseEmailBackend):
    """A mail server that can't be reached."""

    def send_messages(self, email_messages: Any) -> int:
        raise smtplib.SMTPServerDisconnected("away")


@pytest.fixture
def queued(settings: Any) -> None:
    settings.MAILERS = {**settings.MAILERS, "default": {"BACKEND": "articles.mail.sending.QueuedEmailBackend"}}
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}


@pytest.fixture
def away(queued: None, settings: Any) -> None:
    settings.MAILERS = {**settings.MAILERS, "outside": {"BACKEND": f"{__name__}.AwayBackend"}}


def test_a_letter_reaches_a_file_whole(letters: Callable[[], list[MimeMessage]]) -> None:
    message = EmailMultiAlternatives("Grüße", "Ein Wort — für dich.", to=["a@x.example"], bcc=["b@x.example"])
    message.attach_alternative("<p>Ein Wort</p>", "text/html")
    message.send()
    (letter,) = letters()
    assert letter["Subject"] == "Grüße"
    assert letter["To"] == "a@x.example"
    assert "b@x.example" not in letter.as_string()  # A blind copy stays blind.
    text = letter.get_body(("plain",))
    assert text is not None and text.get_content() == "Ein Wort — für dich.\n"
    assert not QueuedEmail.objects.exists()


def test_the_request_only_queues(queued: None, mailoutbox: list[Any]) -> None:
    send_mail("Subject", "Text", None, ["a@x.example"])
    assert mailoutbox == []
    assert QueuedEmail.objects.count() == 1
    assert DBTaskResult.objects.get().args_kwargs["args"] == [QueuedEmail.objects.get().pk]


def test_a_letter_is_sent_once_even_if_two_tasks_have_it(queued: None, mailoutbox: list[Any]) -> None:
    send_mail("Subject", "Text", None, ["a@x.example"])
    letter = QueuedEmail.objects.get()
    sending.send_queued.call(letter.pk)
    sending.send_queued.call(letter.pk)
    assert [m.to for m in mailoutbox] == [["a@x.example"]]
    assert not QueuedEmail.objects.exists()


def test_a_leased_letter_is_left_to_its_worker(queued: None, mailoutbox: list[Any]) -> None:
    send_mail("Subject", "Text", None, ["a@x.example"])
    QueuedEmail.objects.update(due_at=timezone.now() + timedelta(minutes=1))
    sending.send_queued.call(QueuedEmail.objects.get().pk)
    assert mailoutbox == []


def test_while_the_mail_server_is_away_a_letter_waits_and_then_goes_out(
    away: None, settings: Any, mailoutbox: list[Any]
) -> None:
    send_mail("Subject", "Text", None, ["a@x.example"])
    letter = QueuedEmail.objects.get()
    sending.send_queued.call(letter.pk)
    assert DBTaskResult.objects.filter(run_after__year__lt=9999).count() == 1
    QueuedEmail.objects.update(due_at=timezone.now())
    settings.MAILERS = {**settings.MAILERS, "outside": {"BACKEND": "django.core.mail.backends.locmem.EmailBackend"}}
    sending.send_queued.call(letter.pk)
    assert len(mailoutbox) == 1


def test_a_letter_is_given_up_in_the_end(away: None) -> None:
    send_mail("Subject", "Text", None, ["a@x.example"])
    for _ in sending.RETRY_DELAYS:
        QueuedEmail.objects.update(due_at=timezone.now())
        sending.send_queued.call(QueuedEmail.objects.get().pk)
    assert not QueuedEmail.objects.exists()


def test_a_start_asks_again_for_letters_whose_task_was_lost(queued: None) -> None:
    """cases.md, D7: a letter whose worker died waited for six minutes."""
    send_mail("Subject", "Text", None, ["a@x.example"])
    DBTaskResult.objects.all().delete()
    assert sending.resume() == 1
    assert DBTaskResult.objects.count() == 1


def test_a_letter_without_recipients_is_not_kept(queued: None) -> None:
    assert mailers["default"].send_messages([EmailMultiAlternatives("Subject", "Text")]) == 0
    assert not QueuedEmail.objects.exists()


def test_letters_to_a_reader_who_leaves_are_not_kept(away: None) -> None:
    reader = make_reader(email="Gone@paper.example")
    send_mail("To the one", "Words", None, ["gone@paper.example"])
    send_mail("To another", "Words", None, ["stays@paper.example"])
    delete_account(reader=reader)
    assert [letter.recipients for letter in QueuedEmail.objects.all()] == [["stays@paper.example"]]
