"""Moderators' actions. Each is logged with its moderator and reason, in the same transaction."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from articles.accounts import bans
from articles.accounts.models import User
from articles.discussion import badges, closing, comment_counts, posting, rules
from articles.discussion.models import Comment, ModerationAction, Report
from articles.errors import Refused
from articles.publishing.models import Article
from articles.text.sanitizing import clean_line

Action = ModerationAction.Action


@transaction.atomic
def hide(*, comment: Comment, by: User, reason: str, batch: UUID | None = None) -> ModerationAction:
    """Hide a comment and uphold its open reports, maybe as part of a bulk operation (`batch`). Replies stay in place.

    Raises:
        Refused: There is no reason, `by` may not moderate, or the comment is hidden or withdrawn already.
    """
    reason = require_moderator(by, reason)
    comment = comment_counts.lock_comment(comment.pk)
    if comment.state not in (Comment.State.VISIBLE, Comment.State.HELD):
        raise Refused(_already_decided(comment))
    comment.reports.filter(state=Report.State.OPEN).update(state=Report.State.UPHELD, decided_at=timezone.now())
    posting.set_state(comment, Comment.State.HIDDEN)
    return log_action(Action.HIDE, by, reason, comment=comment, batch=batch)


@transaction.atomic
def restore(*, comment: Comment, by: User, reason: str, batch: UUID | None = None) -> ModerationAction:
    """Restore a hidden comment and dismiss the reports that were upheld.

    Raises:
        Refused: There is no reason, `by` may not moderate, or the comment isn't hidden.
    """
    reason = require_moderator(by, reason)
    comment = comment_counts.lock_comment(comment.pk)
    if comment.state != Comment.State.HIDDEN:
        raise Refused(_already_decided(comment))
    comment.reports.filter(state=Report.State.UPHELD).update(state=Report.State.DISMISSED)
    _recount_reports(comment)
    posting.set_state(comment, Comment.State.VISIBLE)
    return log_action(Action.RESTORE, by, reason, comment=comment, batch=batch)


@transaction.atomic
def approve(*, comment: Comment, by: User, reason: str, seen: int | None = None) -> ModerationAction:
    """Publish a held comment.

    Args:
        seen: The version of the text that the moderator was shown, see `require_seen`.

    Raises:
        Refused: There is no reason, `by` may not moderate, or the comment isn't held or was edited since.
    """
    reason = require_moderator(by, reason)
    # Reader, article, comment: the order in which posting locks them.
    list(User.objects.select_for_update(no_key=True).filter(comments=comment))
    comment = comment_counts.lock_comment(comment.pk)
    if comment.state != Comment.State.HELD:
        raise Refused(_already_decided(comment))
    require_seen(comment, seen)
    if comment.author_id is not None:
        counted = User.objects.filter(pk=comment.author_id, held_comments__gt=0)
        counted.update(held_comments=F("held_comments") - 1)
    posting.set_state(comment, Comment.State.VISIBLE)
    return log_action(Action.APPROVE, by, reason, comment=comment)


@transaction.atomic
def dismiss_reports(*, comment: Comment, by: User, reason: str, seen: int | None = None) -> ModerationAction:
    """Dismiss a comment's open reports and keep the comment.

    Args:
        seen: The version of the text that the moderator was shown, see `require_seen`.

    Raises:
        Refused: There is no reason, `by` may not moderate, no report is open, or the comment was edited since.
    """
    reason = require_moderator(by, reason)
    comment = comment_counts.lock_comment(comment.pk)
    require_seen(comment, seen)
    open_reports = comment.reports.filter(state=Report.State.OPEN)
    if not open_reports.update(state=Report.State.DISMISSED, decided_at=timezone.now()):
        raise Refused(_("Another moderator has just reviewed these reports."))
    _recount_reports(comment)
    comment.score = comment_counts.score(comment)
    comment.save(update_fields=["score"])
    comment_counts.touch_discussion(comment.article_id)
    return log_action(Action.DISMISS, by, reason, comment=comment)


@transaction.atomic
def close_discussion(*, article: Article, by: User, reason: str) -> ModerationAction:
    """Close a discussion to new comments. Readers see the reason.

    Raises:
        Refused: There is no reason, `by` may not moderate, or the discussion is closed already.
    """
    reason = require_moderator(by, reason)
    article = Article.objects.select_for_update(of=("self",), no_key=True).get(pk=article.pk)
    if not closing.is_open(article):
        raise Refused(_("This discussion is already closed."))
    article.comments_closed_at, article.comments_closed_reason = timezone.now(), reason[:200]
    article.comments_kept_open = False
    _save_closing(article)
    return log_action(Action.CLOSE, by, reason, article=article)


@transaction.atomic
def reopen_discussion(*, article: Article, by: User, reason: str) -> ModerationAction:
    """Reopen a closed discussion, or keep an open one from closing automatically.

    A discussion that a moderator closed early still closes on its day; any other stays open until it is closed by hand.

    Raises:
        Refused: There is no reason, `by` may not moderate, or the discussion is open with no closing date.
    """
    reason = require_moderator(by, reason)
    article = Article.objects.select_for_update(of=("self",), no_key=True).get(pk=article.pk)
    was_open = closing.is_open(article)
    if was_open and closing.closes_at(article) is None:
        raise Refused(_("This discussion is already open."))
    article.comments_closed_at, article.comments_closed_reason = None, ""
    article.comments_kept_open = was_open or not closing.is_open(article)
    _save_closing(article)
    return log_action(Action.KEEP_OPEN if was_open else Action.REOPEN, by, reason, article=article)


def _save_closing(article: Article) -> None:
    article.save(update_fields=["comments_closed_at", "comments_closed_reason", "comments_kept_open"])
    comment_counts.touch_discussion(article.pk)


@transaction.atomic
def ban(*, reader: User, by: User, reason: str, days: int | None = None) -> ModerationAction:
    """Ban a reader from the discussion and the desk. Their comments stay; they can read, export their data and leave.

    Args:
        days: How long; None for a ban without an end.

    Raises:
        Refused: There is no reason, `by` may not moderate, or the reader is banned already, a moderator or an owner.
    """
    reason = require_moderator(by, reason)
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
    reader.save(update_fields=bans.ban_fields())
    bans.remember(reader)
    bans.log_ban(reader, "Banned", by=by)
    badges.role_changed(reader)
    if days:
        length = ngettext("for %(days)d day", "for %(days)d days", days) % {"days": days}
        reason = f"{reason[: rules.MAX_REASON_LENGTH - len(length) - 3]} ({length})"
    return log_action(Action.BAN, by, reason, reader=reader)


@transaction.atomic
def unban(*, reader: User, by: User, reason: str) -> ModerationAction:
    """Lift a reader's ban.

    Raises:
        Refused: There is no reason, `by` may not moderate, or the reader isn't banned.
    """
    reason = require_moderator(by, reason)
    reader = User.objects.select_for_update(no_key=True).get(pk=reader.pk)
    if not reader.is_banned:
        raise Refused(_("This reader isn’t banned."))
    bans.clear(reader, by=by)
    badges.role_changed(reader)
    return log_action(Action.UNBAN, by, reason, reader=reader)


def end_bans() -> int:
    """Lift the bans that have ended, which gives badges back. Return how many.

    A ban has no effect from the moment of its end, whether or not this has run.
    """
    ended = list(User.objects.filter(banned_until__lte=timezone.now()).values_list("pk", flat=True))
    for pk in ended:
        with transaction.atomic():
            reader = User.objects.select_for_update(no_key=True).get(pk=pk)
            if reader.banned_at is not None and not reader.is_banned:
                bans.clear(reader)
                badges.role_changed(reader)
    return len(ended)


def require_moderator(by: User, reason: str) -> str:
    """Return the cleaned reason, or raise `Refused` if `by` may not moderate or there is no reason."""
    if not rules.may_moderate(by):
        raise Refused(_("Only moderators can do this."))
    return clean_reason(reason)


def require_seen(comment: Comment, seen: int | None) -> None:
    """Raise `Refused` unless the comment still has the text that was shown. The caller holds its lock.

    Args:
        seen: How many earlier versions the comment had then; None if nobody was shown a text.
    """
    if seen is not None and seen != comment.versions.count():
        raise Refused(_("The comment was edited after you opened this page. Read the new text first."), field="seen")


def clean_reason(reason: str) -> str:
    """Return the reason as the log stores it.

    Raises:
        Refused: The reason is empty or too long.
    """
    reason = clean_line(reason)
    if not reason:
        raise Refused(_("Give a reason. It’s recorded in the moderation log."), field="reason")
    if len(reason) > rules.MAX_REASON_LENGTH:
        message = _("Shorten this to %(most)d characters or fewer.") % {"most": rules.MAX_REASON_LENGTH}
        raise Refused(message, field="reason")
    return reason


def _already_decided(comment: Comment) -> str:
    """Return the message for an action that no longer applies to the comment's state."""
    return {
        Comment.State.VISIBLE: _("This comment is already visible. Another moderator may have just restored it."),
        Comment.State.HELD: _("This comment is still awaiting moderation. Approve it or hide it."),
        Comment.State.HIDDEN: _("This comment is already hidden. Another moderator may have just hidden it."),
        Comment.State.WITHDRAWN: _("The author withdrew this comment."),
    }[Comment.State(comment.state)]


def _recount_reports(comment: Comment) -> None:
    comment.report_count = comment_counts.counted_reports(comment)
    comment.save(update_fields=["report_count"])


def log_action(action: ModerationAction.Action, by: User, reason: str, **target: Any) -> ModerationAction:
    """Log an action, in its transaction."""
    return ModerationAction.objects.create(action=action, by=by, reason=reason, **target)
