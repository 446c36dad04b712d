"""Posting, editing and withdrawing comments."""

from datetime import datetime
from math import ceil
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from articles.accounts import spam_prevention
from articles.accounts.models import User
from articles.accounts.rules import require_may_write
from articles.discussion import badges, closing, comment_counts, comment_html, mentioning, rules, signals
from articles.discussion.models import Comment, CommentVersion
from articles.discussion.passages import passage_selection, passage_tracking
from articles.discussion.threads.thread_path import path_of
from articles.errors import Refused
from articles.publishing.models import Article, Revision
from articles.text.sanitizing import clean_text


@transaction.atomic
def post_comment(
    *,
    article: Article,
    author: User,
    body: str,
    token: UUID,
    parent: Comment | None = None,
    read_revision: Revision | None = None,
    begun_at: datetime | None = None,
    passage: passage_selection.Selection | None = None,
    at: datetime | None = None,
) -> Comment:
    """Post a comment or reply; held for moderators if its author is suspected.

    Idempotent per form token: a resubmitted form returns the comment it created.

    Args:
        article: The caller has checked that the author may see it.
        body: Markdown as it was typed.
        token: The form's idempotency key.
        read_revision: The revision of the article that the author had read.
        begun_at: When the author began to write, so which version of the parent they had read.
        passage: The passage of that revision to respond to.
        at: When it was posted, for samples and imports. Rate limits don't apply then.

    Raises:
        Refused: The text is empty, too long or too soon after the last one, the discussion is closed, the author is
            banned, the parent is not visible, or the form has already posted a different text.
    """
    # Lock the author's row first, so that one reader's comments are posted one after another across processes.
    author = User.objects.select_for_update(no_key=True).get(pk=author.pk)
    if first := Comment.objects.filter(author=author, token=token).first():
        return _resubmitted(first, body)
    require_may_write(author)
    text = clean_body(body)
    if at is None:
        check_rate_limit(author, text)
        spam_prevention.require_within_limit(author)
    found = Article.objects.select_for_update(of=("self",), no_key=True).filter(pk=article.pk).first()
    if found is None:
        raise Refused(_("The article has been deleted, so your comment wasn’t posted."))
    article = found
    if not closing.is_open(article, at=at):
        raise Refused(_("Your comment wasn’t posted. %(why)s") % {"why": closing.closed_message(article)})
    if parent is not None:
        parent = _lock_parent(article, parent)
    body_html, mentioned = mentioning.render_comment(text)
    now = at or timezone.now()
    held = spam_prevention.reason_to_hold(author) if at is None else ""
    comment = Comment(
        article=article,
        author=author,
        parent=parent,
        root_id=None if parent is None else parent.root_id or parent.pk,
        depth=0 if parent is None else parent.depth + 1,
        body=text,
        body_html=body_html,
        read_revision=read_revision,
        state=Comment.State.HELD if held else Comment.State.VISIBLE,
        held_because=held,
        posted_at=now,
        begun_at=min(begun_at, now) if begun_at else None,
        token=token,
    )
    comment.save(force_insert=True)
    comment.path = path_of(comment)
    if passage is not None:
        passage_tracking.attach(comment, passage)
    comment.badge = badges.badge_of(comment)
    comment_html.store_html(comment)
    comment.save(update_fields=["path", "badge", *comment_html.STORED])
    mentioning.save_mentions(comment, mentioned)
    if not held:
        comment_counts.count_reply(comment)
        comment_counts.touch_discussion(article.pk, visible=1)
        signals.comment_appeared.send(sender=Comment, comment=comment)
    mentioning.send_mentions(comment)
    return comment


def _resubmitted(first: Comment, body: str) -> Comment:
    """Return the comment that this form created, or raise `Refused` if the text has changed since."""
    text = clean_body(body)
    if text != first.body and not first.versions.filter(body=text).exists():
        reason = _("You’ve already posted a comment from this form. Submit it again to post this text as well.")
        raise Refused(reason, field="token")
    return first


def clean_body(body: str) -> str:
    """Return the text as it is stored.

    Raises:
        Refused: The text is empty or too long.
    """
    text = clean_text(body).strip()
    if not text:
        raise Refused(_("Enter some text."), field="body")
    if len(text) > rules.MAX_COMMENT_LENGTH:
        over = len(text) - rules.MAX_COMMENT_LENGTH
        reason = ngettext(
            "%(over)d character over the limit of %(most)d.",
            "%(over)d characters over the limit of %(most)d.",
            over,
        )
        raise Refused(reason % {"over": over, "most": rules.MAX_COMMENT_LENGTH}, field="body")
    return text


