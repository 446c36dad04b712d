"""Withdrawing one's own comment."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from articles.discussion import comment_withdrawing
from articles.discussion.forms import EditForm
from articles.discussion.models import Comment
from articles.discussion.views.forms_in_place import (
    ActionForm,
    comment_changed,
    get_comment,
    gone_page,
    reader_of,
    show_action,
    show_refusal,
)
from articles.errors import Refused
from articles.web.decorators import signed_in, wants_fragment


@require_http_methods(["GET", "POST"])
@signed_in
def withdraw(request: HttpRequest, comment_id: int) -> HttpResponse:
    comment = get_comment(request, comment_id)
    # The author of a hidden comment may still withdraw it.
    if comment.state == Comment.State.WITHDRAWN and (gone := gone_page(request, comment)):
        return gone
    act = ActionForm(
        title=_("Withdraw your comment?"),
        explanation=_(
            "Your text disappears, and a note says that you withdrew it. Moderators can still read it while a "
            "report about it is open. Replies stay. You can’t undo this."
        ),
        button=_("Withdraw comment"),
        comment=comment,
        cancel_url=comment.get_absolute_url(),
    )
    if request.method == "GET":
        return show_action(request, act)
    try:
        comment = comment_withdrawing.withdraw_comment(comment=comment, by=reader_of(request))
    except Refused as refusal:
        return show_refusal(request, act, refusal)
    if not wants_fragment(request):
        draft = EditForm(comment=comment).draft_key
        messages.success(request, _("Comment withdrawn."), extra_tags=draft)
        return redirect(f"{comment.article.get_absolute_url()}#talk")
    return comment_changed(request, comment, _("Comment withdrawn."))
