"""Bulk hiding and restoring of comments."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from articles.accounts.models import User
from articles.discussion import bulk_moderation, rules
from articles.discussion.forms import GroundsForm, ReasonForm
from articles.discussion.models import Comment
from articles.discussion.threads.thread_sorting import parse_id
from articles.discussion.views.forms_in_place import UNPROCESSABLE, reader_of
from articles.errors import Refused
from articles.publishing.models import Article
from articles.text.directions import own_directions
from articles.web.decorators import permission_required

MAX_DAYS = 10_000  # Keeps the date within Python's range.

both = require_http_methods(["GET", "POST"])


@both
@permission_required(rules.may_moderate)
def hide(request: HttpRequest) -> HttpResponse:
    """Hide a reader's comments, on one article or all, or comments selected on another page."""
    page: dict[str, Any] = {"title": _("Hide comments"), "button": _("Hide selected"), "hides": True}
    if request.method == "POST":
        return _run(request, bulk_moderation.hide_comments, page)
    reader = get_object_or_404(User, pk=parse_id(request.GET.get("reader", "")))
    chosen = {"reader": reader.pk, "days": min(parse_id(request.GET.get("days", "0")), MAX_DAYS)}
    page["about"] = [_("By %(name)s") % {"name": reader.username}]
    if request.GET.get("article"):
        article = get_object_or_404(Article, pk=parse_id(request.GET["article"]))
        chosen["article"] = article.pk
        page["about"].append(article.headline)
    page["spans"] = [
        (label, f"?{urlencode({**chosen, 'days': days})}", days == chosen["days"])
        for days, label in ((1, _("Last day")), (7, _("Last 7 days")), (30, _("Last 30 days")), (0, _("All")))
    ]
    return _render(request, bulk_moderation.hideable(**chosen), page)


@both
@permission_required(rules.may_moderate)
def restore(request: HttpRequest) -> HttpResponse:
    """Restore comments that were hidden in one batch."""
    page: dict[str, Any] = {"title": _("Restore comments"), "button": _("Restore selected")}
    if request.method == "POST":
        return _run(request, bulk_moderation.restore_comments, page)
    try:
        batch = UUID(request.GET.get("batch", ""))
    except ValueError:
        raise Http404 from None
    page["about"] = [_("Hidden together and still hidden")]
    return _render(request, bulk_moderation.restorable(batch), page)


def _render(
    request: HttpRequest, comments: "QuerySet[Comment]", page: dict[str, Any], *, refusal: str = "", status: int = 200
) -> HttpResponse:
    form = _form(request, hides=page.get("hides", False))
    shown = comments.select_related("author", "article").defer("article__body", "article__body_html")
    context = {
        **page,
        "form": form,
        "refusal": refusal,
        "in_all": comments.count(),
        "cases": [(comment, own_directions(comment.body_html)) for comment in shown[: bulk_moderation.MAX_COMMENTS]],
    }
    return render(request, "discussion/bulk_moderation.html", context, status=status)


def _form(request: HttpRequest, *, hides: bool) -> ReasonForm:
    return (GroundsForm if hides else ReasonForm)(request.POST or None)


def _run(request: HttpRequest, action: Callable[..., bulk_moderation.BulkResult], page: dict[str, Any]) -> HttpResponse:
    selected = [parse_id(value) for value in request.POST.getlist("comment")]
    form = _form(request, hides=page.get("hides", False))
    try:
        if not form.is_valid():
            raise Refused(str(next(iter(form.errors.values()))[0]))
        result = action(comments=selected, by=reader_of(request), **form.cleaned_data)
    except Refused as refusal:
        # Never the text that its author withdrew.
        comments = Comment.objects.filter(pk__in=selected).exclude(state=Comment.State.WITHDRAWN)
        comments = comments.order_by("-posted_at", "-pk")
        return _render(request, comments, page, refusal=refusal.reason, status=UNPROCESSABLE)
    if action is bulk_moderation.hide_comments:
        message = ngettext("%(number)d comment hidden.", "%(number)d comments hidden.", result.done)
    else:
        message = ngettext("%(number)d comment restored.", "%(number)d comments restored.", result.done)
    message %= {"number": result.done}
    if result.skipped:
        skipped = ngettext(
            "%(number)d was skipped because another moderator had just reviewed it.",
            "%(number)d were skipped because another moderator had just reviewed them.",
            result.skipped,
        )
        message += " " + skipped % {"number": result.skipped}
    messages.success(request, message)
    return redirect(reverse("moderation") + "?show=decided")