def check_rate_limit(author: User, text: str) -> None:
    """Raise `Refused` for a comment that comes too soon or repeats another. The caller locks the author."""
    now = timezone.now()
    # Only up to now: a clock that was set back must not lock anyone out.
    recent = Comment.objects.filter(author=author, posted_at__gt=now - rules.DUPLICATE_WINDOW, posted_at__lte=now)
    for posted_at, body in recent.order_by("-posted_at").values_list("posted_at", "body"):
        if now - posted_at < rules.MIN_INTERVAL:
            wait = max(1, ceil((posted_at + rules.MIN_INTERVAL - now).total_seconds()))
            reason = ngettext(
                "Wait %(wait)d second before you post again.",
                "Wait %(wait)d seconds before you post again.",
                wait,
            )
            raise Refused(reason % {"wait": wait}, retry_after=wait)
        if body == text:
            wait = max(1, ceil((posted_at + rules.DUPLICATE_WINDOW - now).total_seconds()))
            reason = _("You’ve already posted this. Change it before you post again.")
            raise Refused(reason, field="body", retry_after=wait)


def _lock_parent(article: Article, parent: Comment) -> Comment:
    """Lock and return the parent, or raise `Refused` if it is not visible."""
    now = Comment.objects.select_for_update(of=("self",), no_key=True).filter(pk=parent.pk, article=article).first()
    if now is None or now.state != Comment.State.VISIBLE:
        reason = _("The comment you’re replying to is no longer available. You can post this as a new comment.")
        raise Refused(reason, field="parent")
    return now


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
    require_may_write(by)
    if comment.author_id != by.pk:
        raise Refused(_("Only its author can edit a comment."))
    if comment.state not in (Comment.State.VISIBLE, Comment.State.HELD):
        raise Refused(_("This comment is no longer public, so it can’t be edited."))
    # Closed by a moderator: edits would get around that. A discussion that closed by age still allows them.
    if comment.article.comments_closed_at is not None:
        why = closing.closed_message(comment.article)
        raise Refused(_("Your changes weren’t saved. %(why)s") % {"why": why})
    now = at or timezone.now()
    if not rules.may_save_edit(comment, opened_at=opened_at, now=now):
        minutes = int(rules.EDIT_WINDOW.total_seconds() // 60)
        reason = _(
            "You can edit a comment for %(minutes)d minutes after you post it. That time is up, so post a reply "
            "instead."
        )
        raise Refused(reason % {"minutes": minutes})
    text = clean_body(body)
    if text == comment.body:
        return comment
    if comment.edited_at is not None and now - rules.MIN_INTERVAL < comment.edited_at <= now:
        raise Refused(
            _("You’ve just edited this. Wait a few seconds before you save again."),
            retry_after=max(1, ceil((comment.edited_at + rules.MIN_INTERVAL - now).total_seconds())),
        )
    CommentVersion.objects.create(comment=comment, body=comment.body, body_html=comment.body_html, replaced_at=now)
    body_html, mentioned = mentioning.render_comment(text)
    mentioning.save_mentions(comment, mentioned)
    comment.body, comment.body_html, comment.edited_at = text, body_html, now
    unpicked = clear_pick(comment)  # The pick was of the earlier version.
    comment_html.store_html(comment)
    comment.save(update_fields=["body", "body_html", "edited_at", *comment_html.STORED, "picked_at", "picked_by"])
    if unpicked:
        comment_counts.update_thread_has_pick(comment)
    comment_counts.touch_discussion(comment.article_id)
    if comment.state == Comment.State.VISIBLE:
        signals.comment_edited.send(sender=Comment, comment=comment)
    mentioning.send_mentions(comment)
    return comment


@transaction.atomic
def withdraw_comment(*, comment: Comment, by: User) -> Comment:
    """Withdraw a comment for good. Replies stay under a tombstone. Idempotent.

    Raises:
        Refused: The comment is someone else's.
    """
    comment = comment_counts.lock_comment(comment.pk)
    if comment.author_id != by.pk:
        raise Refused(_("Only its author can withdraw a comment."))
    if comment.state == Comment.State.WITHDRAWN:
        return comment
    set_state(comment, Comment.State.WITHDRAWN)
    return comment


def clear_pick(comment: Comment) -> bool:
    """Clear a pick without saving. Return whether the comment was picked."""
    picked = comment.picked_at is not None
    comment.picked_at, comment.picked_by = None, None
    return picked


def set_state(comment: Comment, state: Comment.State) -> None:
    """Change a comment's state and all that depends on it: visibility, stored HTML, score, counts, signals."""
    previous, was_in_thread = Comment.State(comment.state), comment.in_thread
    comment.state = state
    shown = state == Comment.State.VISIBLE or was_in_thread or comment.replies.exists()
    comment.never_shown = not shown and state != Comment.State.HELD
    unpicked = comment.state != Comment.State.VISIBLE and clear_pick(comment)
    comment.score = comment_counts.score(comment)
    comment_html.store_html(comment)
    comment.save(update_fields=["state", "never_shown", "score", *comment_html.STORED, "picked_at", "picked_by"])
    if unpicked:
        comment_counts.update_thread_has_pick(comment)
    appeared = (comment.state == Comment.State.VISIBLE) - (previous == Comment.State.VISIBLE)
    if gained := comment.in_thread - was_in_thread:
        comment_counts.count_reply(comment, by=gained)
    comment_counts.touch_discussion(comment.article_id, visible=appeared)
    if appeared:
        signal = signals.comment_appeared if appeared > 0 else signals.comment_disappeared
        signal.send(sender=Comment, comment=comment)
    mentioning.send_mentions(comment)
