"""What moderators do: every act with who and why, in the log in the same transaction."""

from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.accounts.models import User
from articles.discussion import badges, comment_counts, posting, rules
from articles.discussion.models import Comment, ModerationAction, Report
from articles.errors import Refused
from articles.publishing.models import Article
from articles.text.sanitizing import clean_line

Verb = ModerationAction.Verb


@transaction.atomic
def hide(*, comment: Comment, by: User, reason: str, batch: UUID | None = None) -> ModerationAction:
    """Take a comment from readers; replies keep their place. Its open reports are upheld.

    Args:
        comment: Which.
        by: Who.
        reason: Why, as the log has it.
        batch: Of which sweep this is a part.

    Raises:
        Refused: No reason, no right, or it is no longer to be seen anyway.
    """
    reason = checked(by, reason)
    comment = comment_counts.lock(comment.pk)
    if comment.state not in (Comment.State.VISIBLE, Comment.State.HELD):
        raise Refused(_settled(comment))
    comment.reports.filter(state=Report.State.OPEN).update(state=Report.State.UPHELD, decided_at=timezone.now())
    posting.settle(comment, Comment.State.HIDDEN)
    return log(Verb.HIDE, by, reason, comment=comment, batch=batch)


@transaction.atomic
def restore(*, comment: Comment, by: User, reason: str, batch: UUID | None = None) -> ModerationAction:
    """Show a hidden comment again. The reports that were upheld against it no longer count. `batch` as with `hide`.

    Raises:
        Refused: No reason, no right, or it is not hidden.
    """
    reason = checked(by, reason)
    comment = comment_counts.lock(comment.pk)
    if comment.state != Comment.State.HIDDEN:
        raise Refused(_settled(comment))
    comment.reports.filter(state=Report.State.UPHELD).update(state=Report.State.DISMISSED)
    _recount_reports(comment)
    posting.settle(comment, Comment.State.VISIBLE)
    return log(Verb.RESTORE, by, reason, comment=comment, batch=batch)


@transaction.atomic
def approve(*, comment: Comment, by: User, reason: str) -> ModerationAction:
    """Show a held comment.

    Raises:
        Refused: No reason, no right, or it is not held.
    """
    reason = checked(by, reason)
    comment = comment_counts.lock(comment.pk)
    if comment.state != Comment.State.HELD:
        raise Refused(_settled(comment))
    posting.settle(comment, Comment.State.VISIBLE)
    return log(Verb.APPROVE, by, reason, comment=comment)


@transaction.atomic
def dismiss_reports(*, comment: Comment, by: User, reason: str) -> ModerationAction:
    """The comment may stay; its open reports count no longer.

    Raises:
        Refused: No reason, no right, or no report is open.
    """
    reason = checked(by, reason)
    comment = comment_counts.lock(comment.pk)
    open_ones = comment.reports.filter(state=Report.State.OPEN)
    if not open_ones.update(state=Report.State.DISMISSED, decided_at=timezone.now()):
        raise Refused(_("Another moderator decided on these reports a moment ago."))
    _recount_reports(comment)
    comment.score = comment_counts.score(comment)
    comment.save(update_fields=["score"])
    comment_counts.changed(comment.article_id)
    return log(Verb.DISMISS, by, reason, comment=comment)


@transaction.atomic
def lock_thread(*, article: Article, by: User, reason: str) -> ModerationAction:
    """Close a discussion: it can be read, not joined. Readers are told why.

    Raises:
        Refused: No reason, no right, or it is closed.
    """
    reason = checked(by, reason)
    article = Article.objects.select_for_update(of=("self",), no_key=True).get(pk=article.pk)
    if not article.takes_comments:
        raise Refused(_("This discussion is closed already."))
    article.comments_closed_at, article.comments_closed_reason = timezone.now(), reason[:200]
    article.comments_kept_open = False
    _save_door(article)
    return log(Verb.LOCK, by, reason, article=article)


