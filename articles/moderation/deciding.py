"""A decision on a comment's case: what becomes of the comment and of its author, in one transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID, uuid4

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from articles.accounts.models import User
from articles.discussion import comment_counts, moderating, moderation_log, sanctions
from articles.discussion.bulk_moderation import MAX_COMMENTS, BulkResult
from articles.discussion.grounds import Grounds
from articles.discussion.models import Comment, ModerationAction, Report
from articles.errors import Refused
from articles.moderation import claiming
from articles.web.pagination import parse_id

Action = ModerationAction.Action


class Outcome(StrEnum):
    """What becomes of the comment."""

    KEEP = "keep"
    """It is approved, or its reports are dismissed."""
    HIDE = "hide"
    RESTORE = "restore"


class Seen(NamedTuple):
    """What the moderator was shown of a comment: a decision on anything else is refused."""

    version: int = 0
    """How many earlier versions the text had."""
    action: int = 0
    """The latest action on the comment; 0 if there was none."""

    def __str__(self) -> str:
        return f"{self.version}-{self.action}"

    @classmethod
    def parse(cls, sent: str) -> "Seen":
        """Return what a form says; the comment as it was posted for a form that no page of ours made."""
        version, _dash, action = sent.partition("-")
        return cls(parse_id(version) or 0, parse_id(action) or 0)


@dataclass(frozen=True, slots=True)
class Sanction:
    """What becomes of its author: a warning, or a suspension or ban of some days, or of no end."""

    kind: ModerationAction.Action
    days: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What a moderator decides about a comment and its author, as the form of the case says it."""

    outcome: Outcome
    seen: Seen
    """What the moderator was shown. Of two who decide at once, the second is refused by it."""
    reason: str = ""
    """Without one, the reason is what the outcome and the rule say."""
    grounds: Grounds = field(default_factory=Grounds)
    sanction: Sanction | None = None


def possible_outcomes(comment: Comment) -> list[Outcome]:
    """Return what a moderator can decide about a comment now."""
    reported = comment.reports.filter(state=Report.State.OPEN).exists()
    match Comment.State(comment.state):
        case Comment.State.HELD:
            return [Outcome.KEEP, Outcome.HIDE]
        case Comment.State.VISIBLE:
            return [Outcome.KEEP, Outcome.HIDE] if reported else [Outcome.HIDE]
        case Comment.State.HIDDEN:
            return [Outcome.RESTORE]
        case Comment.State.WITHDRAWN:
            return [Outcome.KEEP] if reported else []


@transaction.atomic
def decide(decision: Decision, *, comment: Comment, by: User, batch: UUID | None = None) -> list[ModerationAction]:
    """Decide on a case. The actions have one batch, so that they can be undone together.

    Raises:
        Refused: The comment was edited or decided on since, another moderator has taken the case over, the comment is
            the moderator's own, or a reason or ground is missing.
    """
    moderation_log.require_moderator(by, decision.reason or _("Decided"))
    # Reader, article, comment: the order in which all actions lock them.
    list(User.objects.select_for_update(no_key=True).filter(pk=comment.author_id or 0))
    comment = comment_counts.lock_comment(comment.pk)
    claiming.require_not_taken(comment, by=by)
    moderating.require_may_decide(comment, by=by)
    moderating.require_seen(comment, decision.seen.version)
    _require_no_newer_action(comment, decision.seen.action)
    batch = batch or uuid4()
    decision = _completed(decision, comment)
    actions = [_act_on_comment(decision, comment, by=by, batch=batch)]
    if decision.sanction is not None:
        actions.append(_act_on_author(decision, decision.sanction, comment, by=by, batch=batch))
    claiming.end(comment)
    return actions


def _completed(decision: Decision, comment: Comment) -> Decision:
    """Return the decision with its reason, which may follow from the rule, and with what led to it."""
    grounds = Grounds()
    if decision.outcome == Outcome.HIDE or decision.sanction is not None:
        grounds = decision.grounds.cleaned()
        # Once it is hidden, nothing shows any longer what led to it.
        grounds = replace(grounds, **moderating.what_led_to(comment, grounds))
    return replace(decision, grounds=grounds, reason=decision.reason or _standard_reason(decision.outcome, grounds))


def planned_actions(decision: Decision, *, comment: Comment, by: User) -> list[ModerationAction]:
    """Return the actions against the author that `decide` would log, unsaved. Does nothing.

    Raises:
        Refused: A reason or ground is missing.
    """
    moderation_log.require_moderator(by, decision.reason or _("Decided"))
    decision = _completed(decision, comment)
    now, sanction = timezone.now(), decision.sanction
    fields = {name: getattr(decision.grounds, name) for name in Grounds.__slots__}
    fields |= {"by": by, "reason": moderation_log.clean_reason(decision.reason), "created_at": now}
    fields |= {"comment": comment, "text_version": decision.seen.version}
    planned = [ModerationAction(action=Action.HIDE, **fields)] if decision.outcome == Outcome.HIDE else []
    if sanction is not None and comment.author is not None:
        ends_at = now + timedelta(days=sanction.days) if sanction.days else None
        if sanction.kind != Action.WARN:
            fields |= {"comment": None, "text_version": None, "reader": comment.author, "ends_at": ends_at}
        planned.append(ModerationAction(action=sanction.kind, **fields))
    return planned


