"""Moderators' actions. Each is logged with its moderator and reason, in the same transaction."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from articles.accounts.models import User
from articles.discussion import comment_counts, comment_state, hold_rules, moderation_log, rules, watched_words
from articles.discussion.grounds import Grounds, Source
from articles.discussion.models import Comment, ModerationAction, Report
from articles.errors import Refused

Action = ModerationAction.Action


@transaction.atomic
def hide(*, comment: Comment, by: User, reason: str, grounds: Grounds, batch: UUID | None = None) -> ModerationAction:
    """Hide a comment and uphold its open reports, maybe as part of a bulk operation (`batch`). Replies stay in place.

    Raises:
        Refused: There is no reason or ground, `by` may not moderate, or the comment is hidden or withdrawn already.
    """
    reason, grounds = moderation_log.require_moderator(by, reason), grounds.cleaned()
    comment = comment_counts.lock_comment(comment.pk)
    if comment.state not in (Comment.State.VISIBLE, Comment.State.HELD):
        raise Refused(_already_decided(comment))
    grounds = replace(grounds, **what_led_to(comment, grounds))
    comment.reports.filter(state=Report.State.OPEN).update(state=Report.State.UPHELD, decided_at=timezone.now())
    comment_state.set_state(comment, Comment.State.HIDDEN, hidden_under=grounds.clause)
    version = comment.versions.count()
    return moderation_log.log_action(
        Action.HIDE, by, reason, grounds=grounds, comment=comment, batch=batch, text_version=version
    )


@transaction.atomic
def restore(*, comment: Comment, by: User, reason: str, batch: UUID | None = None) -> ModerationAction:
    """Restore a hidden comment and dismiss the reports that were upheld.

    Raises:
        Refused: There is no reason, `by` may not moderate or wrote the comment, or it isn't hidden.
    """
    reason = moderation_log.require_moderator(by, reason)
    comment = comment_counts.lock_comment(comment.pk)
    if comment.state != Comment.State.HIDDEN:
        raise Refused(_already_decided(comment))
    require_may_decide(comment, by=by)
    comment.reports.filter(state=Report.State.UPHELD).update(state=Report.State.DISMISSED)
    _recount_reports(comment)
    comment_state.set_state(comment, Comment.State.VISIBLE)
    moderation_log.overturn(Action.HIDE, comment=comment)
    return moderation_log.log_action(Action.RESTORE, by, reason, comment=comment, batch=batch)


def hide_again(comment: Comment, decision: ModerationAction) -> None:
    """Hide a comment that was restored by a slip, with the reports that the decision had upheld. Logs nothing.

    Args:
        comment: The caller holds its lock.
        decision: By which it was hidden.

    Raises:
        Refused: The comment has changed since.
    """
    if comment.state != Comment.State.VISIBLE or comment.reports.filter(state=Report.State.OPEN).exists():
        raise Refused(_("The comment has changed since. Decide on it again."))
    earlier = comment.moderation_actions.filter(pk__lt=decision.pk).values_list("created_at", flat=True).first()
    upheld = comment.reports.filter(state=Report.State.DISMISSED, decided_at__lte=decision.created_at)
    if earlier is not None:
        upheld = upheld.filter(decided_at__gt=earlier)
    upheld.update(state=Report.State.UPHELD)
    _recount_reports(comment)
    comment_state.set_state(comment, Comment.State.HIDDEN, hidden_under=decision.clause)


@transaction.atomic
def approve(
    *, comment: Comment, by: User, reason: str, seen: int | None = None, batch: UUID | None = None
) -> ModerationAction:
    """Publish a held comment.

    Args:
        seen: The version of the text that the moderator was shown, see `require_seen`.

    Raises:
        Refused: There is no reason, `by` may not moderate or wrote the comment, or it isn't held or was edited since.
    """
    reason = moderation_log.require_moderator(by, reason)
    # Reader, article, comment: the order in which posting locks them.
    list(User.objects.select_for_update(no_key=True).filter(pk=comment.author_id or 0))
    comment = comment_counts.lock_comment(comment.pk)
    if comment.state != Comment.State.HELD:
        raise Refused(_already_decided(comment))
    require_may_decide(comment, by=by)
    require_seen(comment, seen)
    if comment.author_id is not None:
        held = User.objects.filter(pk=comment.author_id, held_comments__gt=0)
        held.update(held_comments=F("held_comments") - 1)  # Only their first ones are held.
    comment_state.set_state(comment, Comment.State.VISIBLE)
    logged = moderation_log.log_action(Action.APPROVE, by, reason, comment=comment, batch=batch)
    hold_rules.stop_if_wrong(comment.held_by)
    return logged


@transaction.atomic
def dismiss_reports(
    *, comment: Comment, by: User, reason: str, seen: int | None = None, batch: UUID | None = None
) -> ModerationAction:
    """Dismiss a comment's open reports and keep the comment.

    Args:
        seen: The version of the text that the moderator was shown, see `require_seen`.

    Raises:
        Refused: There is no reason, `by` may not moderate or wrote the comment, no report is open, or it was edited
            since.
    """
    reason = moderation_log.require_moderator(by, reason)
    comment = comment_counts.lock_comment(comment.pk)
    require_may_decide(comment, by=by)
    require_seen(comment, seen)
    open_reports = comment.reports.filter(state=Report.State.OPEN)
    if not open_reports.update(state=Report.State.DISMISSED, decided_at=timezone.now()):
        raise Refused(_("Another moderator has just reviewed these reports."))
    _recount_reports(comment)
    comment.score = comment_counts.score(comment)
    comment.save(update_fields=["score"])
    return moderation_log.log_action(Action.DISMISS, by, reason, comment=comment, batch=batch)


def what_led_to(comment: Comment, grounds: Grounds) -> dict[str, Any]:
    """Return the grounds' source, which the comment shows: it was reported, or held by a rule."""
    if grounds.source != Source.OWN:
        return {}
    if comment.state == Comment.State.HELD:
        return {"source": Source.RULE, "found_by_program": True}
    reported = comment.reports.filter(state=Report.State.OPEN)
    if reported.filter(reader__isnull=False).exists():
        return {"source": Source.REPORT}
    return {"source": Source.RULE, "found_by_program": True} if reported.exists() else {}


