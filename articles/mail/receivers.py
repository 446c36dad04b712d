"""Delete queued emails together with the account of their recipient."""

from typing import Any

from allauth.account.models import EmailAddress
from django.dispatch import receiver

from articles.accounts.models import User
from articles.accounts.signals import account_deleting
from articles.mail.models import QueuedEmail


@receiver(account_deleting)
def delete_queued_emails(reader: User, **_kwargs: Any) -> None:
    addresses = {reader.email, *EmailAddress.objects.filter(user=reader).values_list("email", flat=True)}
    known = {address.lower() for address in addresses if address}
    # SQLite and PostgreSQL search JSON differently, and the queue is short: compare in Python.
    queue = QueuedEmail.objects.values_list("pk", "recipients")
    theirs = [pk for pk, recipients in queue if known & {str(recipient).lower() for recipient in recipients}]
    QueuedEmail.objects.filter(pk__in=theirs).delete()
