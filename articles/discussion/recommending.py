"""Readers recommend a comment, and take it back."""

from django.db import transaction
from django.utils.translation import gettext as _

from articles.accounts.models import User
from articles.accounts.rules import require_may_write
from articles.discussion import comment_counts
from articles.discussion.models import Comment, Recommendation
from articles.errors import Refused


@transaction.atomic
def recommend(*, comment: Comment, by: User) -> Comment:
    """Each reader once; once more changes nothing.

    Raises:
        Refused: It is the reader's own, it is gone, or the reader is banned.
    """
    comment = comment_counts.lock(comment.pk)
    require_may_write(by)
    if comment.author_id == by.pk:
        raise Refused(_("You can't recommend your own comment."))
    if comment.state != Comment.State.VISIBLE:
        raise Refused(_("This comment was taken away, so it can't be recommended."))
    _recommendation, new = Recommendation.objects.get_or_create(comment=comment, reader=by)
    return _count(comment, 1) if new else comment


@transaction.atomic
def take_back(*, comment: Comment, by: User) -> Comment:
    """Recommend no longer; where nothing was recommended nothing changes.

    Banned readers may, too, as they may withdraw their comments: it takes their voice away, and adds nothing.
    """
    comment = comment_counts.lock(comment.pk)
    gone, _by_model = Recommendation.objects.filter(comment=comment, reader=by).delete()
    return _count(comment, -1) if gone else comment


def _count(comment: Comment, by: int) -> Comment:
    comment.recommended += by
    comment.score = comment_counts.score(comment)
    comment.save(update_fields=["recommended", "score"])
    comment_counts.changed(comment.article_id)
    return comment
