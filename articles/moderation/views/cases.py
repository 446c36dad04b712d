"""The page of a comment's case, who has which case, and undoing."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.core.mail import EmailMessage
from django.db import OperationalError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from articles.accounts.models import User
from articles.discussion import moderating
from articles.discussion.models import Comment
from articles.discussion.models.comment import PATH_SEGMENT
from articles.discussion.rules import may_decide_about, may_moderate
from articles.errors import Refused
from articles.moderation import case_history, claiming, deciding, emails, moderation_queue, undoing
from articles.moderation.forms import CaseForm
from articles.moderation.models import Appeal, NoticedPlace
from articles.moderation.moderation_queue import Filters
from articles.publishing import about_pages
from articles.text.directions import own_directions
from articles.web.decorators import SignedInRequest, permission_required
from articles.web.pagination import MAX_ID

UNPROCESSABLE = 422
ANCESTORS_SHOWN = 3  # Of the comment, the nearest ones: what it answers.
REPLIES_SHOWN = 3
ACTIONS_SHOWN = 5  # On the comment itself.


@require_http_methods(["GET", "POST"])
@permission_required(may_moderate)
def case(request: SignedInRequest, comment_id: int) -> HttpResponse:
    """Show a comment's case, which gives it to the moderator for some minutes, or decide on it."""
    comment = get_object_or_404(moderation_queue.open_comments(), pk=min(comment_id, MAX_ID))
    filters = Filters.from_query(request.GET).at(moderation_queue.position_of(comment))
    seen, sent = moderation_queue.seen_of(comment), request.POST if request.method == "POST" else None
    facts = "" if sent else moderating.facts_of(comment, moderation_queue.reports_of(comment))
    form = CaseForm(sent, seen=seen, facts=facts)
    if request.method == "GET" or not form.is_valid():
        return _render(request, comment, filters, form)
    batch = uuid4()
    try:
        if "preview" in request.POST:
            planned = deciding.planned_actions(form.decision, comment=comment, by=request.user)
            preview = [emails.decision_email(action, address="") for action in planned]
            return _render(request, comment, filters, form, email_preview=preview)
        deciding.decide(form.decision, comment=comment, by=request.user, batch=batch)
    except Refused as refusal:
        # What another moderator or the author did since is on the page that follows.
        comment = get_object_or_404(moderation_queue.open_comments(), pk=comment.pk)
        form.renew(moderation_queue.seen_of(comment))
        return _render(request, comment, filters, form, refusal=refusal)
    return redirect_to_next(request, filters, decided=batch)


def redirect_to_next(request: SignedInRequest, filters: Filters, *, decided: UUID | None = None) -> HttpResponse:
    """Redirect to the next case, or to the queue if there is none, with a word about the one that was decided."""
    url = moderation_queue.neighbour(filters, by=request.user) or reverse("moderation") + filters.at(None).query
    return redirect(url if decided is None else with_decided(url, decided))


def with_decided(url: str, batch: UUID) -> str:
    """Return the URL of a page that says what was decided just before, and offers to undo it."""
    return f"{url}{'&' if '?' in url else '?'}decided={batch}"


def decided_context(request: SignedInRequest) -> dict[str, Any]:
    """Return what the page says of the decision that led to it, with what it takes to undo it."""
    try:
        batch = UUID(request.GET.get("decided", ""))
    except ValueError:
        return {}
    actions = list(undoing.undoable(batch, by=request.user))
    return {"decided": batch, "decided_sentence": deciding.sentence_of(actions)} if actions else {}


def claim_context(
    request: SignedInRequest, target: claiming.Target, filters: Filters, *, may_decide: bool = True
) -> dict[str, Any]:
    """Give an open case to this moderator, unless another has it, and return what its page says of that.

    Whoever may not decide doesn't get it.
    """
    context: dict[str, Any] = {"filters": filters.at(None), "claim_of": (claiming.field_of(target), target.pk)}
    if filters.after is None:
        return context
    following = moderation_queue.neighbour(filters, by=request.user)
    context["next_url"] = following if following != moderation_queue.url_of(target, filters) else ""
    context["previous_url"] = moderation_queue.neighbour(filters, by=request.user, backwards=True)
    if may_decide:
        try:
            held = claiming.claim(target, by=request.user)
        except OperationalError:  # Another writer has the database: the case can be read, and decided without a claim.
            return context
        context["claim"] = held
        context["claimed"] = "" if held.by_id == request.user.pk else claiming.sentence_of(held)
    return context


