"""Words of a comment for the article: an editor asks, their author answers."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from articles.discussion import quote_requests, rules
from articles.discussion.forms import LiftForm, ReasonForm
from articles.discussion.models import Comment, QuoteRequest
from articles.discussion.threads import thread_page
from articles.discussion.views.forms_in_place import UNPROCESSABLE, Act, find_comment, reader_of
from articles.discussion.views.moderating import do_act
from articles.errors import Refused
from articles.web.decorators import permission_required, signed_in

both = require_http_methods(["GET", "POST"])


@both
@permission_required(rules.may_lift)
def lift(request: HttpRequest, comment_id: int) -> HttpResponse:
    """Ask for the words; where that was done, take them or the question back."""
    comment = find_comment(request, comment_id)
    loan = comment.loans.open().first()
    if loan is not None:
        return _give_back(request, comment, loan)
    form = LiftForm(request.POST or None, comment=comment, words=quote_requests.own_words(comment)[: rules.LENT_MAX])
    act = Act(
        title=_("Quote this comment in the article"),
        explanation=_(
            "Its author is asked first. The words stand in the article only if they agree, under their name and with a "
            "link to the comment, and only until they take them back."
        ),
        button=_("Ask its author"),
        form=form,
        comment=comment,
        back=comment.get_absolute_url(),
    )

    def ask_for_words(**told: Any) -> QuoteRequest:
        chosen = {name: form.cleaned_data.get(name) for name in ("words", "after")}
        return quote_requests.ask_for_words(**{**chosen, "words": chosen["words"] or "", **told})

    return do_act(request, act, ask_for_words, _("Its author is asked."), comment=comment)


def _give_back(request: HttpRequest, comment: Comment, loan: QuoteRequest) -> HttpResponse:
    lent = loan.state == QuoteRequest.State.LENT
    act = Act(
        title=_("Take these words out of the article") if lent else _("Take back the question"),
        explanation=f"“{loan.words}”",
        button=_("Take them out") if lent else _("Take it back"),
        form=ReasonForm(request.POST or None),
        comment=comment,
        back=comment.get_absolute_url(),
    )
    said = _("The words no longer stand in the article.") if lent else _("The question is taken back.")
    return do_act(request, act, quote_requests.give_back, said, comment=comment)


@both
@signed_in
def lend(request: HttpRequest, comment_id: int) -> HttpResponse:
    """What the paper asks the comment's author for, and their answer."""
    comment, reader = find_comment(request, comment_id), reader_of(request)
    if comment.author_id != reader.pk:
        raise Http404
    context: dict[str, Any] = {"comment": comment, "article": comment.article}
    context["card"] = thread_page.card_for(comment, viewer=reader)
    if request.method == "POST":
        try:
            loan = quote_requests.answer(comment=comment, by=reader, agrees=request.POST.get("answer") == "yes")
        except Refused as refusal:
            return render(request, "discussion/lend.html", {**context, "refusal": refusal.reason}, status=UNPROCESSABLE)
        messages.success(request, _SAID[QuoteRequest.State(loan.state)]())
        return redirect(comment.article if loan.state == QuoteRequest.State.LENT else comment)
    return render(request, "discussion/lend.html", {**context, "loan": comment.loans.open().first()})


_SAID = {
    QuoteRequest.State.LENT: lambda: _(
        "Thank you. Your words stand in the article now; you can take them back at any time."
    ),
    QuoteRequest.State.DECLINED: lambda: _("The paper does not quote you."),
    QuoteRequest.State.ENDED: lambda: _("Your words no longer stand in the article."),
}
