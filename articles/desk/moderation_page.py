"""The moderation page: reported and held comments, pending topics and the latest actions."""

from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Max, Prefetch, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from articles.accounts.models import Viewer
from articles.discussion import bulk_moderation, closing, rules
from articles.discussion.models import Comment, ModerationAction, Report
from articles.moderation.models import Appeal, Notice, NoticedPlace
from articles.moderation.rules import may_decide_appeal
from articles.publishing import about_pages
from articles.publishing.community_rules import current_clauses
from articles.text.directions import own_directions
from articles.text.quotations import comment_excerpt
from articles.topics import curating
from articles.topics import rules as topic_rules
from articles.web.decorators import permission_required

PAGE_SIZE = 30  # Of each kind: what one person works through at a sitting.
ACTIONS_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Case:
    """A comment that needs a decision."""

    comment: Comment
    body: str
    reports: list[Report] = field(default_factory=list)

    @property
    def discussion_is_open(self) -> bool:
        return closing.is_open(self.comment.article)

    @property
    def is_reported_as_unlawful(self) -> bool:
        return any(report.reason == Report.Reason.UNLAWFUL for report in self.reports)


def reported_cases() -> tuple[list[Case], int]:
    """Return the comments that most readers reported, and the number of all reported comments."""
    is_open = Q(reports__state=Report.State.OPEN)
    comments = (
        Comment.objects.filter(is_open)
        .with_text_version()
        .annotate(
            waiting=Count("reports", filter=Q(reports__counts=True), distinct=True),
            newest_report=Max("reports__created_at"),
        )
        .order_by("-waiting", "-newest_report")
    )
    reports = Report.objects.filter(state=Report.State.OPEN).select_related("reader")
    page = comments.select_related("author", "article").prefetch_related(
        Prefetch("reports", reports, to_attr="open_reports")
    )
    cases = [
        Case(comment, own_directions(comment.body_html), comment.open_reports)  # type: ignore[attr-defined]
        for comment in page[:PAGE_SIZE]
    ]
    return cases, comments.count()


def held_cases() -> tuple[list[Case], int]:
    """Return the oldest held comments, and the number of all."""
    comments = Comment.objects.filter(state=Comment.State.HELD).order_by("posted_at", "pk")
    page = comments.select_related("author", "article").with_text_version()
    return [Case(comment, own_directions(comment.body_html)) for comment in page[:PAGE_SIZE]], comments.count()


def latest_actions() -> list[tuple[ModerationAction, str, int]]:
    """Return actions with the start of their comment and the number of other comments hidden in the same batch."""
    actions = list(
        bulk_moderation.log_entries().select_related("by", "comment", "article", "reader", "clause")[:ACTIONS_SHOWN]
    )
    sweeps = bulk_moderation.batch_sizes([action.batch for action in actions if action.batch])
    return [
        (
            action,
            _excerpt(action.comment) if action.comment else "",
            sweeps[action.batch] - 1 if action.batch else 0,
        )
        for action in actions
    ]


def open_appeals(person: Viewer) -> list[tuple[Appeal, bool]]:
    """Return the oldest open appeals, and whether this moderator may decide each."""
    appeals = list(Appeal.objects.open().select_related("action").order_by("pk")[:PAGE_SIZE])
    return [(appeal, may_decide_appeal(person, appeal)) for appeal in appeals]


def open_notices() -> list[NoticedPlace]:
    """Return the oldest places of notices that nobody has decided on."""
    places = NoticedPlace.objects.filter(action=None, notice__state=Notice.State.OPEN).select_related("notice")
    return list(places.order_by("notice", "pk")[:PAGE_SIZE])


def _excerpt(comment: Comment) -> str:
    """Return the start of a comment; nothing if its author withdrew it."""
    return "" if comment.state == Comment.State.WITHDRAWN else comment_excerpt(comment.body_html, 60)


def may_open(person: Viewer) -> bool:
    """Editors decide on topics without being moderators: they see that part of the page."""
    return rules.may_moderate(person) or topic_rules.may_curate(person)


@require_safe
@permission_required(may_open)
def moderation(request: HttpRequest) -> HttpResponse:
    context: dict[str, Any] = {
        "may_moderate": rules.may_moderate(request.user),
        "may_decide_topics": topic_rules.may_curate(request.user),
    }
    if context["may_moderate"]:
        context["cases"], context["reported_in_all"] = reported_cases()
        context["held"], context["held_in_all"] = held_cases()
        context["actions"] = latest_actions()
        context["clauses"] = list(current_clauses())
        context["appeals"] = open_appeals(request.user)
        context["notices"] = open_notices()
        context["police_contact"] = about_pages.publisher().police_contact
    if context["may_decide_topics"]:
        waiting = curating.awaiting_approval()
        context |= {"topics": list(waiting[:PAGE_SIZE]), "topics_in_all": waiting.count()}
    return render(request, "desk/moderation.html", context)
