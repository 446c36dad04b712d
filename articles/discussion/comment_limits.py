"""Limits of a comment: its length, and how soon after the last one."""

from datetime import timedelta
from math import ceil

from django.db.models import DateTimeField
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from articles.accounts.models import User
from articles.discussion.models import Comment
from articles.errors import Refused
from articles.text.sanitizing import clean_text
from articles.web.prepared_query import Parameter, PreparedQuery

MIN_FORM_SECONDS = 2  # A form sent sooner was filled in by a program, or by a reader who can submit it again.

MAX_COMMENT_LENGTH = 5_000  # Characters; the Guardian's limit. The slowest text of this length renders in 0.2 s.
MIN_INTERVAL = timedelta(seconds=5)  # Between two comments of one reader, as at Discourse.
DUPLICATE_WINDOW = timedelta(minutes=5)  # The same text again within this time is a mistake or spam.


def clean_body(body: str) -> str:
    """Return the text as it is stored.

    Raises:
        Refused: The text is empty or too long.
    """
    text = clean_text(body).strip()
    if not text:
        raise Refused(_("Enter some text."), field="body")
    if len(text) > MAX_COMMENT_LENGTH:
        over = len(text) - MAX_COMMENT_LENGTH
        reason = ngettext(
            "%(over)d character over the limit of %(most)d.",
            "%(over)d characters over the limit of %(most)d.",
            over,
        )
        raise Refused(reason % {"over": over, "most": MAX_COMMENT_LENGTH}, field="body")
    return text


_RECENT = PreparedQuery(
    lambda: (
        Comment.objects.filter(
            author=Parameter("author"),
            posted_at__gt=Parameter("after", DateTimeField()),
            posted_at__lte=Parameter("now", DateTimeField()),
        )
        .order_by("-posted_at")
        .values_list("posted_at", "body")
    )
)


def check_rate_limit(author: User, text: str) -> None:
    """Raise `Refused` for a comment that comes too soon or repeats another. The caller locks the author."""
    now = timezone.now()
    # Only up to now: a clock that was set back must not lock anyone out.
    for posted_at, body in _RECENT.rows(author=author.pk, after=now - DUPLICATE_WINDOW, now=now):
        if now - posted_at < MIN_INTERVAL:
            wait = max(1, ceil((posted_at + MIN_INTERVAL - now).total_seconds()))
            reason = ngettext(
                "Wait %(wait)d second before you post again.",
                "Wait %(wait)d seconds before you post again.",
                wait,
            )
            raise Refused(reason % {"wait": wait}, retry_after=wait)
        if body == text:
            wait = max(1, ceil((posted_at + DUPLICATE_WINDOW - now).total_seconds()))
            reason = _("You’ve already posted this. Change it before you post again.")
            raise Refused(reason, field="body", retry_after=wait)
