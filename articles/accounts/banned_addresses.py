"""The part of a ban that outlives the account: a keyed hash of the email address, until the ban ends.

Whoever deletes a banned account and signs up again with the same address is still banned. From the hash, without the
site's SECRET_KEY, nobody can tell the address, and nothing else is stored.
"""

from allauth.account.models import EmailAddress
from django.db.models import Q
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from articles.accounts import security_log
from articles.accounts.models import BannedAddress, User

AGAIN = "Banned like an earlier account"  # In the log.
KEY_SALT = "articles.accounts.bans"  # Stored hashes were made with it, so it keeps an old name of this module.


def address_key(email: str) -> str:
    """Return the keyed hash of an address: in any case, and with any tag after a plus, which reaches one mailbox."""
    local, _at, host = email.strip().lower().rpartition("@")
    mailbox = f"{local.partition('+')[0]}@{host}"
    return salted_hmac(KEY_SALT, mailbox, algorithm="sha256").hexdigest()


def _keys_of(reader: User) -> set[str]:
    emails = {reader.email, *EmailAddress.objects.filter(user=reader).values_list("email", flat=True)}
    return {address_key(email) for email in emails if email}


def remember(reader: User) -> None:
    """Store the hashes of a banned reader's addresses. Called when the ban begins, and before the account goes."""
    for key in _keys_of(reader) if reader.is_banned else ():
        values = {"ends_at": reader.banned_until, "reader": reader}
        BannedAddress.objects.update_or_create(key=key, defaults=values)


def forget(reader: User) -> None:
    """Remove the hashes, also of addresses that the reader had earlier: the ban was lifted."""
    BannedAddress.objects.filter(Q(reader=reader) | Q(key__in=_keys_of(reader))).delete()


def ban_on(email: str) -> BannedAddress | None:
    """Return the ban, if it hasn't ended, of a deleted account that had this address."""
    active = Q(ends_at__isnull=True) | Q(ends_at__gt=timezone.now())
    return BannedAddress.objects.filter(active, key=address_key(email)).first()


def apply_to(reader: User, email: str) -> bool:
    """Ban a reader whose address belongs to a banned account that was deleted.

    Sets the fields and saves nothing. Returns whether the reader was banned.
    """
    found = ban_on(email)
    if found is None or reader.is_banned or reader.is_superuser:
        return False
    reader.banned_at, reader.banned_until = timezone.now(), found.ends_at
    reader.banned_reason = _("An earlier account with this email address was banned.")
    return True


def log_ban(reader: User, event: str, *, by: User | None = None) -> None:
    end = f"until {reader.banned_until:%Y-%m-%d %H:%M} UTC" if reader.banned_until else "without an end"
    security_log.log(event, reader, by=by, details=end)


def ban_fields() -> list[str]:
    return ["banned_at", "banned_until", "banned_reason"]


def clear(reader: User, *, by: User | None = None) -> None:
    """End a reader's ban. The caller holds the row's lock. Without `by`, its time is over."""
    reader.banned_at, reader.banned_until, reader.banned_reason = None, None, ""
    reader.save(update_fields=ban_fields())
    forget(reader)
    security_log.log("Ban ended", reader, by=by)


def delete_ended_hashes() -> int:
    """Remove the hashes of bans that have ended. Return how many."""
    deleted, _by_model = BannedAddress.objects.filter(ends_at__lte=timezone.now()).delete()
    return deleted
