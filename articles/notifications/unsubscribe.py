"""Links in mails that work on any device, without signing in: whoever has the mail may use them, no one else can."""

from django.core.signing import BadSignature, Signer

from articles.accounts.models import User

# No expiry: a mail is unsubscribed from years later, too. A full stop can stand anywhere in an address.
_signer = Signer(sep=".", salt="articles.notifications.stop")


def token_for(reader: User) -> str:
    return _signer.sign(str(reader.pk))


def reader_of(token: str) -> User | None:
    """Whose mail it stops; None for a forged token, and for one whose account is gone."""
    try:
        return User.objects.filter(pk=int(_signer.unsign(token)), is_active=True).first()
    except (BadSignature, ValueError):
        return None
