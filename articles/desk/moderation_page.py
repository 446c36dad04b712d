"""The moderators' page: reports, held comments and topics that wait, of all rooms."""

from dataclasses import dataclass, field

from django.db.models import Count, Max, Prefetch, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from articles.discussion import bulk_moderation, rules
from articles.discussion.models import Comment, Report
from articles.text.excerpts import excerpt
from articles.text.sanitizing import trusted
from articles.topics import curating
from articles.web.decorators import permission_required

A_PAGE = 30  # Of each kind: what one person works through at a sitting; the next ones move up.
LATEST_ACTS = 20


@dataclass(frozen=True, slots=True)
class Case:
    """One comment that waits for a decision."""

    comment: Comment
    body: str
    reports: list[Report] = field(default_factory=list)


def reported() -> tuple[list[Case], int]:
    """Comments with open reports, those with the most first, and how many there are in all."""
    open_ones = Q(reports__state=Report.State.OPEN)
    comments = (
        Comment.objects.filter(open_ones)
        .annotate(waiting=Count("reports", filter=open_ones), newest_report=Max("reports__created_at"))
        .order_by("-waiting", "-newest_report")
    )
    reports = Report.objects.filter(state=Report.State.OPEN).select_related("reader")
    shown = comments.select_related("author", "article").prefetch_related(
        Prefetch("reports", reports, to_attr="open_reports")
    )
    cases = [
        Case(comment, trusted(comment.body_html), comment.open_reports)  # type: ignore[attr-defined]
        for comment in shown[:A_PAGE]
    ]
    return cases, comments.count()


def held() -> tuple[list[Case], int]:
    """Comments that wait to be shown, the oldest first."""
    comments = Comment.objects.filter(state=Comment.State.HELD).order_by("posted_at", "pk")
    shown = comments.select_related("author", "article")
    return [Case(comment, trusted(comment.body_html)) for comment in shown[:A_PAGE]], comments.count()


@require_safe
@permission_required(rules.may_moderate)
def show(request: HttpRequest) -> HttpResponse:
    cases, reported_in_all = reported()
    held_cases, held_in_all = held()
    acts = list(bulk_moderation.log_lines().select_related("by", "comment", "article", "reader")[:LATEST_ACTS])
    sweeps = bulk_moderation.sweeps_of([act.batch for act in acts if act.batch])
    curates = request.user.has_perm("articles.change_articletopic")
    waiting = curating.waiting() if curates else None
    context = {
        "cases": cases,
        "reported_in_all": reported_in_all,
        "held": held_cases,
        "held_in_all": held_in_all,
        "acts": [
            (act, excerpt(act.comment.body, 60) if act.comment else "", sweeps[act.batch] - 1 if act.batch else 0)
            for act in acts
        ],
        "curates": curates,
        "topics": [] if waiting is None else list(waiting[:A_PAGE]),
        "topics_in_all": 0 if waiting is None else waiting.count(),
    }
    return render(request, "desk/moderation.html", context)
