"""Comments, what readers do with them, and what moderators did."""

from articles.discussion.models.comment import Comment, CommentVersion
from articles.discussion.models.loans import Loan
from articles.discussion.models.moderation import ModerationAct
from articles.discussion.models.passage import Passage
from articles.discussion.models.responses import Mention, Recommendation, Report
from articles.discussion.models.visits import Visit

__all__ = [
    "Comment",
    "CommentVersion",
    "Loan",
    "Mention",
    "ModerationAct",
    "Passage",
    "Recommendation",
    "Report",
    "Visit",
]
