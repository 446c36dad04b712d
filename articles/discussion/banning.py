"""Ban a reader, and lift a ban. What outlives the account is in `accounts.banned_addresses`."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from articles.accounts import banned_addresses
from articles.accounts.models import User
from articles.discussion import badges, moderation_log, rules
from articles.discussion.models import ModerationAction
from articles.errors import Refused

Action = ModerationAction.Action


@transaction.atomic
def ban(*, reader: User, by: User, reason: str, days: int | None = None) -> ModerationAction:
    """Ban a reader from the discussion and the desk. Their comments stay; they can read, export their data and leave.

    Args:
        days: How long; None for a ban without an end.

    Raises:
        Refused: There is no reason, `by` may not moderate, or the reader is banned already, a moderator or an owner.
    """
    reason = moderation_log.require_moderator(by, reason)
    reader = User.objects.select_for_update(no_key=True).get(pk=reader.pk)
    if reader.pk == by.pk:
        raise Refused(_("You can’t ban yourself."))
    if reader.is_superuser or rules.may_moderate(reader):
        raise Refused(_("You can’t ban moderators or owners. Remove their role first."))
    if reader.is_banned:
        raise Refused(_("This reader is already banned."))
    now = timezone.now()
    reader.banned_at, reader.banned_reason = now, reason
    reader.banned_until = now + timedelta(days=days) if days else None
    reader.save(update_fields=banned_addresses.ban_fields())
    banned_addresses.remember(reader)
    banned_addresses.log_ban(reader, "Banned", by=by)
    badges.role_changed(reader)
    if days:
        length = ngettext("for %(days)d day", "for %(days)d days", days) % {"days": days}
        reason = f"{reason[: moderation_log.MAX_REASON_LENGTH - len(length) - 3]} ({length})"
    return moderation_log.log_action(Action.BAN, by, reason, reader=reader)


@transaction.atomic
def unban(*, reader: User, by: User, reason: str) -> ModerationAction:
    """Lift a reader's ban.

    Raises:
        Refused: There is no reason, `by` may not moderate, or the reader isn't banned.
    """
    reason = moderation_log.require_moderator(by, reason)
    reader = User.objects.select_for_update(no_key=True).get(pk=reader.pk)
    if not reader.is_banned:
        raise Refused(_("This reader isn’t banned."))
    banned_addresses.clear(reader, by=by)
    badges.role_changed(reader)
    return moderation_log.log_action(Action.UNBAN, by, reason, reader=reader)


def end_bans() -> int:
    """Lift the bans that have ended, which gives badges back. Return how many.

    A ban has no effect from the moment of its end, whether or not this has run.
    """
    ended = list(User.objects.filter(banned_until__lte=timezone.now()).values_list("pk", flat=True))
    for pk in ended:
        with transaction.atomic():
            reader = User.objects.select_for_update(no_key=True).get(pk=pk)
            if reader.banned_at is not None and not reader.is_banned:
                banned_addresses.clear(reader)
                badges.role_changed(reader)
    return len(ended)
