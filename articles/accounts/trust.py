"""Whether a reader may write. What each room asks beyond this stands in its own rules."""

from django.utils.translation import gettext as _

from articles.accounts.models import User
from articles.errors import Refused


def must_be_allowed_to_write(reader: User) -> None:
    """Refuse a banned reader, with the moderator's reason; reading stays free.

    Raises:
        Refused: when the reader may not write here.
    """
    if not reader.is_banned:
        return
    if reader.banned_reason:
        raise Refused(_("You may read here but not write. The reason: %(reason)s") % {"reason": reader.banned_reason})
    raise Refused(_("You may read here but not write."))
