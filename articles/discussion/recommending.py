"""Recommending comments."""

from django.db import transaction
from django.utils.translation import gettext as _

from articles.accounts import spam_prevention
from articles.accounts.models import User
from articles.accounts.rules import require_may_write
from articles.discussion import comment_counts
from articles.discussion.models import Comment, Recommendation
from articles.errors import Refused


@transaction.atomic
def recommend(*, comment: Comment, by: User) -> Comment:
    """Recommend a comment. Idempotent.

    Raises:
        Refused: The comment is the reader's own or not visible, or the reader is banned.
    """
    require_may_write(by)
    if not Recommendation.objects.filter(comment=comment, reader=by).exists():
        spam_prevention.require_within_limit(
            by
        )  # Before the article is locked, as posting does: its count is a row, too.
    comment = comment_counts.lock_comment(comment.pk)
    if comment.author_id == by.pk:
        raise Refused(_("You can’t recommend your own comment."))
    if comment.state != Comment.State.VISIBLE:
        raise Refused(_("This comment is no longer public, so it can’t be recommended."))
    _recommendation, new = Recommendation.objects.get_or_create(comment=comment, reader=by)
    return _count(comment, 1) if new else comment


@transaction.atomic
def remove_recommendation(*, comment: Comment, by: User) -> Comment:
    """Remove a recommendation. Idempotent.

    Banned readers may do this too, as they may withdraw their comments.
    """
    comment = comment_counts.lock_comment(comment.pk)
    deleted, _by_model = Recommendation.objects.filter(comment=comment, reader=by).delete()
    return _count(comment, -1) if deleted else comment


def _count(comment: Comment, by: int) -> Comment:
    comment.recommended += by
    comment.score = comment_counts.score(comment)
    comment.save(update_fields=["recommended", "score"])
    return comment
