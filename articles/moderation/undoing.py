"""Undo one's own decision shortly after it: everything is as it was before, and the log has both."""

from datetime import timedelta
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import F, Max, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.accounts.models import User
from articles.discussion import comment_counts, comment_state, moderation_log, sanctions
from articles.discussion.bulk_moderation import BulkResult
from articles.discussion.models import Comment, ModerationAction, Report
from articles.errors import Refused
from articles.moderation import appeals, notices

UNDO_PERIOD = timedelta(minutes=10)  # A slip is noticed at once. Later, people know of the decision: it needs a reason.

Action = ModerationAction.Action
OF_COMMENTS = (Action.APPROVE, Action.DISMISS, Action.HIDE, Action.WARN)
OF_READERS = (Action.SUSPEND, Action.BAN)
OF_NOTICES = (Action.UPHOLD_NOTICE, Action.REJECT_NOTICE)
OF_APPEALS = (Action.UPHOLD_APPEAL, Action.REJECT_APPEAL)


def undoable(batch: UUID, *, by: User) -> "QuerySet[ModerationAction]":
    """Return the actions of a batch that this moderator may still undo, the last one first."""
    own = ModerationAction.objects.filter(batch=batch, by=by, overturned_at=None)
    recent = own.filter(created_at__gt=timezone.now() - UNDO_PERIOD)
    # A notice whose appeal was upheld waits in the queue again.
    recent = recent.exclude(action=Action.UPHOLD_APPEAL, decides__action__action=Action.REJECT_NOTICE)
    return recent.filter(action__in=[*OF_COMMENTS, *OF_READERS, *OF_NOTICES, *OF_APPEALS]).order_by("-pk")


def undo_batch(*, batch: UUID, by: User) -> BulkResult:
    """Undo all that one decision or bulk operation did.

    In one transaction per action, as bulk operations work. What others have changed since is skipped.

    Raises:
        Refused: Nothing could be undone; with the reason for the first one.
    """
    moderation_log.require_moderator(by, _("Undone"))
    refusal = Refused(_("There is nothing left to undo."))
    undone, done, skipped = uuid4(), 0, 0
    for number, action in enumerate(undoable(batch, by=by)):
        try:
            undo(action=action, by=by, batch=undone)
            done += 1
        except Refused as refused:
            refusal = refused if number == 0 else refusal
            skipped += 1
    if not done:
        raise refusal
    return BulkResult(undone, done, skipped)


@transaction.atomic
def undo(*, action: ModerationAction, by: User, batch: UUID | None = None) -> ModerationAction:
    """Undo one action.

    Raises:
        Refused: It is someone else's, of another kind, undone already or too old, or something was built on it since.
    """
    reason = moderation_log.require_moderator(by, _("Undone"))
    # Reader, article, comment: the order in which all actions lock them.
    list(User.objects.select_for_update(no_key=True).filter(pk=action.concerns_id or 0))
    comment = comment_counts.lock_comment(action.comment_id) if action.comment_id else None
    action = ModerationAction.objects.select_for_update(of=("self",)).select_related("reader").get(pk=action.pk)
    if action.by_id != by.pk:
        raise Refused(_("You can only undo your own decisions."))
    if action.overturned_at is not None:
        raise Refused(_("This decision has already been undone."))
    if timezone.now() >= action.created_at + UNDO_PERIOD:
        raise Refused(_("This decision is too old to undo. Act on the comment instead."))
    kind = Action(action.action)
    if kind in OF_COMMENTS and comment is not None:
        _undo_on_comment(kind, comment)
    elif kind in OF_READERS and action.reader is not None:
        return _lift(action, by=by, reason=reason)
    elif kind in OF_APPEALS:
        appeals.reopen_appeal(action, comment=comment)
    elif kind not in OF_NOTICES:
        raise Refused(_("This decision can’t be undone."))
    notices.reopen(action)
    ModerationAction.objects.filter(pk=action.pk).update(overturned_at=timezone.now())
    return moderation_log.log_action(
        Action.UNDO, by, reason, comment=comment, article=action.article, reader=action.reader, batch=batch
    )


def _undo_on_comment(kind: ModerationAction.Action, comment: Comment) -> None:
    """Give a locked comment the state and the open reports that it had."""
    changed = Refused(_("The comment has changed since. Decide on it again."))
    match kind:
        case Action.HIDE:
            if comment.state != Comment.State.HIDDEN:
                raise changed
            # A restored comment's reports were wrong. These wait for a decision again.
            comment.reports.filter(state=Report.State.UPHELD).update(state=Report.State.OPEN, decided_at=None)
            comment_state.set_state(comment, Comment.State.HELD if comment.never_shown else Comment.State.VISIBLE)
        case Action.APPROVE:
            if comment.state != Comment.State.VISIBLE or comment.reports.filter(state=Report.State.OPEN).exists():
                raise changed
            if comment.replies.exists():
                raise Refused(_("The comment has replies. Hide it instead."))
            if comment.held_by == "sign_up":  # The approval counted as one of the author's first comments.
                User.objects.filter(pk=comment.author_id or 0).update(held_comments=F("held_comments") + 1)
            comment_state.set_state(comment, Comment.State.HELD)
        case Action.DISMISS:
            reports = comment.reports.filter(state=Report.State.DISMISSED)
            if comment.reports.filter(state=Report.State.OPEN).exists():  # A reader counts once, so both can't be open.
                raise Refused(_("The comment was reported again. Decide on it again."))
            latest = reports.aggregate(at=Max("decided_at"))["at"]
            reports.filter(decided_at=latest).update(state=Report.State.OPEN, decided_at=None)
            comment_counts.recount_comment(comment.pk)


def _lift(action: ModerationAction, *, by: User, reason: str) -> ModerationAction:
    """End a sanction, unless another one has replaced it."""
    assert action.reader is not None
    reader = action.reader
    end = reader.suspended_until if action.action == Action.SUSPEND else reader.banned_until
    if end != action.ends_at:
        raise Refused(_("Another sanction has replaced this one."))
    lift = sanctions.unsuspend if action.action == Action.SUSPEND else sanctions.unban
    return lift(reader=reader, by=by, reason=reason)
