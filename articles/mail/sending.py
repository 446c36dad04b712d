"""Mail leaves by a task, never inside a request; a letter is tried again while the mail server is away."""

import logging
import secrets
import sys
from collections.abc import Sequence
from datetime import timedelta
from email import message_from_string, policy
from email.headerregistry import HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage as MimeMessage
from pathlib import Path
from smtplib import SMTPException
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage, EmailMultiAlternatives, mailers
from django.core.mail.backends.base import BaseEmailBackend
from django.db.models import F
from django.tasks import task
from django.utils import timezone

from articles.mail.models import QueuedEmail

# Waits between tries: short at first for a restart of the mail server, then long; after three days it is given up.
WAITS = [timedelta(minutes=m) for m in (1, 5, 15, 60, 240, 720, 1440, 1440)]
LATE = timedelta(minutes=5)  # What is due for so long was forgotten by a worker that died, or others are before it.
PLAIN_ASCII = policy.SMTP.clone(cte_type="7bit")  # Survives every database and mail server as it is.

logger = logging.getLogger(__name__)


class QueuedEmailBackend(BaseEmailBackend):
    """Puts letters into the database, in the transaction of whoever sends them, and asks a task to post them."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        sent = 0
        for message in email_messages:
            if not message.recipients():
                continue
            if settings.EDITOR_EMAIL and not message.reply_to:
                message.reply_to = [settings.EDITOR_EMAIL]
            letter = QueuedEmail.objects.create(
                sender=message.from_email,
                recipients=list(message.recipients()),
                mime=message.message(policy=PLAIN_ASCII).as_string(),
                due_at=timezone.now(),
            )
            post.enqueue(letter.pk)
            sent += 1
        return sent


class FileEmailBackend(BaseEmailBackend):
    """Where no mail server is set: one file a letter, and its text on the console for whoever runs the paper."""

    def __init__(self, *, folder: str | Path, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.folder = Path(folder)

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        self.folder.mkdir(parents=True, exist_ok=True)
        for message in email_messages:
            mime = message.message()
            name = f"{timezone.now():%Y%m%d-%H%M%S-%f}-{secrets.token_hex(3)}.eml"
            (self.folder / name).write_bytes(mime.as_bytes())
            text = mime.get_body(("plain", "html"))
            sys.stdout.write(
                f"-- mail to {mime['To']}: {mime['Subject']}\n{text.get_content() if text else ''}-- kept as {name}\n"
            )
            sys.stdout.flush()
        return len(email_messages)


class UnfoldedHeader(UnstructuredHeader):
    """A header that is one address: folding would encode a long one, and no mail program decodes it to follow it."""

    def fold(self, *, policy: Any) -> str:
        return f"{self.name}: {self}{policy.linesep}"  # type: ignore[attr-defined]


class StoppableMessage(EmailMultiAlternatives):
    """A mail with a List-Unsubscribe header."""

    def message(self, *, policy: Any = policy.default) -> MimeMessage:
        headers = HeaderRegistry()
        headers.map_to_type("list-unsubscribe", UnfoldedHeader)  # type: ignore[arg-type]
        return super().message(policy=policy.clone(cte_type="7bit", header_factory=headers))


class ReadyMessage(EmailMessage):
    """A message that was composed before and goes out as it is."""

    def __init__(self, letter: QueuedEmail) -> None:
        super().__init__(from_email=letter.sender, to=letter.recipients)
        self.mime = letter.mime

    def message(self, *, policy: Any = policy.default) -> MimeMessage:
        return message_from_string(self.mime, MimeMessage, policy=policy)


@task
def post(letter_id: int) -> None:
    """Send one letter once. Taking the lease first, two tasks for one letter can't both send it."""
    now = timezone.now()
    letter = QueuedEmail.objects.filter(pk=letter_id, due_at__lte=now).first()
    if letter is None:
        return
    wait = WAITS[min(letter.attempts, len(WAITS) - 1)]
    leased = QueuedEmail.objects.filter(pk=letter_id, due_at=letter.due_at).update(
        due_at=now + wait, attempts=F("attempts") + 1
    )
    if not leased:
        return
    try:
        with mailers["outside"] as outside:
            outside.send_messages([ReadyMessage(letter)])
    except (OSError, SMTPException) as error:
        _try_again(letter, at=now + wait, error=error)
    else:
        letter.delete()


def _try_again(letter: QueuedEmail, *, at: Any, error: Exception) -> None:
    if letter.attempts + 1 >= len(WAITS):
        logger.error("QueuedEmail %s given up after %s tries: %s", letter.pk, letter.attempts + 1, type(error).__name__)
        letter.delete()
        return
    logger.warning("QueuedEmail %s could not be sent (%s); next try at %s", letter.pk, type(error).__name__, at)
    if post.get_backend().supports_defer:
        post.using(run_after=at).enqueue(letter.pk)


def resume(*, late: timedelta = timedelta()) -> int:
    """Ask again for letters whose task died with its worker: when the paper starts, and then by the clock."""
    now = timezone.now()
    waiting = QueuedEmail.objects.filter(due_at__lte=now - late)
    letters = list(waiting.values_list("pk", flat=True))
    waiting.filter(pk__in=letters).update(due_at=now)  # Not to be asked for again with each look at the clock.
    for letter_id in letters:
        post.enqueue(letter_id)
    return len(letters)
