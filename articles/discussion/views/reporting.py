"""Reporting a comment."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from articles.discussion import reporting
from articles.discussion.forms import ReportForm
from articles.discussion.views.forms_in_place import (
    UNPROCESSABLE,
    ActionForm,
    get_comment,
    gone_page,
    reader_of,
    show_action,
    show_ban,
    show_refusal,
)
from articles.errors import Refused
from articles.web.csrf_recovery import retry_message
from articles.web.decorators import sign_in_first, wants_fragment


@require_http_methods(["GET", "POST"])
def report(request: HttpRequest, comment_id: int) -> HttpResponse:
    comment = get_comment(request, comment_id)
    if gone := gone_page(request, comment):
        return gone
    # Anyone may give notice of illegal content: the form is in `articles.moderation`.
    notice_url = f"{reverse('give_notice')}?{urlencode({'about': comment.get_absolute_url()})}"
    form = ReportForm(request.POST if request.method == "POST" else None)
    act = ActionForm(
        title=_("Report this comment"),
        explanation=_("A moderator will review this comment. We won’t tell its author who reported it."),
        link_url=notice_url,
        link_text=_("Illegal content? Give notice of it"),
        button=_("Report comment"),
        form=form,
        comment=comment,
        cancel_url=comment.get_absolute_url(),
    )
    if request.method == "GET" and not request.user.is_authenticated:
        if wants_fragment(request):
            return sign_in_first(request)
        context = {"comment": comment, "article": comment.article, "notice_url": notice_url}
        return render(request, "discussion/report_signed_out.html", context)
    if request.method == "GET":
        return show_ban(request, comment, act.title) or show_action(request, act)
    if not request.user.is_authenticated:
        return show_refusal(request, act, Refused(retry_message(request)))
    if not form.is_valid():
        return show_action(request, act, status=UNPROCESSABLE)
    try:
        reporting.report_comment(comment=comment, by=reader_of(request), **form.cleaned_data)
    except Refused as refusal:
        return show_refusal(request, act, refusal)
    message = _("Thank you. A moderator will review it.")
    if wants_fragment(request):
        return render(request, "discussion/_report_sent.html", {"message": message})
    messages.success(request, message)
    return redirect(comment)
