"""Statements of reasons, for those whom decisions concern, and their appeals."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from articles.discussion.models import ModerationAction, Report
from articles.errors import Refused
from articles.moderation import appeals, rules, statements
from articles.moderation.forms import AppealForm
from articles.moderation.models import Appeal, Notice
from articles.web.decorators import SignedInRequest, signed_in
from articles.web.pagination import MAX_ID, paginate

UNPROCESSABLE = 422
REPORTS_SHOWN = 20  # Of a reader's own: the latest, of which one wants to know the outcome.


@require_safe
@signed_in
def own_decisions(request: SignedInRequest) -> HttpResponse:
    """Show a reader the decisions about them, and what became of their reports and notices."""
    reports = Report.objects.filter(reader=request.user).select_related("comment__article").order_by("-pk")
    page = paginate(statements.decisions_on(request.user), request)
    context = {
        "page": page,
        "decisions": [(action, statements.title_of(action), statements.appeal_of(action)) for action in page.items],
        "reports": reports.defer("comment__article__body", "comment__article__body_html")[:REPORTS_SHOWN],
        "notices": Notice.objects.filter(reader=request.user).order_by("-pk")[:REPORTS_SHOWN],
    }
    return render(request, "moderation/own_decisions.html", context)


def _decision(request: HttpRequest, action_id: int) -> ModerationAction:
    """Return a decision that the viewer may read, or raise Http404: others must not learn that it exists."""
    actions = ModerationAction.objects.select_related("comment__article", "clause__version", "reader", "appeal")
    action = get_object_or_404(actions, pk=min(action_id, MAX_ID))
    if not rules.may_read_decision(request.user, action):
        raise Http404
    return action


@require_safe
@signed_in
def decision(request: SignedInRequest, action_id: int) -> HttpResponse:
    action = _decision(request, action_id)
    if request.user.pk == action.concerns_id and action.seen_at is None:
        statements.mark_seen(action)
    return _render_decision(request, action, AppealForm())


@require_http_methods(["POST"])
@signed_in
def appeal(request: SignedInRequest, action_id: int) -> HttpResponse:
    """Appeal against a decision. Also banned readers may."""
    action = _decision(request, action_id)
    form = AppealForm(request.POST)
    try:
        if form.is_valid():
            appeals.make_appeal(action=action, by=request.user, **form.cleaned_data)
    except Refused as refusal:
        form.add_error("text", refusal.reason)
    if not form.is_valid():
        return _render_decision(request, action, form, status=UNPROCESSABLE)
    messages.success(request, _("Appeal sent. Another moderator will decide, and we’ll email you the outcome."))
    return redirect("decision", action.pk)


def _render_decision(
    request: SignedInRequest, action: ModerationAction, form: AppealForm, *, status: int = 200
) -> HttpResponse:
    made: Appeal | None = statements.appeal_of(action)
    context: dict[str, Any] = {
        "action": action,
        "statement": statements.statement_of(action, to_person=request.user.pk == action.concerns_id),
        "appeal": made,
        "form": form,
        "is_own": request.user.pk == action.concerns_id,
        "article": action.comment.article if action.comment else None,
        "most": appeals.MAX_APPEAL_LENGTH,
    }
    return render(request, "moderation/decision.html", context, status=status)
