"""Models of comments, reactions to them and moderation."""

from articles.discussion.models.classifier import Classifier
from articles.discussion.models.comment import Comment, CommentVersion
from articles.discussion.models.hold_rule import HoldRule, WatchedWord
from articles.discussion.models.mention import Mention
from articles.discussion.models.moderation_action import ModerationAction
from articles.discussion.models.passage import Passage
from articles.discussion.models.quote_request import QuoteRequest
from articles.discussion.models.recommendation import Recommendation
from articles.discussion.models.report import Report
from articles.discussion.models.visit import Visit

__all__ = [
    "Classifier",
    "Comment",
    "CommentVersion",
    "HoldRule",
    "Mention",
    "ModerationAction",
    "Passage",
    "QuoteRequest",
    "Recommendation",
    "Report",
    "Visit",
    "WatchedWord",
]
