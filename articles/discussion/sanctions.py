"""Warn readers, suspend them from commenting or ban them, and lift that again.

What outlives a banned account is in `accounts.banned_addresses`.
"""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.accounts import banned_addresses
from articles.accounts.models import User
from articles.discussion import badges, comment_counts, moderating, moderation_log, rules
from articles.discussion.grounds import Grounds
from articles.discussion.models import Comment, ModerationAction
from articles.errors import Refused

Action = ModerationAction.Action
SUSPENSION = ["suspended_until", "suspended_reason"]


@transaction.atomic
def ban(
    *, reader: User, by: User, reason: str, grounds: Grounds, days: int | None = None, batch: UUID | None = None
) -> ModerationAction:
    """Ban a reader from the discussion and the desk. Their comments stay; they can read, export their data and leave.

    Args:
        days: How long; None for a ban without an end.

    Raises:
        Refused: There is no reason or ground, `by` may not moderate, or the reader is banned already, a moderator or
            an owner.
    """
    reason, grounds = moderation_log.require_moderator(by, reason), grounds.cleaned()
    reader = _lock_sanctioned(reader, by=by)
    if reader.is_banned:
        raise Refused(_("This reader is already banned."))
    now = timezone.now()
    reader.banned_at, reader.banned_reason = now, reason
    reader.banned_until = now + timedelta(days=days) if days else None
    reader.save(update_fields=banned_addresses.ban_fields())
    banned_addresses.remember(reader)
    banned_addresses.log_ban(reader, "Banned", by=by)
    badges.role_changed(reader)
    return moderation_log.log_action(
        Action.BAN, by, reason, grounds=grounds, reader=reader, ends_at=reader.banned_until, batch=batch
    )


@transaction.atomic
def suspend(
    *, reader: User, by: User, reason: str, grounds: Grounds, days: int, batch: UUID | None = None
) -> ModerationAction:
    """Suspend a reader from commenting for some days. They keep everything else, such as recommending.

    A suspension replaces one that has not ended.

    Raises:
        Refused: As `ban` does; or the reader is banned.
    """
    reason, grounds = moderation_log.require_moderator(by, reason), grounds.cleaned()
    reader = _lock_sanctioned(reader, by=by)
    if reader.is_banned:
        raise Refused(_("This reader is already banned."))
    reader.suspended_until, reader.suspended_reason = timezone.now() + timedelta(days=days), reason
    reader.save(update_fields=SUSPENSION)
    return moderation_log.log_action(
        Action.SUSPEND, by, reason, grounds=grounds, reader=reader, ends_at=reader.suspended_until, batch=batch
    )


def impose_again(reader: User, decision: ModerationAction) -> None:
    """Put a suspension or ban that was lifted by a slip into force again, until its end. Logs nothing.

    Args:
        reader: The caller holds the row's lock.

    Raises:
        Refused: The reader has another sanction by now.
    """
    reader = User.objects.get(pk=reader.pk)
    if reader.is_banned or (reader.is_suspended and decision.action == Action.SUSPEND):
        raise Refused(_("Another sanction has replaced this one."))
    if decision.action == Action.SUSPEND:
        reader.suspended_until, reader.suspended_reason = decision.ends_at, decision.reason
        reader.save(update_fields=SUSPENSION)
        return
    reader.banned_at, reader.banned_reason, reader.banned_until = timezone.now(), decision.reason, decision.ends_at
    reader.save(update_fields=banned_addresses.ban_fields())
    banned_addresses.remember(reader)
    banned_addresses.log_ban(reader, "Banned again")
    badges.role_changed(reader)


@transaction.atomic
def unsuspend(*, reader: User, by: User, reason: str, batch: UUID | None = None) -> ModerationAction:
    """Lift a suspension.

    Raises:
        Refused: There is no reason, `by` may not moderate, or the reader isn't suspended.
    """
    reason = moderation_log.require_moderator(by, reason)
    reader = User.objects.select_for_update(no_key=True).get(pk=reader.pk)
    if not reader.is_suspended:
        raise Refused(_("This reader isn’t suspended."))
    reader.suspended_until, reader.suspended_reason = None, ""
    reader.save(update_fields=SUSPENSION)
    moderation_log.overturn(Action.SUSPEND, reader=reader)
    return moderation_log.log_action(Action.UNSUSPEND, by, reason, reader=reader, batch=batch)


@transaction.atomic
def warn(*, comment: Comment, by: User, reason: str, grounds: Grounds, batch: UUID | None = None) -> ModerationAction:
    """Warn the author of a comment, which stays. They get an email and a notification.

    Raises:
        Refused: There is no reason or ground, `by` may not moderate, or the author is a moderator, an owner or gone.
    """
    reason, grounds = moderation_log.require_moderator(by, reason), grounds.cleaned()
    if comment.author is None:
        raise Refused(_("The account of this comment’s author was deleted."))
    _lock_sanctioned(comment.author, by=by)
    comment = comment_counts.lock_comment(comment.pk)
    grounds = replace(grounds, **moderating.what_led_to(comment, grounds))
    version = comment.versions.count()
    return moderation_log.log_action(
        Action.WARN, by, reason, grounds=grounds, comment=comment, text_version=version, batch=batch
    )


def _lock_sanctioned(reader: User, *, by: User) -> User:
    """Lock and return the account, or raise `Refused` if nobody may act against it."""
    reader = User.objects.select_for_update(no_key=True).get(pk=reader.pk)
    if reader.pk == by.pk:
        raise Refused(_("You can’t act against yourself."))
    if reader.is_superuser or rules.may_moderate(reader):
        raise Refused(_("You can’t act against moderators or owners. Remove their role first."))
    return reader


@transaction.atomic
def unban(*, reader: User, by: User, reason: str, batch: UUID | None = None) -> ModerationAction:
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
    moderation_log.overturn(Action.BAN, reader=reader)
    return moderation_log.log_action(Action.UNBAN, by, reason, reader=reader, batch=batch)


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