def _require_no_newer_action(comment: Comment, seen: int) -> None:
    newer = comment.moderation_actions.filter(pk__gt=seen).select_related("by").order_by("-pk").first()
    if newer is not None:
        raise Refused(
            _("%(name)s has just acted on this comment (%(action)s). Read the case again before you decide.")
            % {"name": newer.by.username if newer.by else _("deleted user"), "action": newer.get_action_display()},
            field="seen",
        )


def decide_each(
    *, seen: Mapping[int, Seen], by: User, outcome: Outcome, reason: str = "", grounds: Grounds | None = None
) -> BulkResult:
    """Decide on several comments alike, as on a case each; what others have changed since is skipped.

    In one transaction per comment, so that nobody waits for more than one comment's update.

    Args:
        seen: What the moderator was shown, by comment.

    Raises:
        Refused: No comment is selected or a ground is missing, or nothing could be done; with the reason for the first.
    """
    if not seen:
        raise Refused(_("Select at least one comment."))
    if outcome == Outcome.HIDE:
        (grounds or Grounds()).cleaned()
    refusal: Refused | None = None
    batch, done, skipped = uuid4(), 0, 0
    for comment in Comment.objects.filter(pk__in=seen).order_by("pk")[:MAX_COMMENTS]:
        shown = seen[comment.pk]
        # Of many, nobody is asked for the facts of each.
        of_comment = replace(grounds, facts=moderating.facts_of(comment)) if grounds else Grounds()
        decision = Decision(outcome=outcome, seen=shown, reason=reason, grounds=of_comment)
        try:
            decide(decision, comment=comment, by=by, batch=batch)
            done += 1
        except Refused as refused:
            refusal = refusal or refused
            skipped += 1
    if refusal is not None and not done:
        raise refusal
    return BulkResult(batch, done, skipped)


def _standard_reason(outcome: Outcome, grounds: Grounds) -> str:
    if grounds.clause is not None:
        return _("It breaks rule %(rule)s") % {"rule": grounds.clause}
    if grounds.law:
        raise Refused(_("Give a reason. It’s recorded in the moderation log."), field="reason")
    return _("It was hidden by mistake") if outcome == Outcome.RESTORE else _("It keeps to the rules")


def _act_on_comment(decision: Decision, comment: Comment, *, by: User, batch: UUID) -> ModerationAction:
    reason = decision.reason
    match decision.outcome:
        case Outcome.HIDE:
            return moderating.hide(comment=comment, by=by, reason=reason, grounds=decision.grounds, batch=batch)
        case Outcome.RESTORE:
            return moderating.restore(comment=comment, by=by, reason=reason, batch=batch)
        case Outcome.KEEP:
            approve = comment.state == Comment.State.HELD
            keep = moderating.approve if approve else moderating.dismiss_reports
            return keep(comment=comment, by=by, reason=reason, batch=batch)


def _act_on_author(
    decision: Decision, sanction: Sanction, comment: Comment, *, by: User, batch: UUID
) -> ModerationAction:
    if comment.author is None:
        raise Refused(_("The account of this comment’s author was deleted."), field="sanction")
    reason, grounds = decision.reason, decision.grounds
    if sanction.kind == Action.WARN:
        return sanctions.warn(comment=comment, by=by, reason=reason, grounds=grounds, batch=batch)
    if sanction.kind == Action.SUSPEND:
        days = sanction.days or 1
        return sanctions.suspend(reader=comment.author, by=by, reason=reason, grounds=grounds, days=days, batch=batch)
    return sanctions.ban(reader=comment.author, by=by, reason=reason, grounds=grounds, days=sanction.days, batch=batch)


def sentence_of(actions: Sequence[ModerationAction]) -> str:
    """Return what these actions of one decision or bulk operation did."""
    number = {kind: sum(action.action == kind for action in actions) for kind in Action}
    sentences = {
        Action.APPROVE: ngettext("Comment approved.", "%(n)d comments approved.", number[Action.APPROVE]),
        Action.DISMISS: ngettext("Comment kept.", "%(n)d comments kept.", number[Action.DISMISS]),
        Action.HIDE: ngettext("Comment hidden.", "%(n)d comments hidden.", number[Action.HIDE]),
        Action.RESTORE: ngettext("Comment restored.", "%(n)d comments restored.", number[Action.RESTORE]),
        Action.REJECT_NOTICE: _("Notice rejected. Its sender will be notified."),
        Action.UPHOLD_NOTICE: _("Notice upheld. Its sender will be notified."),
        Action.UPHOLD_APPEAL: _("Appeal upheld. The person who appealed will be notified."),
        Action.REJECT_APPEAL: _("Appeal rejected. The person who appealed will be notified."),
        Action.WARN: _("Author warned."),
        Action.SUSPEND: _("Author suspended."),
        Action.BAN: _("Author banned."),
    }
    return " ".join(text % {"n": number[kind]} for kind, text in sentences.items() if number[kind])
