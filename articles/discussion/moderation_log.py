"""The moderation log: every moderator's action is recorded with its reason, in the same transaction."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from articles.accounts.models import User
from articles.discussion import rules, signals
from articles.discussion.grounds import Grounds
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


def log_action(
    action: ModerationAction.Action, by: User, reason: str, *, grounds: Grounds | None = None, **target: Any
) -> ModerationAction:
    """Log an action, in its transaction, and announce it."""
    fields = {} if grounds is None else {name: getattr(grounds, name) for name in grounds.__slots__}
    logged = ModerationAction.objects.create(action=action, by=by, reason=reason, **fields, **target)
    signals.action_logged.send(sender=ModerationAction, action=logged)
    return logged


def overturn(action: ModerationAction.Action, **target: Any) -> None:
    """Mark the latest action of this kind on this target as overturned: it was undone because it was wrong."""
    latest = ModerationAction.objects.filter(action=action, **target).first()
    if latest is not None and latest.overturned_at is None:
        ModerationAction.objects.filter(pk=latest.pk).update(overturned_at=timezone.now())
