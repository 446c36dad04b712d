"""This room's part of the archive that a reader takes away."""

from typing import Any, cast

from django.utils.translation import gettext_lazy as _

from articles.accounts.data_export import register
from articles.accounts.models import User
from articles.discussion.models import Comment, ModerationAction, QuoteRequest, Recommendation, Report, Visit

type Rows = list[dict[str, Any]]


def _comments(reader: User) -> Rows:
    """In every state, also hidden, held and withdrawn, with the former texts."""
    comments = Comment.objects.filter(author=reader).select_related("article", "passage").prefetch_related("versions")
    return [
        {
            "id": comment.pk,
            "article": comment.article.headline,
            "answers": comment.parent_id,
            "responds_to": comment.passage.exact if hasattr(comment, "passage") else "",
            "state": comment.state,
            "posted": comment.posted_at,
            "edited": comment.edited_at,
            "text": comment.body,
            "former_texts": [version.body for version in comment.versions.all()],
        }
        for comment in comments.order_by("pk")
    ]


def _recommendations(reader: User) -> Rows:
    rows = Recommendation.objects.filter(reader=reader).order_by("pk")
    return cast("Rows", list(rows.values("comment_id", "created_at")))


def _reports(reader: User) -> Rows:
    rows = Report.objects.filter(reader=reader).order_by("pk")
    return cast("Rows", list(rows.values("comment_id", "reason", "note", "state", "created_at", "decided_at")))


def _moderation(reader: User) -> Rows:
    """What moderators did about the reader, without saying who they were."""
    acts = ModerationAction.objects.filter(reader=reader) | ModerationAction.objects.filter(comment__author=reader)
    return cast("Rows", list(acts.order_by("pk").values("verb", "reason", "created_at", "comment_id")))


def _loans(reader: User) -> Rows:
    """Words that the paper asked for, and what the reader said."""
    rows = QuoteRequest.objects.filter(comment__author=reader).order_by("pk")
    return cast("Rows", list(rows.values("comment_id", "words", "state", "asked_at", "answered_at", "ended_at")))


def _visits(reader: User) -> Rows:
    """Where the reader is told what is new."""
    rows = Visit.objects.filter(reader=reader).order_by("pk")
    return cast("Rows", list(rows.values("article__headline", "began_at")))


register("comments", title=_("Comments"), rows=_comments)
register("recommendations", title=_("Recommendations"), rows=_recommendations)
register("reports", title=_("Reports"), rows=_reports)
register("moderation", title=_("What moderators did"), rows=_moderation)
register("loans", title=_("Words that the paper asked to quote"), rows=_loans)
register("visits", title=_("Your latest visit to each discussion"), rows=_visits)