@transaction.atomic
def unlock_thread(*, article: Article, by: User, reason: str) -> ModerationAction:
    """Open a closed discussion, or keep an open one from closing by its age.

    One that was closed by hand before its days were over has the rest of them; else it is open until a hand closes it.

    Raises:
        Refused: No reason, no right, or it is open and stays so.
    """
    reason = checked(by, reason)
    article = Article.objects.select_for_update(of=("self",), no_key=True).get(pk=article.pk)
    was_open = article.takes_comments
    if was_open and article.comments_end_at is None:
        raise Refused(_("This discussion is open already."))
    article.comments_closed_at, article.comments_closed_reason = None, ""
    article.comments_kept_open = was_open or not article.takes_comments
    _save_door(article)
    return log(Verb.KEEP if was_open else Verb.UNLOCK, by, reason, article=article)


def _save_door(article: Article) -> None:
    article.save(update_fields=["comments_closed_at", "comments_closed_reason", "comments_kept_open"])
    comment_counts.changed(article.pk)


@transaction.atomic
def ban(*, reader: User, by: User, reason: str) -> ModerationAction:
    """Keep a reader out of the discussion. What they wrote stays; they can read, export and leave.

    Raises:
        Refused: No reason, no right, banned already, or the reader has a part in running the paper.
    """
    reason = checked(by, reason)
    reader = User.objects.select_for_update(no_key=True).get(pk=reader.pk)
    if reader.pk == by.pk:
        raise Refused(_("You can't ban yourself."))
    if reader.is_superuser or rules.may_moderate(reader):
        raise Refused(_("Moderators and owners can't be banned. Take their rights first."))
    if reader.is_banned:
        raise Refused(_("This reader is banned already."))
    reader.banned_at, reader.banned_reason = timezone.now(), reason
    reader.save(update_fields=["banned_at", "banned_reason"])
    badges.role_changed(reader)
    return log(Verb.BAN, by, reason, reader=reader)


@transaction.atomic
def unban(*, reader: User, by: User, reason: str) -> ModerationAction:
    """Let a banned reader talk again.

    Raises:
        Refused: No reason, no right, or not banned.
    """
    reason = checked(by, reason)
    reader = User.objects.select_for_update(no_key=True).get(pk=reader.pk)
    if not reader.is_banned:
        raise Refused(_("This reader is not banned."))
    reader.banned_at, reader.banned_reason = None, ""
    reader.save(update_fields=["banned_at", "banned_reason"])
    badges.role_changed(reader)
    return log(Verb.UNBAN, by, reason, reader=reader)


def checked(by: User, reason: str) -> str:
    """The reason, if this person may use power and gives one."""
    if not rules.may_moderate(by):
        raise Refused(_("Only moderators can do this."))
    return reason_of(reason)


def reason_of(reason: str) -> str:
    """Why power is used, as it stands in the log.

    Raises:
        Refused: There is none, or too much of it.
    """
    reason = clean_line(reason)
    if not reason:
        raise Refused(_("Say why: the reason stands in the log."), field="reason")
    if len(reason) > rules.REASON_MAX:
        raise Refused(_("This is too long: %(most)d characters.") % {"most": rules.REASON_MAX}, field="reason")
    return reason


def _settled(comment: Comment) -> str:
    """Why nothing is left to be done: somebody was faster."""
    return {
        Comment.State.VISIBLE: _("This comment is visible: another moderator may have decided a moment ago."),
        Comment.State.HELD: _("This comment is still held: approve it or hide it."),
        Comment.State.HIDDEN: _("This comment is hidden: another moderator may have decided a moment ago."),
        Comment.State.WITHDRAWN: _("Its author withdrew this comment."),
    }[Comment.State(comment.state)]


def _recount_reports(comment: Comment) -> None:
    comment.reported = comment.reports.exclude(state=Report.State.DISMISSED).count()
    comment.save(update_fields=["reported"])


def log(verb: ModerationAction.Verb, by: User, reason: str, **target: Any) -> ModerationAction:
    """Write an act into the log, in the transaction of the act."""
    return ModerationAction.objects.create(verb=verb, by=by, reason=reason, **target)
