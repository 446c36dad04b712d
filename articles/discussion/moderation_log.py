"""The moderation log: every moderator's action is recorded with its reason, in the same transaction."""

from typing import Any

from django.utils.translation import gettext as _

from articles.accounts.models import User
from articles.discussion import rules
from articles.discussion.models import ModerationAction
from articles.errors import Refused
from articles.text.sanitizing import clean_line

MAX_REASON_LENGTH = 300  # Characters of a moderator's reason.


def require_moderator(by: User, reason: str) -> str:
    """Return the cleaned reason, or raise `Refused` if `by` may not moderate or there is no reason."""
    if not rules.may_moderate(by):
        raise Refused(_("Only moderators can do this."))
    return clean_reason(reason)


def clean_reason(reason: str) -> str:
    """Return the reason as the log stores it.

    Raises:
        Refused: The reason is empty or too long.
    """
    reason = clean_line(reason)
    if not reason:
        raise Refused(_("Give a reason. It’s recorded in the moderation log."), field="reason")
    if len(reason) > MAX_REASON_LENGTH:
        message = _("Shorten this to %(most)d characters or fewer.") % {"most": MAX_REASON_LENGTH}
        raise Refused(message, field="reason")
    return reason


def log_action(action: ModerationAction.Action, by: User, reason: str, **target: Any) -> ModerationAction:
    """Log an action, in its transaction."""
    return ModerationAction.objects.create(action=action, by=by, reason=reason, **target)
