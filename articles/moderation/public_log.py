"""The public log of moderation: what was done when, under which rule, and what became of it. Never words or names."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from articles.discussion import bulk_moderation
from articles.discussion.models import ModerationAction
from articles.moderation.models import Appeal
from articles.publishing.models import Article

RETENTION = timedelta(days=730)  # Two years; older actions are only counted. A log of people's conduct should fade.

Action = ModerationAction.Action
LOGGED = (
    Action.HIDE,
    Action.RESTORE,
    Action.WARN,
    Action.SUSPEND,
    Action.UNSUSPEND,
    Action.BAN,
    Action.UNBAN,
    Action.CLOSE,
    Action.REOPEN,
    Action.UPHOLD_NOTICE,
    Action.REJECT_NOTICE,
    Action.WARN_SENDER,
    Action.LIMIT_SENDER,
    Action.UPHOLD_APPEAL,
    Action.REJECT_APPEAL,
)


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the log, as anyone may read it."""

    number: int
    made_at: datetime
    sentence: str
    ground: str
    source: str
    appeal: str
    article: Article | None
    """The article whose discussion it was in, if it is public."""


def logged_actions() -> "QuerySet[ModerationAction]":
    """Return the actions of the log, newest first, with one for each bulk operation."""
    actions = bulk_moderation.log_entries().filter(action__in=LOGGED, created_at__gt=timezone.now() - RETENTION)
    return actions.select_related("clause", "article", "comment__article", "appeal").defer(
        "article__body", "article__body_html", "comment__article__body", "comment__article__body_html"
    )


def entries(actions: list[ModerationAction]) -> list[Entry]:
    """Return the lines of these actions. One query, for the sizes of bulk operations."""
    sizes = bulk_moderation.batch_sizes(actions)
    return [_entry(action, sizes.get((action.batch, action.action), 1)) for action in actions]


def _entry(action: ModerationAction, number: int) -> Entry:
    article = action.comment.article if action.comment else action.article
    return Entry(
        number=action.pk,
        made_at=action.created_at,
        sentence=_sentence(action, number),
        # A law is typed freely, so it might name somebody: only that there is one is public.
        ground=str(action.clause) if action.clause else _("The law") if action.law else "",
        source=str(action.get_source_display()) if action.is_against_person else "",
        appeal=_appeal(action),
        article=article if article is not None and article.is_public else None,
    )


def _sentence(action: ModerationAction, number: int) -> str:
    if action.action == Action.HIDE:
        return ngettext("%(number)d comment hidden", "%(number)d comments hidden", number) % {"number": number}
    if action.action == Action.RESTORE:
        return ngettext("%(number)d comment restored", "%(number)d comments restored", number) % {"number": number}
    days = max(1, round((action.ends_at - action.created_at) / timedelta(days=1))) if action.ends_at else 0
    for_days = ngettext("for %(days)d day", "for %(days)d days", days) % {"days": days}
    return {
        Action.WARN: _("Reader warned"),
        Action.SUSPEND: _("Reader suspended from commenting %(for_days)s") % {"for_days": for_days},
        Action.UNSUSPEND: _("Suspension lifted"),
        Action.BAN: _("Reader banned %(for_days)s") % {"for_days": for_days}
        if days
        else _("Reader banned with no end date"),
        Action.UNBAN: _("Ban lifted"),
        Action.CLOSE: _("Discussion closed"),
        Action.REOPEN: _("Discussion reopened"),
        Action.UPHOLD_NOTICE: _("Notice of illegal content upheld"),
        Action.REJECT_NOTICE: _("Notice of illegal content rejected"),
        Action.WARN_SENDER: _("Sender of notices warned"),
        Action.LIMIT_SENDER: _("Notices of a sender suspended"),
        Action.UPHOLD_APPEAL: _("Appeal upheld"),
        Action.REJECT_APPEAL: _("Appeal rejected"),
    }[Action(action.action)]


def _appeal(action: ModerationAction) -> str:
    appeal: Appeal | None = getattr(action, "appeal", None)
    if appeal is None:
        return _("Overturned") if action.overturned_at else ""
    return {
        Appeal.State.OPEN: _("Appealed"),
        Appeal.State.UPHELD: _("Appealed and overturned"),
        Appeal.State.REJECTED: _("Appealed and confirmed"),
        Appeal.State.MOOT: _("Overturned"),
    }[Appeal.State(appeal.state)]
