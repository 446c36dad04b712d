"""Editing one's own comment within the edit window. Its former text stays public as a version."""

from datetime import datetime, timedelta
from math import ceil

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.accounts.models import User, Viewer
from articles.accounts.rules import require_may_comment
from articles.discussion import (
    closing,
    comment_counts,
    comment_html,
    comment_limits,
    comment_state,
    hold_rules,
    mentioning,
    signals,
)
from articles.discussion.models import Comment, CommentVersion
from articles.errors import Refused

EDIT_WINDOW = timedelta(minutes=30)  # After posting. Long enough for second thoughts, too short to rewrite an argument.
# For a form opened within the window, so that an edit begun in time can be finished.
EDIT_GRACE = timedelta(minutes=15)


def may_edit(reader: Viewer, comment: Comment, *, now: datetime | None = None) -> bool:
    return (
        reader.pk is not None
        and reader.pk == comment.author_id
        and comment.state in (Comment.State.VISIBLE, Comment.State.HELD)
        and within_edit_window(comment.posted_at, now=now)
    )


def within_edit_window(posted_at: datetime, *, now: datetime | None = None) -> bool:
    return (now or timezone.now()) - posted_at <= EDIT_WINDOW


def may_save_edit(comment: Comment, *, opened_at: datetime | None, now: datetime) -> bool:
    """Return whether an edit comes in time: within the window, or its grace for a form opened within the window."""
    if within_edit_window(comment.posted_at, now=now):
        return True
    in_time = opened_at is not None and within_edit_window(comment.posted_at, now=opened_at)
    return in_time and now <= edit_deadline(comment.posted_at)


def edit_deadline(posted_at: datetime) -> datetime:
    """Return the last moment to save a form that was opened within the window."""
    return posted_at + EDIT_WINDOW + EDIT_GRACE


@transaction.atomic
def edit_comment(
    *, comment: Comment, by: User, body: str, opened_at: datetime | None = None, at: datetime | None = None
) -> Comment:
    """Edit a comment within the edit window. The earlier version stays public.

    Args:
        body: The new text, Markdown as it was typed.
        opened_at: When the form was opened. A form opened within the window has the grace period to be saved.
        at: When it was edited, for samples and imports.

    Raises:
        Refused: The comment is someone else's or not visible, the edit comes too late or too soon after the last one,
            a moderator closed the discussion, or the author is banned.
    """
    by = User.objects.select_for_update(no_key=True).get(pk=by.pk)
    comment = comment_counts.lock_comment(comment.pk)
    require_may_comment(by)
    if comment.author_id != by.pk:
        raise Refused(_("Only its author can edit a comment."))
    if comment.state not in (Comment.State.VISIBLE, Comment.State.HELD):
        raise Refused(_("This comment is no longer public, so it can’t be edited."))
    # Closed by a moderator: edits would get around that. A discussion that closed by age still allows them.
    if comment.article.comments_closed_at is not None:
        why = closing.closed_message(comment.article)
        raise Refused(_("Your changes weren’t saved. %(why)s") % {"why": why})
    now = at or timezone.now()
    if not may_save_edit(comment, opened_at=opened_at, now=now):
        minutes = int(EDIT_WINDOW.total_seconds() // 60)
        reason = _(
            "You can edit a comment for %(minutes)d minutes after you post it. That time is up, so post a reply "
            "instead."
        )
        raise Refused(reason % {"minutes": minutes})
    text = comment_limits.clean_body(body)
    if text == comment.body:
        return comment
    hit = None
    if at is None:
        draft = hold_rules.Draft(by, text)
        hold_rules.refuse_banned_word(draft)
        hit = hold_rules.check_text(draft)
    if comment.edited_at is not None and now - comment_limits.MIN_INTERVAL < comment.edited_at <= now:
        raise Refused(
            _("You’ve just edited this. Wait a few seconds before you save again."),
            retry_after=max(1, ceil((comment.edited_at + comment_limits.MIN_INTERVAL - now).total_seconds())),
        )
    CommentVersion.objects.create(comment=comment, body=comment.body, body_html=comment.body_html, replaced_at=now)
    body_html, mentioned = mentioning.render_comment(text)
    mentioning.save_mentions(comment, mentioned)
    comment.body, comment.body_html, comment.edited_at = text, body_html, now
    unpicked = comment_state.clear_pick(comment)  # The pick was of the earlier version.
    comment_html.store_html(comment)
    comment.save(update_fields=["body", "body_html", "edited_at", *comment_html.STORED, "picked_at", "picked_by"])
    if unpicked:
        comment_counts.update_thread_has_pick(comment)
    if comment.state == Comment.State.VISIBLE:
        signals.comment_edited.send(sender=Comment, comment=comment)
        if hit is not None:  # It has readers and maybe replies, so it isn't held back now.
            hold_rules.flag(comment, hit)
    elif at is None:
        Comment.objects.filter(pk=comment.pk).update(risk=hold_rules.Draft(by, text).classified.risk)
        _hold_or_publish(comment, hit)
    mentioning.send_mentions(comment)
    return comment


def _hold_or_publish(comment: Comment, hit: hold_rules.Hit | None) -> None:
    """Publish a held comment whose author has changed what a rule about the text had found."""
    rule = hold_rules.BY_NAME.get(comment.held_by)
    if rule is None or not rule.about_text:
        return
    if hit is not None and hit.mode == hold_rules.Mode.HOLD:
        comment.held_by, comment.held_because = hit.rule, hit.reason
        comment.save(update_fields=["held_by", "held_because"])
        return
    comment_state.set_state(comment, Comment.State.VISIBLE)
