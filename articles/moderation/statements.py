"""Statements of reasons: what a person is told about a decision against them.

The parts are those of article 17(3) of Regulation (EU) 2022/2065: the restriction, its place and duration; the facts
and what led to it; the use of programs; the rule or law, and why; the ways of redress.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from articles.accounts.models import User
from articles.discussion.models import Comment, ModerationAction
from articles.moderation.models import Appeal
from articles.text.directions import own_directions

APPEAL_PERIOD = timedelta(days=183)  # Article 20(1): at least six months.

Action = ModerationAction.Action


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """A decision in words. Its parts are sentences, for the page and for the email."""

    title: str
    restriction: str
    ground: str
    reason: str
    facts: str
    source: str
    programs: str
    made_at: datetime
    appeal_until: datetime
    overturned_at: datetime | None
    text_html: str
    """The comment as it was then; empty for a decision on an account, and once its author has withdrawn it."""
    url: str

    @property
    def can_be_appealed(self) -> bool:
        return self.overturned_at is None and timezone.now() < self.appeal_until


def decisions_on(reader: User) -> "QuerySet[ModerationAction]":
    """Return the decisions against a reader and their comments, newest first."""
    concerns = Q(reader=reader) | Q(comment__author=reader)
    decisions = ModerationAction.objects.filter(concerns, action__in=ModerationAction.AGAINST_PERSONS)
    return decisions.select_related("clause__version", "comment__article", "appeal").order_by("-pk")


def unseen_decisions(reader: User) -> int:
    """Return how many decisions against a reader they haven't opened yet."""
    return decisions_on(reader).filter(seen_at=None, overturned_at=None).count()


def mark_seen(action: ModerationAction) -> None:
    ModerationAction.objects.filter(pk=action.pk, seen_at=None).update(seen_at=timezone.now())


def appeal_of(action: ModerationAction) -> Appeal | None:
    found: Appeal | None = getattr(action, "appeal", None)
    return found


def statement_of(action: ModerationAction, *, to_person: bool = True) -> Statement:
    """Return the statement of reasons of a decision against a person, worded for that person or for moderators."""
    return Statement(
        title=title_of(action) if to_person else _title_for_moderators(action),
        restriction=_restriction(action) if to_person else _restriction_for_moderators(action),
        ground=ground_in_words(action),
        reason=action.reason,
        facts=action.facts,
        source=_source(action),
        programs=_programs(action),
        made_at=action.created_at,
        appeal_until=action.created_at + APPEAL_PERIOD,
        overturned_at=action.overturned_at,
        text_html=text_decided_on(action),
        # One that is only planned has no page of its own yet.
        url=reverse("decision", args=[action.pk]) if action.pk else reverse("own_decisions"),
    )


def ground_in_words(action: ModerationAction) -> str:
    """Return the rule with its version, or the law; empty for decisions from before these were recorded."""
    if action.clause is None:
        return action.law
    version = action.clause.version
    names = {
        "clause": str(action.clause),
        "number": version.number,
        "day": date_format(timezone.localtime(version.published_at), "DATE_FORMAT"),
    }
    return _("%(clause)s (community rules, version %(number)d of %(day)s)") % names


def text_decided_on(action: ModerationAction) -> str:
    """Return the HTML of the comment in the version that was decided on. Queries its versions."""
    comment = action.comment
    if comment is None or comment.state == Comment.State.WITHDRAWN:
        return ""
    if action.text_version is not None:
        later = comment.versions.order_by("pk")[action.text_version : action.text_version + 1]
        if versions := list(later):
            return own_directions(versions[0].body_html)
    return own_directions(comment.body_html)


def title_of(action: ModerationAction) -> str:
    return {
        Action.HIDE: _("A moderator hid your comment"),
        Action.WARN: _("A moderator warned you"),
        Action.SUSPEND: _("A moderator suspended you from commenting"),
        Action.BAN: _("A moderator banned you"),
    }[Action(action.action)]


def _restriction(action: ModerationAction) -> str:
    end = date_format(timezone.localtime(action.ends_at), "DATETIME_FORMAT") if action.ends_at else ""
    return {
        Action.HIDE: _("Your comment is hidden on this site, for readers everywhere, with no end date. Replies stay."),
        Action.WARN: _("Nothing is restricted. Your comment stays, and you can comment as before."),
        Action.SUSPEND: _("You can’t comment on this site until %(end)s.") % {"end": end},
        Action.BAN: _("You can’t write anything on this site until %(end)s. You can still read.") % {"end": end}
        if end
        else _("You can’t write anything on this site, with no end date. You can still read."),
    }[Action(action.action)]


def _title_for_moderators(action: ModerationAction) -> str:
    return {
        Action.HIDE: _("A moderator hid this comment"),
        Action.WARN: _("A moderator warned this commenter"),
        Action.SUSPEND: _("A moderator suspended this commenter"),
        Action.BAN: _("A moderator banned this reader"),
    }[Action(action.action)]


def _restriction_for_moderators(action: ModerationAction) -> str:
    end = date_format(timezone.localtime(action.ends_at), "DATETIME_FORMAT") if action.ends_at else ""
    return {
        Action.HIDE: _("The comment is hidden on this site, for readers everywhere, with no end date. Replies stay."),
        Action.WARN: _("Nothing is restricted."),
        Action.SUSPEND: _("No comments on this site until %(end)s.") % {"end": end},
        Action.BAN: _("Nothing can be written on this site until %(end)s.") % {"end": end}
        if end
        else _("Nothing can be written on this site, with no end date."),
    }[Action(action.action)]


def _source(action: ModerationAction) -> str:
    return {
        ModerationAction.Source.OWN: _("Moderators acted on their own initiative."),
        ModerationAction.Source.REPORT: _("A reader had reported it."),
        ModerationAction.Source.NOTICE: _("Someone had given notice of it as illegal content."),
        ModerationAction.Source.RULE: _("It was held for review before anyone could read it."),
        ModerationAction.Source.APPEAL: _("An appeal led to it."),
    }[ModerationAction.Source(action.source)]


def _programs(action: ModerationAction) -> str:
    if action.found_by_program:
        return _("A program held it for review. A person made the decision.")
    return _("No program was involved.")
