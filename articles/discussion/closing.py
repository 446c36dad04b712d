"""Close and reopen discussions: by their age or by a moderator, and what readers are told."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from articles.accounts.models import User
from articles.discussion import moderation_log
from articles.discussion.models import ModerationAction
from articles.errors import Refused
from articles.publishing.models import Article

DAY = "j F Y"
Action = ModerationAction.Action


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


@transaction.atomic
def close_discussion(*, article: Article, by: User, reason: str) -> ModerationAction:
    """Close a discussion to new comments. Readers see the reason.

    Raises:
        Refused: There is no reason, `by` may not moderate, or the discussion is closed already.
    """
    reason = moderation_log.require_moderator(by, reason)
    article = Article.objects.select_for_update(of=("self",), no_key=True).get(pk=article.pk)
    if not is_open(article):
        raise Refused(_("This discussion is already closed."))
    article.comments_closed_at, article.comments_closed_reason = timezone.now(), reason[:200]
    article.comments_kept_open = False
    _save_closing(article)
    return moderation_log.log_action(Action.CLOSE, by, reason, article=article)


@transaction.atomic
def reopen_discussion(*, article: Article, by: User, reason: str) -> ModerationAction:
    """Reopen a closed discussion, or keep an open one from closing automatically.

    A discussion that a moderator closed early still closes on its day; any other stays open until it is closed by hand.

    Raises:
        Refused: There is no reason, `by` may not moderate, or the discussion is open with no closing date.
    """
    reason = moderation_log.require_moderator(by, reason)
    article = Article.objects.select_for_update(of=("self",), no_key=True).get(pk=article.pk)
    was_open = is_open(article)
    if was_open and closes_at(article) is None:
        raise Refused(_("This discussion is already open."))
    article.comments_closed_at, article.comments_closed_reason = None, ""
    article.comments_kept_open = was_open or not is_open(article)
    _save_closing(article)
    return moderation_log.log_action(Action.KEEP_OPEN if was_open else Action.REOPEN, by, reason, article=article)


def _save_closing(article: Article) -> None:
    article.save(update_fields=["comments_closed_at", "comments_closed_reason", "comments_kept_open"])
