"""Since when and why a discussion is closed, in words. Who closes one by hand: `moderating.lock_thread`."""

from datetime import datetime

from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from articles.publishing.models import Article

DAY = "j F Y"


def why_closed(article: Article) -> str:
    """For readers, where the form would be; nothing while the discussion is open."""
    if article.takes_comments:
        return ""
    if article.comments_closed_at is not None:
        words = _("This discussion was closed on %(day)s: %(reason)s")
        return words % {"day": _day(article.comments_closed_at), "reason": article.comments_closed_reason}
    assert article.comments_end_at is not None
    words = ngettext(
        "This discussion closed on %(day)s: conversations here close %(days)d day after the article appears.",
        "This discussion closed on %(day)s: conversations here close %(days)d days after the article appears.",
        settings.COMMENTS_DAYS,
    )
    return words % {"day": _day(article.comments_end_at), "days": settings.COMMENTS_DAYS}


def when_closing(article: Article) -> str:
    """For moderators, who may keep it open; nothing where no clock runs."""
    if article.comments_end_at is None or not article.takes_comments:
        return ""
    return _("It closes by itself on %(day)s.") % {"day": _day(article.comments_end_at)}


def _day(at: datetime) -> str:
    return date_format(timezone.localtime(at), DAY)