def facts_of(comment: Comment, reports: Sequence[Report] | None = None) -> str:
    """Return what is known of a case: which rules found the comment, by which word, who reported it for what, and when.

    Its author reads this. So the notes of reports, which may tell who wrote them, are left to the moderator to quote.

    Args:
        reports: Its open reports in their order, if the caller has loaded them.
    """
    if reports is None:
        reports = list(comment.reports.filter(state=Report.State.OPEN).order_by("pk"))
    facts = [*_found_by_rules(comment, reports), *_reported_by_readers(reports)]
    if not facts:
        return ""
    posted = _("Posted on %(time)s.") % {"time": _date(comment.posted_at, "DATETIME_FORMAT")}
    return " ".join([posted, *facts])


def _found_by_rules(comment: Comment, reports: Sequence[Report]) -> Iterator[str]:
    """Yield which rule holds it, with the word that it found, and which rules have flagged it."""
    held_by = hold_rules.BY_NAME.get(comment.held_by) if comment.state == Comment.State.HELD else None
    rules = [str(held_by.title)] if held_by else []
    for title in dict.fromkeys([*rules, *(report.note for report in reports if report.reader_id is None)]):
        if title:
            yield _("Found by a rule: %(rule)s.") % {"rule": title}
    if held_by and held_by.name == "words" and (found := watched_words.find_word(comment.body)):
        yield _("It has the word “%(word)s”.") % {"word": found.word}


def _reported_by_readers(reports: Sequence[Report]) -> Iterator[str]:
    counted = [report for report in reports if report.counts]
    if counted:
        line = ngettext(
            "Reported by %(number)d reader on %(day)s: %(reasons)s.",
            "Reported by %(number)d readers, first on %(day)s: %(reasons)s.",
            len(counted),
        )
        reasons = dict.fromkeys(str(report.get_reason_display()) for report in counted)
        day = _date(counted[0].created_at, "DATE_FORMAT")
        yield line % {"number": len(counted), "day": day, "reasons": ", ".join(reasons)}


def _date(moment: datetime, form: str) -> str:
    return date_format(timezone.localtime(moment), form)


def require_may_decide(comment: Comment, *, by: User) -> None:
    """Raise `Refused` for a moderator's own comment while there is another moderator."""
    if not rules.may_decide_about(by, comment):
        raise Refused(_("Another moderator has to decide about your own comment."))


def require_seen(comment: Comment, seen: int | None) -> None:
    """Raise `Refused` unless the comment still has the text that was shown. The caller holds its lock.

    Args:
        seen: How many earlier versions the comment had then; None if nobody was shown a text.
    """
    if seen is not None and seen != comment.versions.count():
        raise Refused(_("The comment was edited after you opened this page. Read the new text first."), field="seen")


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
