"""The moderation page: the queue of open cases in tabs, topics awaiting approval, and the latest actions."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from articles.accounts.models import User, Viewer
from articles.discussion import bulk_moderation, rules
from articles.discussion.forms import GroundsForm
from articles.discussion.models import Classifier, Comment, ModerationAction
from articles.errors import Refused
from articles.moderation import case_history, deciding, moderation_queue
from articles.moderation.deciding import Outcome, Seen
from articles.moderation.moderation_queue import COUNT_LIMIT, PAGE_SIZE, Filters, Kind
from articles.moderation.views.cases import UNPROCESSABLE, decided_context, with_decided
from articles.publishing import about_pages
from articles.publishing.models import Article
from articles.text.quotations import comment_excerpt
from articles.topics import curating
from articles.topics import rules as topic_rules
from articles.topics.models import Objection
from articles.web.decorators import SignedInRequest, permission_required
from articles.web.pagination import parse_id

ACTIONS_SHOWN = 40
TOPICS, DECIDED = "topics", "decided"  # The tabs beside those of the queue.


def latest_actions() -> list[tuple[ModerationAction, str, int]]:
    """Return actions with the start of their comment and the number of other comments in the same batch."""
    actions = list(
        bulk_moderation.log_entries().select_related("by", "comment", "article", "reader", "clause")[:ACTIONS_SHOWN]
    )
    sizes = bulk_moderation.batch_sizes(actions)
    return [
        (
            action,
            _excerpt(action.comment) if action.comment else "",
            sizes.get((action.batch, action.action), 1) - 1,
        )
        for action in actions
    ]


def _excerpt(comment: Comment) -> str:
    """Return the start of a comment; nothing if its author withdrew it."""
    return "" if comment.state == Comment.State.WITHDRAWN else comment_excerpt(comment.body_html, 60)


def may_open(person: Viewer) -> bool:
    """Editors decide on topics without being moderators: they see that part of the page."""
    return rules.may_moderate(person) or topic_rules.may_curate(person)


@require_safe
@permission_required(may_open)
def moderation(request: SignedInRequest) -> HttpResponse:
    return _render(request)


def _render(
    request: SignedInRequest,
    *,
    form: GroundsForm | None = None,
    refusal: Refused | None = None,
    seen: Mapping[int, Seen] | None = None,
) -> HttpResponse:
    may_moderate, may_curate = rules.may_moderate(request.user), topic_rules.may_curate(request.user)
    tab = request.GET.get("show", "")
    if not may_moderate:
        tab = TOPICS
    context: dict[str, Any] = {"may_moderate": may_moderate, "may_decide_topics": may_curate}
    if refusal is not None:
        context["refusal"] = refusal.reason
        if refusal.field == "seen" and seen is not None and len(seen) == 1:
            ((comment_id, shown),) = seen.items()
            comment = Comment.objects.get(pk=comment_id)
            context["texts"] = case_history.texts_since(comment, seen=shown.version)
    if may_curate:
        context["topics_count"] = curating.awaiting_approval().order_by()[:COUNT_LIMIT].count()
    if tab == TOPICS and may_curate:
        context["topics"] = curating.awaiting_approval()[:PAGE_SIZE]
        context["objections"] = Objection.choices
    elif tab == DECIDED:
        context["latest"] = latest_actions()
    if may_moderate:
        context |= _queue(request, form, is_shown="topics" not in context and "latest" not in context)
    context["tab"] = tab if tab in (TOPICS, DECIDED, *Kind) else ""
    return render(request, "desk/moderation.html", context, status=UNPROCESSABLE if refusal else 200)


def _queue(request: SignedInRequest, form: GroundsForm | None, *, is_shown: bool) -> dict[str, Any]:
    filters = Filters.from_query(request.GET)
    counts = moderation_queue.counts(filters)
    oldest = moderation_queue.oldest_notice() if counts[Kind.NOTICES] else None
    context: dict[str, Any] = {
        "filters": filters,
        "tabs": [(title, filters.of_kind(kind).query, kind, counts[kind]) for kind, title in _titles().items()],
        "all_query": filters.of_kind(None).query,
        "count_limit": COUNT_LIMIT,
        "police_contact": about_pages.publisher().police_contact,
        "order_query": filters.reordered().query if _is_ordered(filters) else "",
        "oldest_notice": oldest,
        "oldest_notice_is_late": oldest is not None and moderation_queue.is_late(oldest),
        "person": User.objects.filter(pk=filters.person).first() if filters.person else None,
        "article": Article.objects.filter(pk=filters.article).first() if filters.article else None,
        **decided_context(request),
    }
    if is_shown:
        context["entries"], context["next_page"] = moderation_queue.page(filters, person=request.user)
        context["is_selectable"] = any(entry.is_selectable for entry in context["entries"])
        context["form"] = form or GroundsForm()
        context["selected"] = {parse_id(value) for value in request.POST.getlist("comment")}
    return context


def _is_ordered(filters: Filters) -> bool:
    """Return whether the list can be ordered by what the site's own classifier says."""
    return filters.kind == Kind.HELD and Classifier.objects.exists()


def _titles() -> dict[Kind, str]:
    return {
        Kind.NOTICES: _("Notices"),
        Kind.APPEALS: _("Appeals"),
        Kind.REPORTED: _("Reported"),
        Kind.HELD: _("Held"),
    }


@require_POST
@permission_required(rules.may_moderate)
def decide_selected(request: SignedInRequest) -> HttpResponse:
    """Approve or hide the selected comments (`comment`), or the one whose own button was pressed (`keep`)."""
    keep = request.POST.get("keep", "")
    outcome = Outcome.HIDE if "hide" in request.POST else Outcome.KEEP
    chosen = [keep] if keep.isdigit() else request.POST.getlist("comment")
    seen = {pk: Seen.parse(request.POST.get(f"seen-{pk}", "")) for pk in map(parse_id, chosen) if pk is not None}
    form = GroundsForm(request.POST)
    try:
        if not (keep or {"hide", "approve"} & request.POST.keys()):
            raise Refused(_("Choose what to do."))
        if outcome == Outcome.HIDE and not form.is_valid():
            raise Refused(str(next(iter(form.errors.values()))[0]))
        grounds = form.cleaned_data if outcome == Outcome.HIDE else {}
        result = deciding.decide_each(seen=seen, by=request.user, outcome=outcome, **grounds)
    except Refused as refusal:
        return _render(request, form=form, refusal=refusal, seen=seen)
    if result.skipped:
        text = ngettext(
            "%(n)d was skipped because someone else had just changed it.",
            "%(n)d were skipped because someone else had just changed them.",
            result.skipped,
        )
        messages.warning(request, text % {"n": result.skipped})
    return redirect(with_decided(reverse("moderation") + Filters.from_query(request.GET).query, result.batch))
