"""The outgoing mail queue: emails are sent by a task, never inside a request, and retried while the server is away."""

import logging
import secrets
import sys
from collections.abc import Callable, Sequence
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

# Delays between attempts: short at first, for a restart of the mail server, then long. Given up after three days.
RETRY_DELAYS = [timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240, 720, 1440, 1440)]
OVERDUE_AFTER = timedelta(minutes=5)  # Due for so long: its task died with a worker, or the queue is long.
PLAIN_ASCII = policy.SMTP.clone(cte_type="7bit")  # Passes unchanged through every database and mail server.

type Composer = Callable[..., EmailMessage | None]
_composers: dict[str, Composer] = {}

logger = logging.getLogger(__name__)


class QueuedEmailBackend(BaseEmailBackend):
    """Store emails in the queue, in the caller's transaction, and enqueue a task for each."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        sent = 0
        for message in email_messages:
            if not message.recipients():
                continue
            if settings.EDITOR_EMAIL and not message.reply_to:
                message.reply_to = [settings.EDITOR_EMAIL]
            mime = message.message(policy=PLAIN_ASCII).as_string()
            _queue(sender=message.from_email, recipients=list(message.recipients()), mime=mime)
            sent += 1
        return sent


def register_composer(name: str, composer: Composer) -> None:
    """Let emails be written when they are sent. A composer returns None if nothing is left to say."""
    _composers[name] = composer


def queue_composed(name: str, *, recipients: list[str], **arguments: Any) -> None:
    """Queue an email that the composer of this name writes from these arguments (JSON) at each attempt."""
    _queue(recipients=recipients, composer=name, arguments=arguments)


def _queue(**fields: Any) -> None:
    send_queued.enqueue(QueuedEmail.objects.create(due_at=timezone.now(), **fields).pk)


class FileEmailBackend(BaseEmailBackend):
    """Used when no mail server is set: write each email to a file, and on a laptop its text to the console."""

    def __init__(self, *, folder: str | Path, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.folder = Path(folder)

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.folder.chmod(0o700)  # Also if an earlier version made it: emails hold links that open accounts.
        for message in email_messages:
            mime = message.message()
            name = f"{timezone.now():%Y%m%d-%H%M%S-%f}-{secrets.token_hex(3)}.eml"
            path = self.folder / name
            path.touch(mode=0o600)
            path.write_bytes(mime.as_bytes())
            if not settings.PUBLIC:  # The log of a public site must not hold links that open accounts.
                text = mime.get_body(("plain", "html"))
                content = text.get_content() if text else ""
                sys.stdout.write(f"-- email to {mime['To']}: {mime['Subject']}\n{content}-- saved as {name}\n")
                sys.stdout.flush()
        return len(email_messages)


class UnfoldedHeader(UnstructuredHeader):
    """A header that holds one URL. Folding would encode a long one, and mail programs don't decode it."""

    def fold(self, *, policy: Any) -> str:
        return f"{self.name}: {self}{policy.linesep}"  # type: ignore[attr-defined]


class UnsubscribableMessage(EmailMultiAlternatives):
    """An email with a List-Unsubscribe header."""

    def message(self, *, policy: Any = policy.default) -> MimeMessage:
        headers = HeaderRegistry()
        headers.map_to_type("list-unsubscribe", UnfoldedHeader)  # type: ignore[arg-type]
        return super().message(policy=policy.clone(cte_type="7bit", header_factory=headers))


class StoredMessage(EmailMessage):
    """An email from the queue that is sent as it was stored."""

    def __init__(self, email: QueuedEmail) -> None:
        super().__init__(from_email=email.sender, to=email.recipients)
        self.mime = email.mime

    def message(self, *, policy: Any = policy.default) -> MimeMessage:
        return message_from_string(self.mime, MimeMessage, policy=policy)


@task
def send_queued(email_id: int) -> None:
    """Send one email. Taking its lease first keeps two tasks from sending it twice."""
    now = timezone.now()
    email = QueuedEmail.objects.filter(pk=email_id, due_at__lte=now).first()
    if email is None:
        return
    delay = RETRY_DELAYS[min(email.attempts, len(RETRY_DELAYS) - 1)]
    leased = QueuedEmail.objects.filter(pk=email_id, due_at=email.due_at).update(
        due_at=now + delay, attempts=F("attempts") + 1
    )
    if not leased:
        return
    message = _composers[email.composer](**email.arguments) if email.composer else StoredMessage(email)
    try:
        if message is not None:
            with mailers["outside"] as outside:
                outside.send_messages([message])
    except (OSError, SMTPException) as error:
        _retry(email, at=now + delay, error=error)
    else:
        email.delete()


def _retry(email: QueuedEmail, *, at: Any, error: Exception) -> None:
    if email.attempts + 1 >= len(RETRY_DELAYS):
        logger.error("Email %s given up after %s attempts: %s", email.pk, email.attempts + 1, type(error).__name__)
        email.delete()
        return
    logger.warning("Email %s could not be sent (%s); next attempt at %s", email.pk, type(error).__name__, at)
    if send_queued.get_backend().supports_defer:
        send_queued.using(run_after=at).enqueue(email.pk)


def resume(*, overdue_by: timedelta = timedelta()) -> int:
    """Enqueue emails whose task died with its worker. Called at start and by the scheduler. Returns how many."""
    now = timezone.now()
    overdue = QueuedEmail.objects.filter(due_at__lte=now - overdue_by)
    emails = list(overdue.values_list("pk", flat=True))
    overdue.filter(pk__in=emails).update(due_at=now)  # Or the next run of the scheduler would enqueue them again.
    for email_id in emails:
        send_queued.enqueue(email_id)
    return len(emails)
