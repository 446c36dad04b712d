"""The discussion's part of a reader's data export."""

from typing import Any, cast

from django.utils.translation import gettext_lazy as _

from articles.accounts.data_export import register
from articles.accounts.models import User
from articles.discussion.models import Comment, ModerationAction, QuoteRequest, Recommendation, Report, Visit

type Rows = list[dict[str, Any]]


def _comments(reader: User) -> Rows:
    """Return comments in every state, with earlier versions."""
    comments = Comment.objects.filter(author=reader).select_related("article", "passage").prefetch_related("versions")
    return [
        {
            "id": comment.pk,
            "article": comment.article.headline,
            "in_reply_to": comment.parent_id,
            "responds_to": comment.passage.exact if hasattr(comment, "passage") else "",
            "state": comment.state,
            "posted": comment.posted_at,
            "edited": comment.edited_at,
            "text": comment.body,
            "earlier_versions": [version.body for version in comment.versions.all()],
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
    """Return actions on the reader and their comments, without the moderators' names."""
    actions = ModerationAction.objects.filter(reader=reader) | ModerationAction.objects.filter(comment__author=reader)
    return cast("Rows", list(actions.order_by("pk").values("action", "reason", "created_at", "comment_id")))


def _quote_requests(reader: User) -> Rows:
    """Return the requests to quote the reader, and their decisions."""
    rows = QuoteRequest.objects.filter(comment__author=reader).order_by("pk")
    return cast("Rows", list(rows.values("comment_id", "text", "state", "requested_at", "decided_at", "revoked_at")))


def _visits(reader: User) -> Rows:
    """Return the last visit to each article, which decides what is marked as new."""
    rows = Visit.objects.filter(reader=reader).order_by("pk")
    return cast("Rows", list(rows.values("article__headline", "began_at")))


register("comments", title=_("Comments"), rows=_comments)
register("recommendations", title=_("Recommendations"), rows=_recommendations)
register("reports", title=_("Reports"), rows=_reports)
register("moderation", title=_("Moderation actions"), rows=_moderation)
register("quote_requests", title=_("Requests to quote you"), rows=_quote_requests)
register("visits", title=_("Your last visit to each discussion"), rows=_visits)
