"""Recommending and reporting."""

from urllib.parse import urlsplit

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods
from django_htmx.http import reswap, retarget

from articles.discussion import recommending, reporting
from articles.discussion.forms import ReportForm
from articles.discussion.models import Comment
from articles.discussion.views.forms_in_place import (
    UNPROCESSABLE,
    Act,
    ask,
    find_comment,
    reader_of,
    refused,
)
from articles.errors import Refused
from articles.web.csrf_recovery import retry_message
from articles.web.decorators import sign_in_first, signed_in, wants_fragment


@require_http_methods(["GET", "POST"])
@signed_in
def recommend(request: HttpRequest, comment_id: int) -> HttpResponse:
    """`on=0` takes it back. Sending the same twice is the same as once."""
    comment = find_comment(request, comment_id)
    act = Act(
        title=_("Recommend this comment?"), button=_("Recommend"), comment=comment, back=comment.get_absolute_url()
    )
    if request.method == "GET":
        return ask(request, act)
    on = request.POST.get("on") != "0"
    try:
        do = recommending.recommend if on else recommending.take_back
        comment = do(comment=comment, by=reader_of(request))
    except Refused as refusal:
        response = refused(request, act, refusal)
        return reswap(retarget(response, f"#slot-{comment.pk}"), "innerHTML")
    if not wants_fragment(request):
        return redirect(_where_it_was(request, comment))
    context = {
        "number": comment.pk,
        "count": f" {comment.recommended}" if comment.recommended else "",
        "name": comment.author.username if comment.author else _("deleted user"),
        "recommended": on,
        "said": _("You recommend this comment.") if on else _("You recommend this comment no longer."),
    }
    return render(request, "discussion/_recommended.html", context)


def _where_it_was(request: HttpRequest, comment: Comment) -> str:
    """The page from which the button was pressed, if it is one of ours that shows the comment."""
    came = request.headers.get("Referer", "")
    if url_has_allowed_host_and_scheme(came, {request.get_host()}, require_https=request.is_secure()):
        parts = urlsplit(came)
        if parts.path == comment.article.get_absolute_url():
            return f"{parts.path}{'?' + parts.query if parts.query else ''}#comment-{comment.pk}"
    return comment.get_absolute_url()


@require_http_methods(["GET", "POST"])
def report(request: HttpRequest, comment_id: int) -> HttpResponse:
    if request.method == "GET" and not request.user.is_authenticated:
        return sign_in_first(request)
    comment = find_comment(request, comment_id)
    form = ReportForm(request.POST or None)
    act = Act(
        title=_("Report this comment"),
        explanation=_("A moderator will look at it. Its author does not learn who reported it."),
        button=_("Report it"),
        form=form,
        comment=comment,
        back=comment.get_absolute_url(),
    )
    if request.method == "GET":
        return ask(request, act)
    if not request.user.is_authenticated:
        return refused(request, act, Refused(retry_message(request)))
    if not form.is_valid():
        return ask(request, act, status=UNPROCESSABLE)
    try:
        reporting.report_comment(comment=comment, by=reader_of(request), **form.cleaned_data)
    except Refused as refusal:
        return refused(request, act, refusal)
    said = _("Thank you. The moderators will look at it.")
    if wants_fragment(request):
        return render(request, "discussion/_thanks.html", {"said": said})
    messages.success(request, said)
    return redirect(comment)
