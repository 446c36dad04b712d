"""The page on which a moderator decides on an appeal."""

from typing import Any
from uuid import uuid4

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods

from articles.accounts.models import User
from articles.discussion.models import Comment, ModerationAction
from articles.discussion.rules import may_moderate
from articles.errors import Refused
from articles.moderation import appeals, claiming, moderation_queue, rules, statements
from articles.moderation.forms import DecisionForm
from articles.moderation.models import Appeal
from articles.moderation.moderation_queue import Filters
from articles.moderation.views.cases import claim_context, decided_context, redirect_to_next
from articles.text.directions import own_directions
from articles.web.decorators import SignedInRequest, permission_required
from articles.web.pagination import MAX_ID

UNPROCESSABLE = 422
CONTEXT_SHOWN = 5  # Comments before and after, in the thread as it stood.
RECORD_SHOWN = 10  # Of a person's earlier decisions.


@require_http_methods(["GET", "POST"])
@permission_required(may_moderate)
def review(request: SignedInRequest, appeal_id: int) -> HttpResponse:
    found = Appeal.objects.select_related(
        "by", "decision__by", "action__by", "action__clause__version", "action__comment__article", "action__reader"
    )
    appeal = get_object_or_404(found, pk=min(appeal_id, MAX_ID))
    filters = Filters.from_query(request.GET).at(moderation_queue.position_of(appeal))
    form = DecisionForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        batch = uuid4()
        try:
            claiming.require_not_taken(appeal, by=request.user)
            appeals.decide_appeal(appeal=appeal, by=request.user, batch=batch, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.reason)
        else:
            claiming.end(appeal)
            return redirect_to_next(request, filters, decided=batch)
    form.focus("upheld")
    status = UNPROCESSABLE if form.is_bound else 200
    context = _context(request, appeal, form) | decided_context(request)
    context |= claim_context(request, appeal, filters, may_decide=context["may_decide"])
    return render(request, "moderation/appeal.html", context, status=status)


def _context(request: SignedInRequest, appeal: Appeal, form: DecisionForm) -> dict[str, Any]:
    action = appeal.action
    person = appeal.by
    context: dict[str, Any] = {
        "appeal": appeal,
        "action": action,
        "form": form,
        "may_decide": rules.may_decide_appeal(request.user, appeal),
        "is_first": rules.is_first_moderator(request.user, appeal),
        "is_concerned": rules.concerns(request.user, appeal),
        "thread": thread_as_it_stood(action),
        "record": record_of(person, before=action) if person else [],
    }
    if action.is_against_person:
        context["statement"] = statements.statement_of(action, to_person=False)
        context["ground_text"] = action.clause.body if action.clause else ""
    return context


def thread_as_it_stood(action: ModerationAction) -> list[tuple[Comment, str]]:
    """Return the comments around the one that was decided on, those of the thread that were there at the time."""
    comment = action.comment
    if comment is None:
        return []
    root = comment.root_id or comment.pk
    thread = Comment.objects.filter(root=root) | Comment.objects.filter(pk=root)
    then = thread.filter(posted_at__lte=action.created_at).select_related("author").order_by("path", "pk")
    rows = list(then.values_list("pk", flat=True))
    place = rows.index(comment.pk) if comment.pk in rows else 0
    near = rows[max(0, place - CONTEXT_SHOWN) : place + CONTEXT_SHOWN + 1]
    return [
        (row, own_directions(row.body_html) if row.state in (Comment.State.VISIBLE, Comment.State.HIDDEN) else "")
        for row in then.filter(pk__in=near)
    ]


def record_of(person: User, *, before: ModerationAction) -> list[ModerationAction]:
    """Return the earlier decisions against a person, newest first."""
    return list(statements.decisions_on(person).filter(pk__lt=before.pk)[:RECORD_SHOWN])
