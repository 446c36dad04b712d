"""Messages about when and why a discussion closes or was closed."""

from datetime import datetime

from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from articles.publishing.models import Article

DAY = "j F Y"


def closed_message(article: Article) -> str:
    """Return the message shown instead of the form; empty while the discussion is open."""
    if article.takes_comments:
        return ""
    if article.comments_closed_at is not None:
        message = _("Comments were closed on %(day)s. Reason: %(reason)s")
        return message % {"day": _day(article.comments_closed_at), "reason": article.comments_closed_reason}
    assert article.comments_end_at is not None
    message = ngettext(
        "Comments closed on %(day)s, %(days)d day after publication.",
        "Comments closed on %(day)s, %(days)d days after publication.",
        settings.COMMENTS_DAYS,
    )
    return message % {"day": _day(article.comments_end_at), "days": settings.COMMENTS_DAYS}


def closing_message(article: Article) -> str:
    """Return when an open discussion closes, for moderators; empty if it has no closing date."""
    if article.comments_end_at is None or not article.takes_comments:
        return ""
    return _("Comments close automatically on %(day)s.") % {"day": _day(article.comments_end_at)}


def _day(at: datetime) -> str:
    return date_format(timezone.localtime(at), DAY)
