"""Several comments at once: each as a moderator would do it alone, and together one sweep in the log."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol
from uuid import UUID, uuid4

from django.db.models import Count, Exists, OuterRef, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.accounts.models import User
from articles.discussion import moderating
from articles.discussion.models import Comment, ModerationAction
from articles.errors import Refused

MOST = 100  # Comments in one sweep: about a second's work, and as much as one person looks through.


class Verb(Protocol):
    def __call__(self, *, comment: Comment, by: User, reason: str, batch: UUID) -> ModerationAction: ...


@dataclass(frozen=True, slots=True)
class Sweep:
    batch: UUID
    done: int
    left: int
    """What others had decided on meanwhile."""


def hide_several(*, comments: Collection[int], by: User, reason: str) -> Sweep:
    """Hide up to `MOST` comments for one reason.

    Raises:
        Refused: No reason, no right, or no comment.
    """
    return _each(moderating.hide, comments, by, reason)


def restore_several(*, comments: Collection[int], by: User, reason: str) -> Sweep:
    """Show hidden comments again.

    Raises:
        Refused: No reason, no right, or no comment.
    """
    return _each(moderating.restore, comments, by, reason)


def _each(verb: Verb, comments: Collection[int], by: User, reason: str) -> Sweep:
    """Each in a transaction of its own: readers and writers wait for one comment at most, not for a hundred."""
    reason = moderating.checked(by, reason)
    if not comments:
        raise Refused(_("Tick at least one comment."))
    batch, done, left = uuid4(), 0, 0
    for comment in Comment.objects.filter(pk__in=comments).order_by("pk")[:MOST]:
        try:
            verb(comment=comment, by=by, reason=reason, batch=batch)
            done += 1
        except Refused:
            left += 1
    return Sweep(batch, done, left)


def to_hide(*, reader: int | None = None, article: int | None = None, days: int = 0) -> "QuerySet[Comment]":
    """What can be hidden of one reader's, in one article or everywhere, of the last days or of all; newest first."""
    comments = Comment.objects.filter(state__in=[Comment.State.VISIBLE, Comment.State.HELD], author=reader)
    if article is not None:
        comments = comments.filter(article=article)
    if days:
        comments = comments.filter(posted_at__gt=timezone.now() - timedelta(days=days))
    return comments.order_by("-posted_at", "-pk")


def to_restore(batch: UUID) -> "QuerySet[Comment]":
    """What a sweep hid and what is hidden since then: what was decided anew afterwards is another matter."""
    latest = ModerationAction.objects.filter(comment=OuterRef("pk"), verb=ModerationAction.Verb.HIDE).order_by("-pk")
    swept = Comment.objects.filter(state=Comment.State.HIDDEN, moderation_acts__batch=batch)
    by_it = swept.annotate(hid=Subquery(latest.values("batch")[:1])).filter(hid=batch)
    return by_it.order_by("-posted_at", "-pk")


def sweeps_of(batches: Collection[UUID]) -> dict[UUID, int]:
    """How many acts each of these sweeps holds."""
    acts = ModerationAction.objects.filter(batch__in=batches).order_by().values_list("batch")
    return dict(acts.annotate(number=Count("pk")))


def log_lines() -> "QuerySet[ModerationAction]":
    """The log, the latest act first, with one line for each sweep."""
    sooner = ModerationAction.objects.filter(batch=OuterRef("batch"), pk__lt=OuterRef("pk"))
    return ModerationAction.objects.exclude(Exists(sooner))
