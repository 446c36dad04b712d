"""The numbers that stand beside articles and comments, kept in the transaction of what changes them."""

from django.db import transaction
from django.db.models import Count, Exists, F, OuterRef, Q
from django.utils.translation import gettext as _

from articles.discussion.models import Comment, Report
from articles.discussion.threads.ranking import wilson
from articles.errors import Refused
from articles.publishing.models import Article


def changed(article_id: int, *, visible: int = 0) -> None:
    """Something that readers see in an article's discussion changed.

    Args:
        article_id: Whose discussion.
        visible: By how many the comments that everybody may read became more or fewer.
    """
    Article.objects.filter(pk=article_id).update(comment_count=F("comment_count") + visible, stamp=F("stamp") + 1)


def placed(comment: Comment, *, by: int = 1) -> None:
    """A reply got its place in the thread."""
    if comment.root_id is not None:
        Comment.objects.filter(pk=comment.root_id).update(branch_size=F("branch_size") + by)


def score(comment: Comment) -> float:
    """Tombstones go last."""
    if comment.state != Comment.State.VISIBLE:
        return 0.0
    return wilson(comment.recommended, comment.reported)


def pick_changed(comment: Comment) -> None:
    """A comment became an editors' pick or is none any longer: say so where its branch begins."""
    root = comment.root_id or comment.pk
    picks = Comment.objects.filter(article=comment.article_id, picked_at__isnull=False)
    picked = picks.filter(Q(pk=root) | Q(root=root)).exists()
    Comment.objects.filter(pk=root).update(branch_picked=picked)


def recount() -> list[str]:
    """Set every number to what the rows say. Gives a line for each that was wrong."""
    return [*_recount_articles(), *_recount_branches(), *_recount_picks(), *_recount_comments()]


def _recount_articles() -> list[str]:
    found: list[str] = []
    visible = Count("comments", filter=Q(comments__state=Comment.State.VISIBLE))
    wrong = Article.objects.annotate(true=visible).exclude(comment_count=F("true"))
    for pk, stored, true in wrong.values_list("pk", "comment_count", "true"):
        with transaction.atomic():  # Counted again under the lock: a comment may have come in between.
            Article.objects.select_for_update().get(pk=pk)
            true = Comment.objects.filter(article=pk).public().count()
            Article.objects.filter(pk=pk).update(comment_count=true, stamp=F("stamp") + 1)
        found.append(f"article {pk}: {stored} comments, in truth {true}")
    return found


def _recount_branches() -> list[str]:
    found: list[str] = []
    placed_rows = Comment.objects.in_threads().exclude(root=None).order_by()
    true = dict(placed_rows.values_list("root").annotate(Count("pk")))
    for pk, stored in Comment.objects.filter(root=None).values_list("pk", "branch_size"):
        if stored != true.get(pk, 0):
            with transaction.atomic():
                article_id = Comment.objects.values_list("article_id", flat=True).get(pk=pk)
                Article.objects.select_for_update().get(pk=article_id)
                now = Comment.objects.in_threads().filter(root=pk).count()
                Comment.objects.filter(pk=pk).update(branch_size=now)
            found.append(f"comment {pk}: {stored} replies, in truth {now}")
    return found


def _recount_picks() -> list[str]:
    found: list[str] = []
    branch = Comment.objects.filter(Q(pk=OuterRef("pk")) | Q(root=OuterRef("pk")), picked_at__isnull=False)
    wrong = Comment.objects.filter(root=None).annotate(true=Exists(branch)).exclude(branch_picked=F("true"))
    for comment in wrong:
        with transaction.atomic():
            pick_changed(lock(comment.pk))
        found.append(f"comment {comment.pk}: whether its branch holds a pick was wrong")
    return found


def _recount_comments() -> list[str]:
    found: list[str] = []
    standing = Q(reports__state__in=[Report.State.OPEN, Report.State.UPHELD])
    ups = dict(Comment.objects.order_by().values_list("pk").annotate(Count("recommendations")))
    downs = dict(Comment.objects.order_by().values_list("pk").annotate(n=Count("reports", filter=standing)))
    for comment in Comment.objects.only("pk", "article_id", "recommended", "reported", "score", "state").iterator():
        if (comment.recommended, comment.reported) != (ups.get(comment.pk, 0), downs.get(comment.pk, 0)) or abs(
            comment.score - score(comment)
        ) > 1e-9:
            found.append(f"comment {comment.pk}: recommendations, reports or score were wrong")
            retally(comment.pk)
    return found


def retally(comment_id: int) -> Comment:
    """Count one comment's recommendations and reports from the rows, under its article's lock."""
    with transaction.atomic():
        comment = lock(comment_id)
        comment.recommended = comment.recommendations.count()
        comment.reported = comment.reports.exclude(state=Report.State.DISMISSED).count()
        comment.score = score(comment)
        comment.save(update_fields=["recommended", "reported", "score"])
        changed(comment.article_id)
    return comment


def lock(comment_id: int) -> Comment:
    """A comment that nobody else changes until the transaction ends.

    All verbs lock in one order (reader, article, comment), so that none waits for another that waits for it.

    Raises:
        Refused: It was deleted with its article.
    """
    article = list(Comment.objects.filter(pk=comment_id).values_list("article_id", flat=True))
    list(Article.objects.select_for_update(no_key=True).only("pk").filter(pk__in=article))
    locked = Comment.objects.select_for_update(of=("self",), no_key=True).select_related("author")
    comment = locked.filter(pk=comment_id).first()
    if comment is None:
        raise Refused(_("This comment was deleted together with its article."))
    return comment
