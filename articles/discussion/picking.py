"""Editors' picks."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.accounts.models import User
from articles.discussion import (
    comment_counts,
    comment_html,
    comment_state,
    moderating,
    moderation_log,
    rules,
    signals,
)
from articles.discussion.models import Comment, ModerationAction
from articles.errors import Refused
from articles.publishing.models import Article


@transaction.atomic
def pick(*, comment: Comment, by: User, reason: str, seen: int | None = None) -> ModerationAction:
    """Make a comment an editors' pick, also in a closed discussion.

    Editing, hiding or withdrawing the comment removes the pick.

    Args:
        seen: The version of the text that the editor was shown, see `moderating.require_seen`.

    Raises:
        Refused: There is no reason, `by` may not pick, or the comment is their own, on their own article, not
            visible, picked already or was edited since.
    """
    reason = _require_may_pick(by, reason)
    comment = comment_counts.lock_comment(comment.pk)
    if comment.author_id == by.pk:
        raise Refused(_("You can’t pick your own comment."))
    if is_author_of(by, comment.article):
        raise Refused(_("This comment is on your own article, so another editor has to pick it."))
    if comment.state != Comment.State.VISIBLE:
        raise Refused(_("This comment is no longer public, so it can’t be picked."))
    if comment.picked_at is not None:
        raise Refused(_("This comment is already an editors’ pick. Another editor may have just picked it."))
    moderating.require_seen(comment, seen)
    comment.picked_at, comment.picked_by = timezone.now(), by
    _save(comment)
    action = moderation_log.log_action(ModerationAction.Action.PICK, by, reason, comment=comment)
    signals.comment_picked.send(sender=Comment, comment=comment)
    return action


@transaction.atomic
def unpick(*, comment: Comment, by: User, reason: str) -> ModerationAction:
    """Remove a pick, one's own or another editor's.

    Raises:
        Refused: There is no reason, `by` may not pick, or the comment isn't a pick.
    """
    reason = _require_may_pick(by, reason)
    comment = comment_counts.lock_comment(comment.pk)
    if not comment_state.clear_pick(comment):
        raise Refused(_("This comment isn’t an editors’ pick. Another editor may have just removed it."))
    _save(comment)
    signals.pick_or_quote_ended.send(sender=Comment, comment=comment)
    return moderation_log.log_action(ModerationAction.Action.UNPICK, by, reason, comment=comment)


def is_author_of(person: User, article: Article) -> bool:
    """Return whether this person is in the article's byline."""
    return article.bylines.filter(author__user=person).exists()


def _require_may_pick(by: User, reason: str) -> str:
    if not rules.may_pick(by):
        raise Refused(_("Only editors and moderators can do this."))
    return moderation_log.clean_reason(reason)


def _save(comment: Comment) -> None:
    comment_html.store_html(comment)
    comment.save(update_fields=["picked_at", "picked_by", *comment_html.STORED])
    comment_counts.update_thread_has_pick(comment)
