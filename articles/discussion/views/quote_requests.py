"""Requests to quote a comment in the article, and the author's decision."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _

from articles.discussion import quote_requests, rules
from articles.discussion.forms import QuoteRequestForm
from articles.discussion.models import Comment, QuoteRequest
from articles.discussion.threads import thread_page
from articles.discussion.views.forms_in_place import UNPROCESSABLE, get_comment, gone_page, reader_of
from articles.discussion.views.moderating import ReasonedAction, get_or_post, run_action
from articles.errors import Refused
from articles.text.quotations import own_text
from articles.web.decorators import permission_required, signed_in

REQUEST = ReasonedAction(
    quote_requests.request_quote,
    _("Quote this comment in the article?"),
    _("Ask author"),
    _("Request sent."),
    _(
        "We’ll ask the author first. The quote appears only if they agree, with their name and a link to the "
        "comment. They can change their mind at any time."
    ),
)
CANCEL = ReasonedAction(quote_requests.revoke, _("Cancel this request?"), _("Cancel request"), _("Request cancelled."))
REMOVE = ReasonedAction(
    quote_requests.revoke,
    _("Remove this quote from the article?"),
    _("Remove from article"),
    _("Quote removed from the article."),
)
DECISIONS = {
    QuoteRequest.State.GRANTED: _("Thank you. The article now quotes you. You can change your mind at any time."),
    QuoteRequest.State.DECLINED: _("Request declined."),
    QuoteRequest.State.REVOKED: _("Permission withdrawn. The article no longer quotes you."),
}


@get_or_post
@permission_required(rules.may_request_quotes)
def request_quote(request: HttpRequest, comment_id: int) -> HttpResponse:
    """Ask to quote a comment; with an open request, cancel it or remove the quote."""
    comment = get_comment(request, comment_id)
    if gone := gone_page(request, comment):
        return gone
    quote_request = comment.quote_requests.open().first()
    url = comment.get_absolute_url()
    if quote_request is not None:
        action = REMOVE if quote_request.state == QuoteRequest.State.GRANTED else CANCEL
        return run_action(request, action._replace(explanation=f"“{quote_request.text}”"), url, comment=comment)
    shown = comment.state == Comment.State.VISIBLE
    words = own_text(comment.body_html)[: quote_requests.MAX_QUOTE_LENGTH] if shown else ""
    sent = request.POST if request.method == "POST" else None
    form = QuoteRequestForm(sent, comment=comment, words=words)
    return run_action(request, REQUEST, url, form=form, comment=comment)


@get_or_post
@signed_in
def decide(request: HttpRequest, comment_id: int) -> HttpResponse:
    """Show a request to the comment's author, and save their decision."""
    comment, reader = get_comment(request, comment_id), reader_of(request)
    if comment.author_id != reader.pk:
        raise Http404
    if gone := gone_page(request, comment):
        return gone
    context: dict[str, Any] = {"comment": comment, "article": comment.article}
    context["html"] = thread_page.render_comment(comment, viewer=reader)
    if request.method == "GET":
        context["quote_request"] = comment.quote_requests.open().first()
        return render(request, "discussion/quote_request.html", context)
    try:
        quote_request = quote_requests.decide(comment=comment, by=reader, agrees=request.POST.get("answer") == "yes")
    except Refused as refusal:
        context["refusal"] = refusal.reason
        return render(request, "discussion/quote_request.html", context, status=UNPROCESSABLE)
    messages.success(request, DECISIONS[QuoteRequest.State(quote_request.state)])
    return redirect(comment.article if quote_request.state == QuoteRequest.State.GRANTED else comment)
