"""Requests to quote a comment in the article, and the author's decision."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from articles.discussion import quote_requests, rules
from articles.discussion.forms import QuoteRequestForm, ReasonForm
from articles.discussion.models import Comment, QuoteRequest
from articles.discussion.threads import thread_page
from articles.discussion.views.forms_in_place import UNPROCESSABLE, ActionForm, get_comment, reader_of
from articles.discussion.views.moderating import run_action
from articles.errors import Refused
from articles.web.decorators import permission_required, signed_in

both = require_http_methods(["GET", "POST"])


@both
@permission_required(rules.may_request_quotes)
def request_quote(request: HttpRequest, comment_id: int) -> HttpResponse:
    """Ask to quote a comment; with an open request, cancel it or remove the quote."""
    comment = get_comment(request, comment_id)
    quote_request = comment.quote_requests.open().first()
    if quote_request is not None:
        return _revoke(request, comment, quote_request)
    form = QuoteRequestForm(
        request.POST or None, comment=comment, words=quote_requests.own_text(comment)[: rules.MAX_QUOTE_LENGTH]
    )
    act = ActionForm(
        title=_("Quote this comment in the article?"),
        explanation=_(
            "We’ll ask the author first. The quote appears only if they agree, with their name and a link to the "
            "comment. They can change their mind at any time."
        ),
        button=_("Ask author"),
        form=form,
        comment=comment,
        cancel_url=comment.get_absolute_url(),
    )

    def request_quote(**told: Any) -> QuoteRequest:
        chosen = {name: form.cleaned_data.get(name) for name in ("words", "after")}
        return quote_requests.request_quote(**{**chosen, "words": chosen["words"] or "", **told})

    return run_action(request, act, request_quote, _("Request sent."), comment=comment)


def _revoke(request: HttpRequest, comment: Comment, quote_request: QuoteRequest) -> HttpResponse:
    granted = quote_request.state == QuoteRequest.State.GRANTED
    act = ActionForm(
        title=_("Remove this quote from the article?") if granted else _("Cancel this request?"),
        explanation=f"“{quote_request.text}”",
        button=_("Remove from article") if granted else _("Cancel request"),
        form=ReasonForm(request.POST or None),
        comment=comment,
        cancel_url=comment.get_absolute_url(),
    )
    message = _("Quote removed from the article.") if granted else _("Request cancelled.")
    return run_action(request, act, quote_requests.revoke, message, comment=comment)


@both
@signed_in
def decide(request: HttpRequest, comment_id: int) -> HttpResponse:
    """Show a request to the comment's author, and save their decision."""
    comment, reader = get_comment(request, comment_id), reader_of(request)
    if comment.author_id != reader.pk:
        raise Http404
    context: dict[str, Any] = {"comment": comment, "article": comment.article}
    context["html"] = thread_page.render_comment(comment, viewer=reader)
    if request.method == "POST":
        try:
            quote_request = quote_requests.decide(
                comment=comment, by=reader, agrees=request.POST.get("answer") == "yes"
            )
        except Refused as refusal:
            return render(
                request, "discussion/quote_request.html", {**context, "refusal": refusal.reason}, status=UNPROCESSABLE
            )
        messages.success(request, _SUCCESS_MESSAGES[QuoteRequest.State(quote_request.state)]())
        return redirect(comment.article if quote_request.state == QuoteRequest.State.GRANTED else comment)
    return render(
        request, "discussion/quote_request.html", {**context, "quote_request": comment.quote_requests.open().first()}
    )


_SUCCESS_MESSAGES = {
    QuoteRequest.State.GRANTED: lambda: _(
        "Thank you. The article now quotes you. You can change your mind at any time."
    ),
    QuoteRequest.State.DECLINED: lambda: _("Request declined."),
    QuoteRequest.State.REVOKED: lambda: _("Permission withdrawn. The article no longer quotes you."),
}
