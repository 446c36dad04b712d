"""Permissions for topics."""

from django.utils.translation import gettext as _

from articles.accounts import trust
from articles.accounts.models import User, Viewer
from articles.accounts.rules import require_may_write
from articles.errors import Refused
from articles.text.sanitizing import clean_line
from articles.topics.models import MAX_REASON_LENGTH


def may_curate(person: Viewer) -> bool:
    """Whether they edit topics: what they tag is shown immediately, and what they reject isn't shown."""
    return person.has_perm("articles.change_articletopic")


def may_see_new_names(viewer: Viewer) -> bool:
    """Whether they see suggested topics whose name is new to the site, besides their own: they decide about these."""
    return may_curate(viewer) or trust.counts(viewer, trust.Contribution.TOPIC)


def clean_reason(reason: str) -> str:
    """Return an editor's reason as the log stores it.

    Raises:
        Refused: It is empty or too long.
    """
    reason = clean_line(reason)
    if not reason:
        raise Refused(_("Give a reason. Readers see it in the log of topics."), field="reason")
    if len(reason) > MAX_REASON_LENGTH:
        message = _("Shorten this to %(most)d characters or fewer.") % {"most": MAX_REASON_LENGTH}
        raise Refused(message, field="reason")
    return reason


def require_may_curate(person: User) -> None:
    require_may_write(person)
    if not may_curate(person):
        raise Refused(_("Only editors can approve or reject topics."))
