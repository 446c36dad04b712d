"""Who has a part in running the paper: the last owner stays one."""

from django.utils.translation import gettext as _

from articles.accounts.models import User
from articles.errors import Refused


def keep_an_owner(*, without: User) -> None:
    """Hold all owners until the transaction ends, so that two who go at once can't both be let go.

    Raises:
        Refused: Nobody else owns this paper; one without an owner could be taken over.
    """
    owners = User.objects.select_for_update().filter(is_superuser=True, is_active=True).order_by("pk")
    ids = list(owners.values_list("pk", flat=True))
    if without.pk in ids and len(ids) == 1:
        raise Refused(_("This is the only owner of the paper. Make somebody else an owner first."))
