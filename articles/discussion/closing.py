"""When a discussion closes: by its age or by a moderator (`moderating.close_discussion`), and what readers are told."""

from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from articles.publishing.models import Article

DAY = "j F Y"


def closes_at(article: Article) -> datetime | None:
    """Return when the discussion closes by its age, if it does. Counted from publication here, not from the date."""
    if article.comments_kept_open or not settings.COMMENTS_DAYS or article.go_live_at is None:
        return None
    return article.go_live_at + timedelta(days=settings.COMMENTS_DAYS)


def is_open(article: Article, *, at: datetime | None = None) -> bool:
    """Return whether the discussion takes comments, or took them at a moment."""
    end = closes_at(article)
    return article.comments_closed_at is None and (end is None or (at or timezone.now()) < end)


def closed_message(article: Article) -> str:
    """Return the message shown instead of the form; empty while the discussion is open."""
    if is_open(article):
        return ""
    if article.comments_closed_at is not None:
        message = _("Comments were closed on %(day)s. Reason: %(reason)s")
        return message % {"day": _day(article.comments_closed_at), "reason": article.comments_closed_reason}
    end = closes_at(article)
    assert end is not None
    message = ngettext(
        "Comments closed on %(day)s, %(days)d day after publication.",
        "Comments closed on %(day)s, %(days)d days after publication.",
        settings.COMMENTS_DAYS,
    )
    return message % {"day": _day(end), "days": settings.COMMENTS_DAYS}


def closing_message(article: Article) -> str:
    """Return when an open discussion closes, for moderators; empty if it has no closing date."""
    end = closes_at(article)
    if end is None or not is_open(article):
        return ""
    return _("Comments close automatically on %(day)s.") % {"day": _day(end)}


def _day(at: datetime) -> str:
    return date_format(timezone.localtime(at), DAY)
