"""Register: Django finds the models of all rooms here."""

from articles.accounts.models import User
from articles.discussion.models import (
    Comment,
    CommentVersion,
    Loan,
    Mention,
    ModerationAct,
    Passage,
    Recommendation,
    Report,
    Visit,
)
from articles.following.models import Announcement, Inbox, MailDue, Notice, Stance
from articles.importing.models import Guess, ImportedFile
from articles.notifications.models import Letter
from articles.publishing.models import (
    Article,
    Author,
    Block,
    Byline,
    Correction,
    DeskNote,
    FormerAddress,
    LostLink,
    Pin,
    PullQuote,
    RelatedLink,
    Revision,
    Section,
    Source,
    StandingText,
    Writing,
)
from articles.search.models import SearchDocument
from articles.topics.models import ArticleTopic, Tagging, Topic

__all__ = [
    "Announcement",
    "Article",
    "ArticleTopic",
    "Author",
    "Block",
    "Byline",
    "Comment",
    "CommentVersion",
    "Correction",
    "DeskNote",
    "FormerAddress",
    "Guess",
    "ImportedFile",
    "Inbox",
    "Letter",
    "Loan",
    "LostLink",
    "MailDue",
    "Mention",
    "ModerationAct",
    "Notice",
    "Passage",
    "Pin",
    "PullQuote",
    "Recommendation",
    "RelatedLink",
    "Report",
    "Revision",
    "SearchDocument",
    "Section",
    "Source",
    "Stance",
    "StandingText",
    "Tagging",
    "Topic",
    "User",
    "Visit",
    "Writing",
]
