"""Bulk hiding and restoring of comments, as one entry in the moderation log."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID, uuid4

from django.db.models import Count, Exists, OuterRef, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.accounts.models import User
from articles.discussion import moderating, moderation_log
from articles.discussion.grounds import Grounds
from articles.discussion.models import Comment, ModerationAction
from articles.errors import Refused

MAX_COMMENTS = 100  # Comments in one batch: about a second of work, and as many as one person looks through.


@dataclass(frozen=True, slots=True)
class BulkResult:
    batch: UUID
    done: int
    skipped: int
    """Comments that other moderators had just reviewed."""


def _act_on_each(
    action: Callable[..., ModerationAction], *, comments: Collection[int], by: User, reason: str, **grounds: Grounds
) -> BulkResult:
    """Act on up to `MAX_COMMENTS` comments for one reason.

    In one transaction per comment, so that nobody waits for more than one comment's update.

    Raises:
        Refused: There is no reason, ground or comment, or `by` may not moderate.
    """
    reason = moderation_log.require_moderator(by, reason)
    grounds = {name: given.cleaned() for name, given in grounds.items()}
    if not comments:
        raise Refused(_("Select at least one comment."))
    batch, done, skipped = uuid4(), 0, 0
    for comment in Comment.objects.filter(pk__in=comments).order_by("pk")[:MAX_COMMENTS]:
        try:
            action(comment=comment, by=by, reason=reason, batch=batch, **grounds)
            done += 1
        except Refused:
            skipped += 1
    return BulkResult(batch, done, skipped)


def hide_comments(*, comments: Collection[int], by: User, reason: str, grounds: Grounds) -> BulkResult:
    """Hide comments, each as `moderating.hide` does."""
    return _act_on_each(moderating.hide, comments=comments, by=by, reason=reason, grounds=grounds)


def restore_comments(*, comments: Collection[int], by: User, reason: str) -> BulkResult:
    """Restore comments, each as `moderating.restore` does."""
    return _act_on_each(moderating.restore, comments=comments, by=by, reason=reason)


def hideable(*, reader: int | None = None, article: int | None = None, days: int = 0) -> "QuerySet[Comment]":
    """Return a reader's comments that can be hidden, newest first; `days=0` means all."""
    comments = Comment.objects.filter(state__in=[Comment.State.VISIBLE, Comment.State.HELD], author=reader)
    if article is not None:
        comments = comments.filter(article=article)
    if days:
        comments = comments.filter(posted_at__gt=timezone.now() - timedelta(days=days))
    return comments.order_by("-posted_at", "-pk")


def restorable(batch: UUID) -> "QuerySet[Comment]":
    """Return the comments that a batch hid, without those that were restored or hidden again since."""
    hides = ModerationAction.objects.filter(comment=OuterRef("pk"), action=ModerationAction.Action.HIDE)
    in_batch = Comment.objects.filter(state=Comment.State.HIDDEN, moderation_actions__batch=batch)
    still_hidden = in_batch.annotate(hid=Subquery(hides.order_by("-pk").values("batch")[:1])).filter(hid=batch)
    return still_hidden.order_by("-posted_at", "-pk")


def batch_sizes(actions: Iterable[ModerationAction]) -> dict[tuple[UUID | None, str], int]:
    """Return how many actions of each kind the batches of these actions have. One query if there are any."""
    batches = {action.batch for action in actions if action.batch}
    kinds = ModerationAction.objects.filter(batch__in=batches).order_by().values_list("batch", "action")
    return {(batch, kind): number for batch, kind, number in kinds.annotate(number=Count("pk"))}


def log_entries() -> "QuerySet[ModerationAction]":
    """Return the log, newest first, with one entry for all actions of one kind in a batch."""
    same = ModerationAction.objects.filter(batch=OuterRef("batch"), action=OuterRef("action"))
    earlier = same.filter(pk__lt=OuterRef("pk"))
    return ModerationAction.objects.exclude(Exists(earlier))
