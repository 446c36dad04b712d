"""The discussion's part of a reader's data export."""

from django.utils.translation import gettext_lazy as _

from articles.accounts.data_export import Row, register, rows_of
from articles.accounts.models import User
from articles.discussion.models import Comment, ModerationAction, QuoteRequest, Recommendation, Report, Visit


def _comments(reader: User) -> list[Row]:
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


def _moderation(reader: User) -> list[Row]:
    """Return actions on the reader and their comments, without the moderators' names."""
    actions = ModerationAction.objects.filter(reader=reader) | ModerationAction.objects.filter(comment__author=reader)
    rows = actions.order_by("pk").values("action", "reason", "created_at", "comment_id")
    return [dict(row) for row in rows]


_recommendations = rows_of(Recommendation, "comment_id", "created_at")
_reports = rows_of(Report, "comment_id", "reason", "note", "state", "created_at", "decided_at")
_asked = ("comment_id", "text", "state", "requested_at", "decided_at", "revoked_at")
_quote_requests = rows_of(QuoteRequest, *_asked, owner="comment__author")
_visits = rows_of(Visit, "article__headline", "began_at")  # The last to each article.

register("comments", title=_("Comments"), rows=_comments)
register("recommendations", title=_("Recommendations"), rows=_recommendations)
register("reports", title=_("Reports"), rows=_reports)
register("moderation", title=_("Moderation actions"), rows=_moderation)
register("quote_requests", title=_("Requests to quote you"), rows=_quote_requests)
register("visits", title=_("Your last visit to each discussion"), rows=_visits)
