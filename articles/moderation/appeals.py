"""Appeals against moderators' decisions, decided by another moderator, with reasons either way."""

from uuid import UUID, uuid4

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.accounts.models import User
from articles.discussion import moderating, moderation_log, sanctions
from articles.discussion.models import Comment, ModerationAction
from articles.errors import Refused
from articles.moderation import notices, rules, signals, statements
from articles.moderation.models import Appeal, Notice
from articles.text.sanitizing import clean_text

MAX_APPEAL_LENGTH = 2_000  # Characters, as at Mastodon: room for an argument, and read in two minutes.

Action = ModerationAction.Action
REVERSALS = (Action.RESTORE, Action.UNSUSPEND, Action.UNBAN)


@transaction.atomic
def make_appeal(*, action: ModerationAction, by: User | None, text: str, notice: Notice | None = None) -> Appeal:
    """Appeal against a decision. Idempotent: a decision has one appeal, and a second call returns it.

    Args:
        by: Whom the decision concerns, also while banned; None for a notice that was given without an account.
        notice: The notice that was rejected, for an appeal by who gave it.

    Raises:
        Refused: There is no text or it is too long, the decision concerns someone else, the time for it is over, or
            the decision was withdrawn.
    """
    action = ModerationAction.objects.select_for_update(of=("self",)).get(pk=action.pk)
    if (existing := Appeal.objects.filter(action=action).first()) is not None:
        return existing
    is_notifier = notice is not None and notice.places.filter(action=action).exists()
    concerned = is_notifier if action.action == Action.REJECT_NOTICE else by is not None and by.pk == action.concerns_id
    if not concerned:
        raise Refused(_("Only the person this decision concerns can appeal."))
    if action.overturned_at is not None:
        raise Refused(_("This decision has already been withdrawn."))
    if timezone.now() >= action.created_at + statements.APPEAL_PERIOD:
        raise Refused(_("The time for an appeal is over."))
    text = clean_text(text).strip()
    if not text:
        raise Refused(_("Say why the decision is wrong."), field="text")
    if len(text) > MAX_APPEAL_LENGTH:
        message = _("Shorten this to %(most)d characters or fewer.") % {"most": MAX_APPEAL_LENGTH}
        raise Refused(message, field="text")
    return Appeal.objects.create(action=action, by=by, text=text)


@transaction.atomic
def decide_appeal(
    *, appeal: Appeal, by: User, upheld: bool, reason: str, batch: UUID | None = None
) -> ModerationAction:
    """Uphold an appeal, which undoes the decision, or reject it. Whoever appealed gets the reason either way.

    All that it does has one batch, for `reopen_appeal`.

    Raises:
        Refused: There is no reason, the appeal is decided already, or `by` made the decision and isn't the only
            moderator.
    """
    reason = moderation_log.require_moderator(by, reason)
    appeal = Appeal.objects.select_for_update(of=("self",)).select_related("action__comment").get(pk=appeal.pk)
    if appeal.state != Appeal.State.OPEN:
        raise Refused(_("Another moderator has just decided on this appeal."))
    if not rules.may_decide_appeal(by, appeal):
        raise Refused(_("An appeal is decided by another moderator than the decision."))
    appeal.state = Appeal.State.UPHELD if upheld else Appeal.State.REJECTED
    appeal.decided_at = timezone.now()
    appeal.by_first_moderator = rules.concerns(by, appeal)
    against, batch = appeal.action, batch or uuid4()
    # Before the reversal, which would otherwise close the appeal as moot.
    appeal.decision = moderation_log.log_action(
        Action.UPHOLD_APPEAL if upheld else Action.REJECT_APPEAL,
        by,
        reason,
        comment=against.comment,
        article=against.article,
        reader=against.reader,
        batch=batch,
    )
    appeal.save()
    signals.appeal_decided.send(sender=Appeal, appeal=appeal)
    if upheld:
        _undo(against, by=by, reason=reason, batch=batch)
        ModerationAction.objects.filter(pk=against.pk, overturned_at=None).update(overturned_at=appeal.decided_at)
    return appeal.decision


def _undo(action: ModerationAction, *, by: User, reason: str, batch: UUID) -> None:
    """Undo a decision as far as it still has effect: a suspension may have ended, a comment been withdrawn."""
    reader = action.reader
    match action.action:
        case Action.HIDE if action.comment is not None and action.comment.state == Comment.State.HIDDEN:
            moderating.restore(comment=action.comment, by=by, reason=reason, batch=batch)
        case Action.SUSPEND if reader is not None and reader.is_suspended:
            sanctions.unsuspend(reader=reader, by=by, reason=reason, batch=batch)
        case Action.BAN if reader is not None and reader.is_banned:
            sanctions.unban(reader=reader, by=by, reason=reason, batch=batch)
        case Action.REJECT_NOTICE:
            notices.reopen(action)


def reopen_appeal(decision: ModerationAction, *, comment: Comment | None) -> None:
    """Let moderators decide on an appeal again, and put into force again what upholding it had undone.

    Args:
        decision: On the appeal. The caller has locked the person whom it concerns, and `comment`, which it is about.

    Raises:
        Refused: A comment or an account has changed since, or a notice waits for a decision again.
    """
    appeal = (
        Appeal.objects.select_for_update(of=("self",))
        .select_related("action__reader", "action__clause")
        .get(decision=decision)
    )
    against = appeal.action
    if decision.action == Action.UPHOLD_APPEAL:
        if against.action == Action.REJECT_NOTICE:
            raise Refused(_("The notice is waiting for a decision again. Decide on it there."))
        undone = ModerationAction.objects.filter(batch=decision.batch, action__in=REVERSALS)
        for reversal in undone:
            if Action(reversal.action) == Action.RESTORE:
                assert comment is not None
                moderating.hide_again(comment, against)
            else:
                assert against.reader is not None
                sanctions.impose_again(against.reader, against)
        undone.update(overturned_at=timezone.now())
        ModerationAction.objects.filter(pk=against.pk).update(overturned_at=None)
    appeal.state, appeal.decision, appeal.decided_at = Appeal.State.OPEN, None, None
    appeal.by_first_moderator = False
    appeal.save(update_fields=["state", "decision", "decided_at", "by_first_moderator"])


def close_moot_appeals(action: ModerationAction) -> list[Appeal]:
    """Close open appeals against decisions that this action has undone. Return them."""
    if action.action not in (*REVERSALS, Action.UNDO):
        return []
    target = {"action__comment": action.comment} if action.comment_id else {"action__reader": action.reader}
    moot = list(Appeal.objects.open().filter(action__overturned_at__isnull=False, **target))
    for appeal in moot:
        appeal.state, appeal.decided_at = Appeal.State.MOOT, timezone.now()
        appeal.save(update_fields=["state", "decided_at"])
    return moot
