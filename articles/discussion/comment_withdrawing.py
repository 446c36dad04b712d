"""Withdrawing one's own comment."""

from django.db import transaction
from django.utils.translation import gettext as _

from articles.accounts.models import User
from articles.discussion import comment_counts, comment_state
from articles.discussion.models import Comment
from articles.errors import Refused


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
    comment_state.set_state(comment, Comment.State.WITHDRAWN)
    return comment
