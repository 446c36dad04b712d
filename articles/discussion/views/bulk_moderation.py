"""Several comments at once: tick them, say why once."""

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
from articles.discussion.forms import ReasonForm
from articles.discussion.models import Comment
from articles.discussion.threads.thread_sorting import number_of
from articles.discussion.views.forms_in_place import UNPROCESSABLE, reader_of
from articles.errors import Refused
from articles.publishing.models import Article
from articles.text.sanitizing import trusted
from articles.web.decorators import permission_required

DAYS_MOST = 10_000  # More is longer than any paper stands, and than dates can be reckoned.

both = require_http_methods(["GET", "POST"])


@both
@permission_required(rules.may_moderate)
def hide(request: HttpRequest) -> HttpResponse:
    """One reader's comments, in one article or everywhere; or those that were ticked elsewhere."""
    words: dict[str, Any] = {"title": _("Hide several comments"), "button": _("Hide those ticked")}
    if request.method == "POST":
        return _do(request, bulk_moderation.hide_several, words)
    reader = get_object_or_404(User, pk=number_of(request.GET.get("reader", "")))
    chosen = {"reader": reader.pk, "days": min(number_of(request.GET.get("days", "0")), DAYS_MOST)}
    words["about"] = [_("By %(name)s") % {"name": reader.username}]
    if request.GET.get("article"):
        article = get_object_or_404(Article, pk=number_of(request.GET["article"]))
        chosen["article"] = article.pk
        words["about"].append(article.headline)
    words["spans"] = [
        (label, f"?{urlencode({**chosen, 'days': days})}", days == chosen["days"])
        for days, label in ((1, _("Last day")), (7, _("Last 7 days")), (30, _("Last 30 days")), (0, _("All")))
    ]
    return _show(request, bulk_moderation.to_hide(**chosen), words)


@both
@permission_required(rules.may_moderate)
def restore(request: HttpRequest) -> HttpResponse:
    """What a sweep has hidden."""
    words: dict[str, Any] = {"title": _("Restore several comments"), "button": _("Restore those ticked")}
    if request.method == "POST":
        return _do(request, bulk_moderation.restore_several, words)
    try:
        batch = UUID(request.GET.get("batch", ""))
    except ValueError:
        raise Http404 from None
    words["about"] = [_("Hidden together, and hidden since then")]
    return _show(request, bulk_moderation.to_restore(batch), words)


def _show(
    request: HttpRequest, comments: "QuerySet[Comment]", words: dict[str, Any], *, refusal: str = "", status: int = 200
) -> HttpResponse:
    form = ReasonForm(request.POST or None)
    shown = comments.select_related("author", "article").defer("article__body", "article__body_html")
    context = {
        **words,
        "form": form,
        "refusal": refusal,
        "in_all": comments.count(),
        "cases": [(comment, trusted(comment.body_html)) for comment in shown[: bulk_moderation.MOST]],
    }
    return render(request, "discussion/several.html", context, status=status)


def _do(request: HttpRequest, verb: Callable[..., bulk_moderation.Sweep], words: dict[str, Any]) -> HttpResponse:
    ticked = [number_of(value) for value in request.POST.getlist("comment")]
    try:
        sweep = verb(comments=ticked, by=reader_of(request), reason=request.POST.get("reason", ""))
    except Refused as refusal:
        comments = Comment.objects.filter(pk__in=ticked).order_by("-posted_at", "-pk")
        return _show(request, comments, words, refusal=refusal.reason, status=UNPROCESSABLE)
    hidden = verb is bulk_moderation.hide_several
    said = (
        ngettext("%(number)d comment is hidden.", "%(number)d comments are hidden.", sweep.done)
        if hidden
        else ngettext("%(number)d comment is restored.", "%(number)d comments are restored.", sweep.done)
    ) % {"number": sweep.done}
    if sweep.left:
        left = ngettext(
            "%(number)d was left: somebody decided on it a moment ago.",
            "%(number)d were left: somebody decided on them a moment ago.",
            sweep.left,
        )
        said += " " + left % {"number": sweep.left}
    messages.success(request, said)
    return redirect(reverse("moderation") + "#log")
