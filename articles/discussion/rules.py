"""Limits and permissions of the discussion."""

from datetime import datetime, timedelta

from django.utils import timezone

from articles.accounts.models import Viewer
from articles.accounts.rules import may_write
from articles.discussion.models import Comment

MAX_COMMENT_LENGTH = 5_000  # Characters; the Guardian's limit. The slowest text of this length renders in 0.2 s.
EDIT_WINDOW = timedelta(minutes=30)  # After posting. Long enough for second thoughts, too short to rewrite an argument.
# For a form opened within the window, so that an edit begun in time can be finished.
EDIT_GRACE = timedelta(minutes=15)
MIN_INTERVAL = timedelta(seconds=5)  # Between two comments of one reader, as at Discourse.
DUPLICATE_WINDOW = timedelta(minutes=5)  # The same text again within this time is a mistake or spam.
MIN_FORM_SECONDS = 2  # A form sent sooner was filled in by a program, or by a reader who can submit it again.
MAX_REPORTS_PER_HOUR = 10  # By one reader; more than a careful person can judge.
MAX_NOTE_LENGTH = 500  # Characters of a report's note.
MAX_REASON_LENGTH = 300  # Characters of a moderator's reason.
# Poll interval of an open page: shortest after new comments, longer while there are none.
POLL_SECONDS = 30
MAX_POLL_SECONDS = 120
MAX_NEW_COMMENTS = 50  # New comments inserted into an open page at once; the rest are offered again.
MAX_QUOTE_LENGTH = 300  # Characters of a comment set as a pull quote: as much as one reads at a glance.
DISPLAY_DEPTH = 6  # Levels of indentation; deeper replies are flat and name whom they reply to.
PHONE_DEPTH = 4  # The same on a phone; discussion.css has it too.


def may_edit(reader: Viewer, comment: Comment, *, now: datetime | None = None) -> bool:
    return (
        reader.pk is not None
        and reader.pk == comment.author_id
        and comment.state in (Comment.State.VISIBLE, Comment.State.HELD)
        and within_edit_window(comment.posted_at, now=now)
    )


def within_edit_window(posted_at: datetime, *, now: datetime | None = None) -> bool:
    return (now or timezone.now()) - posted_at <= EDIT_WINDOW


def may_pick(reader: Viewer) -> bool:
    """Return whether the reader may pick comments at all. `picking.pick` has the exceptions."""
    return may_write(reader) and reader.has_perm("articles.pick_comment")


def may_request_quotes(reader: Viewer) -> bool:
    """Return whether the reader may ask to quote comments: those who may publish."""
    return may_write(reader) and reader.has_perm("articles.publish_article")


def may_save_edit(comment: Comment, *, opened_at: datetime | None, now: datetime) -> bool:
    """Return whether an edit comes in time: within the window, or its grace for a form opened within the window."""
    if within_edit_window(comment.posted_at, now=now):
        return True
    in_time = opened_at is not None and within_edit_window(comment.posted_at, now=opened_at)
    return in_time and now <= edit_deadline(comment.posted_at)


def edit_deadline(posted_at: datetime) -> datetime:
    """Return the last moment to save a form that was opened within the window."""
    return posted_at + EDIT_WINDOW + EDIT_GRACE


def may_moderate(reader: Viewer) -> bool:
    return may_write(reader) and reader.has_perm("articles.change_comment")
