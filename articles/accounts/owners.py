"""Owners of the site: there is always at least one."""

from django.utils.translation import gettext as _

from articles.accounts.models import User
from articles.errors import Refused


def is_owner(reader: User) -> bool:
    return reader.is_active and reader.is_superuser


def require_another_owner(*, than: User) -> None:
    """Lock all owners until the transaction ends, so that two of them can't leave at the same time.

    Raises:
        Refused: There is no other owner. Without an owner, a holder of the setup token could take over the site.
    """
    owners = User.objects.select_for_update().filter(is_superuser=True, is_active=True).order_by("pk")
    ids = list(owners.values_list("pk", flat=True))
    if than.pk in ids and len(ids) == 1:
        raise Refused(_("You’re the only owner. Make someone else an owner first."))
