"""What this room does when a reader leaves."""

from typing import Any

from allauth.account.models import EmailAddress
from django.dispatch import receiver

from articles.accounts.models import User
from articles.accounts.signals import account_deleting
from articles.mail.models import QueuedEmail


@receiver(account_deleting)
def forget(reader: User, **_news: Any) -> None:
    """Letters that still wait hold the address and what was written to it: they are not sent, and not kept."""
    addresses = {reader.email, *EmailAddress.objects.filter(user=reader).values_list("email", flat=True)}
    known = {address.lower() for address in addresses if address}
    # Few letters ever wait, and both engines differ in how they search in JSON: so they are looked through here.
    waiting = QueuedEmail.objects.values_list("pk", "recipients")
    theirs = [pk for pk, recipients in waiting if known & {str(recipient).lower() for recipient in recipients}]
    QueuedEmail.objects.filter(pk__in=theirs).delete()
