"""The email address at which a reader gets mail."""

from allauth.account.models import EmailAddress
from django.conf import settings

from articles.accounts.models import User


def deliverable_email(reader: User) -> str:
    """Return the reader's email address, or "". On a public site an unconfirmed address may be someone else's."""
    confirmed = EmailAddress.objects.filter(user=reader, email__iexact=reader.email, verified=True)
    if not reader.is_active or (settings.PUBLIC and not confirmed.exists()):
        return ""
    return reader.email