def _render(
    request: SignedInRequest,
    comment: Comment,
    filters: Filters,
    form: CaseForm,
    *,
    refusal: Refused | None = None,
    email_preview: Sequence[EmailMessage] | None = None,
) -> HttpResponse:
    """Show the case.

    Args:
        email_preview: What the author would be sent, if the moderator has asked to see it before deciding.
    """
    form.offer(deciding.possible_outcomes(comment), comment)
    may_decide = may_decide_about(request.user, comment)
    context: dict[str, Any] = {
        "title": _("Case %(number)d") % {"number": comment.pk},
        "comment": comment,
        "form": form,
        "body": moderation_queue.text_of(comment),
        "may_decide": may_decide,
        "reports": moderation_queue.reports_of(comment),
        "is_reported_as_unlawful": moderation_queue.is_reported_as_unlawful(comment),
        "changed": _changed_since_reports(comment),
        "thread": _thread_around(comment),
        "record": case_history.record_of(comment.author) if comment.author else None,
        "police_contact": about_pages.publisher().police_contact,
        "half_life": case_history.HALF_LIFE.days,
        "similar": case_history.similar_to(comment),
        "clause_figures": case_history.figures_of_clauses(list(form.clauses.values())),
        "actions": comment.moderation_actions.select_related("by", "clause")[:ACTIONS_SHOWN],
        "places": NoticedPlace.objects.filter(comment=comment, action=None).select_related("notice"),
        "is_preview": email_preview is not None,
        "email_preview": email_preview,
        **claim_context(request, comment, filters, may_decide=may_decide),
        **decided_context(request),
    }
    if refusal is not None:
        if refusal.field == "seen":
            context["texts"] = case_history.texts_since(comment, seen=form.decision.seen.version)
        if refusal.field in form.fields and refusal.field != "seen":
            form.add_error(refusal.field, refusal.reason)
        else:
            context["refusal"] = refusal.reason
    is_refused = form.is_bound and email_preview is None
    return render(request, "moderation/case.html", context, status=UNPROCESSABLE if is_refused else 200)


def _changed_since_reports(comment: Comment) -> SafeString | str:
    """Return the difference between the text that was reported first and the text now; empty if it is the same."""
    seen = min((report.text_version for report in moderation_queue.reports_of(comment)), default=comment.text_version)
    texts = case_history.texts_since(comment, seen=seen)
    return texts[1][1] if texts else ""


def _thread_around(comment: Comment) -> list[tuple[Comment, str]]:
    """Return the comments that it answers and the first replies to it, in reading order, each with its HTML."""
    segments = [comment.path[at : at + PATH_SEGMENT] for at in range(0, len(comment.path), PATH_SEGMENT)]
    ancestors = [int(segment, 36) for segment in segments if int(segment, 36) != comment.pk]
    near = {*ancestors[-ANCESTORS_SHOWN:], comment.parent_id or 0}
    replies = comment.replies.in_threads().order_by("pk").values_list("pk", flat=True)[:REPLIES_SHOWN]
    rows = Comment.objects.filter(pk__in=[*near, *replies]).select_related("author").order_by("pk")
    return [(row, own_directions(row.body_html) if row.state == Comment.State.VISIBLE else "") for row in rows]


@require_POST
@permission_required(may_moderate)
def claim(request: SignedInRequest, kind: str, target_id: int) -> HttpResponse:
    """Take a case over from another moderator (`take`), or give it back."""
    models: dict[str, Any] = {"comment": Comment, "place": NoticedPlace, "appeal": Appeal}
    if kind not in models:
        raise Http404
    target: claiming.Target = get_object_or_404(models[kind], pk=min(target_id, MAX_ID))
    filters = Filters.from_query(request.GET)
    if "take" in request.POST:
        claiming.claim(target, by=request.user, take_over=True)
        messages.success(request, _("You have this case now."))
        return redirect(moderation_queue.url_of(target, filters))
    claiming.release(target, by=request.user)
    return redirect(reverse("moderation") + filters.query)


@require_POST
@permission_required(may_moderate)
def undo(request: SignedInRequest, batch: UUID) -> HttpResponse:
    """Undo a decision or a bulk operation, and go back to the case, or to the queue."""
    filters = Filters.from_query(request.GET)
    cases = _cases_of(batch, by=request.user)  # Before: a decision that is undone is no longer that of its case.
    try:
        result = undoing.undo_batch(batch=batch, by=request.user)
    except Refused as refusal:
        messages.error(request, refusal.reason)
        return redirect(reverse("moderation") + filters.query)
    message = ngettext("Decision undone.", "%(n)d decisions undone.", result.done) % {"n": result.done}
    if result.skipped:
        message += " " + _("What others have changed since stays as it is.")
    messages.success(request, message)
    if len(cases) == 1:
        return redirect(moderation_queue.url_of(cases.pop(), filters))
    return redirect(reverse("moderation") + filters.query)


def _cases_of(batch: UUID, *, by: User) -> set[claiming.Target]:
    """Return the cases on which this moderator's decisions can be undone: of appeals, else notices, else comments."""
    actions = undoing.undoable(batch, by=by).select_related("comment")
    found: tuple[set[claiming.Target], ...] = (
        set(Appeal.objects.filter(decision__in=actions)),
        set(NoticedPlace.objects.filter(action__in=actions.filter(action__in=undoing.OF_NOTICES))),
        {action.comment for action in actions if action.comment is not None},
    )
    return next(filter(None, found), set())
