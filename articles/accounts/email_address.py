"""Where a reader can be written to."""

from allauth.account.models import EmailAddress
from django.conf import settings

from articles.accounts.models import User


def mail_address(reader: User) -> str:
    """The reader's address, or nothing: on a public site, one that nobody confirmed may be a stranger's."""
    confirmed = EmailAddress.objects.filter(user=reader, email__iexact=reader.email, verified=True)
    if not reader.is_active or (settings.PUBLIC and not confirmed.exists()):
        return ""
    return reader.email
