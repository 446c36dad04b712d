"""Who may do what in a discussion, and the numbers behind it."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from articles.accounts.rules import may_write
from articles.discussion.models import Comment

if TYPE_CHECKING:
    from articles.accounts.models import User

COMMENT_MAX = 5_000  # Characters; the Guardian's limit. The slowest text of this length renders in 0.2 s.
EDIT_WINDOW = timedelta(minutes=30)  # From posting. Long enough for second thoughts, too short to rewrite a quarrel.
EDIT_GRACE = timedelta(minutes=15)  # For a form opened within the window: words begun in time may be finished.
PACE = timedelta(seconds=5)  # Between two comments of one reader, as at Discourse.
SAME_TEXT = timedelta(minutes=5)  # The same words again within this time are a mistake or spam.
FORM_SECONDS = 2  # A form sent sooner was filled in by a program, or by a reader who may press the button again.
REPORTS_AN_HOUR = 10  # One reader's; more than a careful person can judge.
NOTE_MAX = 500  # Characters of a report's note.
REASON_MAX = 300  # Characters of a moderator's reason.
# An open page asks so often whether there are new comments: at once after news, more rarely while all is quiet.
ASK_SECONDS = 30
ASK_SECONDS_MOST = 120
ARRIVED_MOST = 50  # New comments that are put into an open page at once; the next ones are offered again.
LENT_MAX = 300  # Characters of a comment set large in the article: as much as one reads at a glance.
DISPLAY_DEPTH = 6  # Levels of indentation; below it a thread is flat and names whom it answers.
PHONE_DEPTH = 4  # The same on a phone; discussion.css knows it too.


def may_edit(reader: "User | AnonymousUser", comment: Comment, *, now: datetime | None = None) -> bool:
    return (
        reader.pk is not None
        and reader.pk == comment.author_id
        and comment.state in (Comment.State.VISIBLE, Comment.State.HELD)
        and within_window(comment.posted_at, now=now)
    )


def within_window(posted_at: datetime, *, now: datetime | None = None) -> bool:
    return (now or timezone.now()) - posted_at <= EDIT_WINDOW


def may_pick(reader: "User | AnonymousUser") -> bool:
    """Some comment; which ones not, `discussion.picking` says."""
    return may_write(reader) and reader.has_perm("articles.pick_comment")


def may_lift(reader: "User | AnonymousUser") -> bool:
    """Ask for a reader's words to stand in an article: those who change what readers see."""
    return may_write(reader) and reader.has_perm("articles.publish_article")


def may_save(comment: Comment, *, opened_at: datetime | None, now: datetime) -> bool:
    """Whether changed words come in time: within the window, or in its grace from a form opened within the window."""
    if within_window(comment.posted_at, now=now):
        return True
    in_time = opened_at is not None and within_window(comment.posted_at, now=opened_at)
    return in_time and now <= savable_until(comment.posted_at)


def savable_until(posted_at: datetime) -> datetime:
    """The last moment for a form that is opened within the window."""
    return posted_at + EDIT_WINDOW + EDIT_GRACE


def may_moderate(reader: "User | AnonymousUser") -> bool:
    return may_write(reader) and reader.has_perm("articles.change_comment")
