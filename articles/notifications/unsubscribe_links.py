"""Signed tokens of unsubscribe links, which work on any device without signing in. The page: `views.unsubscribe`."""

from django.core.signing import BadSignature, Signer

from articles.accounts.models import User

# No expiry: people unsubscribe from old emails too. A full stop needs no escaping in a URL.
_signer = Signer(sep=".", salt="articles.notifications.stop")


def token_for(reader: User) -> str:
    return _signer.sign(str(reader.pk))


def reader_for(token: str) -> User | None:
    """Return the reader, or None for a forged token or a closed account."""
    try:
        return User.objects.filter(pk=int(_signer.unsign(token)), is_active=True).first()
    except (BadSignature, ValueError):
        return None
