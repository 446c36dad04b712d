"""Stored counts of articles and comments, updated in the transaction of each change."""

from collections.abc import Iterator
from typing import Any

from django.db import transaction
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from articles.accounts.trust import by_members
from articles.discussion.models import Comment, Recommendation, Report
from articles.discussion.threads.ranking import wilson
from articles.errors import Refused
from articles.publishing.models import Article

# A new reader's recommendation is counted and shown, but moves no comment. A report moves one by the reader's
# standing, or once a moderator has upheld it.
RANKING_UPS = by_members()
RANKING_DOWNS = Q(counts=True) & (Q(state=Report.State.UPHELD) | Q(state=Report.State.OPEN, ranks=True))


def count_visible(article_id: int, *, by: int) -> None:
    """Add `by` to an article's number of visible comments."""
    Article.objects.filter(pk=article_id).update(comment_count=F("comment_count") + by)


def count_reply(comment: Comment, *, by: int = 1) -> None:
    """Add `by` to the size of a reply's thread."""
    if comment.root_id is not None:
        Comment.objects.filter(pk=comment.root_id).update(thread_size=F("thread_size") + by)


def score(comment: Comment) -> float:
    """Return the comment's score from all that ranks; 0 for tombstones, which sort last."""
    if comment.state != Comment.State.VISIBLE:
        return 0.0
    ups = comment.recommendations.filter(RANKING_UPS).count() if comment.recommended else 0
    downs = comment.reports.filter(RANKING_DOWNS).count() if comment.report_count else 0
    return wilson(ups, downs)


def update_thread_has_pick(comment: Comment) -> None:
    """Update whether a comment's thread has an editors' pick."""
    root = comment.root_id or comment.pk
    picks = Comment.objects.filter(article=comment.article_id, picked_at__isnull=False)
    picked = picks.filter(Q(pk=root) | Q(root=root)).exists()
    Comment.objects.filter(pk=root).update(thread_has_pick=picked)


def recount() -> list[str]:
    """Recompute every stored count. Returns a message for each one that was wrong."""
    return [*_recount_articles(), *_recount_thread_sizes(), *_recount_picks(), *_recount_comments()]


def _recount_articles() -> Iterator[str]:
    visible = Count("comments", filter=Q(comments__state=Comment.State.VISIBLE))
    wrong = Article.objects.annotate(true=visible).exclude(comment_count=F("true"))
    for pk, stored, true in wrong.values_list("pk", "comment_count", "true"):
        with transaction.atomic():  # Count again under the lock: a comment may have been posted since.
            Article.objects.select_for_update().get(pk=pk)
            true = Comment.objects.filter(article=pk).public().count()
            Article.objects.filter(pk=pk).update(comment_count=true)
        yield f"article {pk}: {stored} comments, corrected to {true}"


def _recount_thread_sizes() -> Iterator[str]:
    replies = Comment.objects.in_threads().exclude(root=None).order_by()
    true = dict(replies.values_list("root").annotate(Count("pk")))
    for pk, stored in Comment.objects.filter(root=None).values_list("pk", "thread_size"):
        if stored != true.get(pk, 0):
            with transaction.atomic():
                article_id = Comment.objects.values_list("article_id", flat=True).get(pk=pk)
                Article.objects.select_for_update().get(pk=article_id)
                now = Comment.objects.in_threads().filter(root=pk).count()
                Comment.objects.filter(pk=pk).update(thread_size=now)
            yield f"comment {pk}: {stored} replies, corrected to {now}"


def _recount_picks() -> Iterator[str]:
    picks = Comment.objects.filter(Q(pk=OuterRef("pk")) | Q(root=OuterRef("pk")), picked_at__isnull=False)
    wrong = Comment.objects.filter(root=None).annotate(true=Exists(picks)).exclude(thread_has_pick=F("true"))
    for comment in wrong:
        with transaction.atomic():
            update_thread_has_pick(lock_comment(comment.pk))
        yield f"comment {comment.pk}: wrong flag for an editors' pick in its thread"


def _recount_comments() -> Iterator[str]:
    counted = Q(reports__counts=True, reports__state__in=[Report.State.OPEN, Report.State.UPHELD])
    ups = dict(Comment.objects.order_by().values_list("pk").annotate(Count("recommendations")))
    downs = dict(Comment.objects.order_by().values_list("pk").annotate(n=Count("reports", filter=counted)))
    rise = _number(Recommendation.objects.filter(RANKING_UPS))
    fall = _number(Report.objects.filter(RANKING_DOWNS))
    for comment in Comment.objects.only("pk", "article_id", "recommended", "report_count", "score", "state").iterator():
        right = (ups.get(comment.pk, 0), downs.get(comment.pk, 0))
        visible = comment.state == Comment.State.VISIBLE
        scored = wilson(rise.get(comment.pk, 0), fall.get(comment.pk, 0)) if visible else 0.0
        if (comment.recommended, comment.report_count) != right or abs(comment.score - scored) > 1e-9:
            yield f"comment {comment.pk}: wrong recommendations, reports or score"
            recount_comment(comment.pk)


def _number(rows: "QuerySet[Any]") -> dict[int, int]:
    """Return how many of these rows each comment has."""
    return dict(rows.order_by().values_list("comment").annotate(Count("pk")))


def counted_reports(comment: Comment) -> int:
    """Return how many readers have reported a comment, not counting reports that a moderator dismissed."""
    return comment.reports.filter(counts=True).exclude(state=Report.State.DISMISSED).count()


def recount_comment(comment_id: int) -> Comment:
    """Recompute one comment's recommendations, reports and score, under its article's lock."""
    with transaction.atomic():
        comment = lock_comment(comment_id)
        comment.recommended = comment.recommendations.count()
        comment.report_count = counted_reports(comment)
        comment.score = score(comment)
        comment.save(update_fields=["recommended", "report_count", "score"])
    return comment


def lock_comment(comment_id: int) -> Comment:
    """Return a comment locked until the end of the transaction.

    All actions lock in the same order (reader, article, comment), so that they can't deadlock.

    Raises:
        Refused: The comment was deleted with its article.
    """
    article = list(Comment.objects.filter(pk=comment_id).values_list("article_id", flat=True))
    list(Article.objects.select_for_update(no_key=True).only("pk").filter(pk__in=article))
    locked = Comment.objects.select_for_update(of=("self",), no_key=True).select_related("author")
    comment = locked.filter(pk=comment_id).first()
    if comment is None:
        raise Refused(_("This comment was deleted with its article."))
    return comment
