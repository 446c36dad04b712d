"""Editing one's own comment."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from articles.discussion import comment_editing
from articles.discussion.forms import EditForm, TextForm, comment_form
from articles.discussion.models import Comment
from articles.discussion.views.comment_preview import render_preview
from articles.discussion.views.forms_in_place import (
    UNPROCESSABLE,
    ActionForm,
    comment_changed,
    get_comment,
    gone_page,
    reader_of,
    refused,
    show_action,
    show_ban,
)
from articles.discussion.views.posting import show_form
from articles.errors import Refused
from articles.web.csrf_recovery import recovers_form, retry_message
from articles.web.decorators import sign_in_first, wants_fragment


def _return_form(request: HttpRequest, comment_id: int) -> HttpResponse:
    """Show the form again after the session ended or changed, with what was sent and nothing of the comment."""
    comment = get_comment(request, comment_id)
    form = EditForm(request.POST, comment=comment)
    form.refusal = retry_message(request)
    return show_form(request, form, comment.article, status=UNPROCESSABLE)


@recovers_form(_return_form)
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, comment_id: int) -> HttpResponse:
    """Edit a comment. Text that comes too late is kept and offered as a reply."""
    if not request.user.is_authenticated:
        return _return_form(request, comment_id) if request.method == "POST" else sign_in_first(request)
    comment = get_comment(request, comment_id)
    if comment.author_id != request.user.pk:
        act = ActionForm(title=_("Edit"), button="", refusal=_("You can’t edit this comment."), comment=comment)
        return show_action(request, act, status=UNPROCESSABLE)
    if gone := gone_page(request, comment):
        return gone
    if request.method == "GET" and (banned := show_ban(request, comment, _("Edit"), to_comment=True)):
        return banned
    form = EditForm(request.POST if request.method == "POST" else None, comment=comment)
    if "preview" in request.POST:
        return show_form(request, form, comment.article, preview=render_preview(form.text))
    if request.method == "GET" and comment_editing.may_edit(request.user, comment):
        return show_form(request, form, comment.article)
    try:
        edited = comment_editing.edit_comment(
            comment=comment, by=reader_of(request), body=form.text, opened_at=form.opened_at
        )
    except Refused as refusal:
        kept = _as_a_reply(form, comment) or form
        kept.refusal = refusal.reason
        return refused(show_form(request, kept, comment.article), refusal)
    message = _("Comment updated.")
    if not wants_fragment(request):
        messages.success(request, message, extra_tags=form.draft_key)
    return comment_changed(request, edited, message)


def _as_a_reply(form: EditForm, comment: Comment) -> TextForm | None:
    """Return a reply form with the text of an edit that came too late; None if it came in time."""
    in_time = comment_editing.may_save_edit(comment, opened_at=form.opened_at, now=timezone.now())
    if comment.state != Comment.State.VISIBLE or in_time:
        return None
    late = comment_form(comment.article, parent=comment)
    if late is not None:
        late.continued_draft = form.draft_key
        late.initial["body"] = form.text if form.text != comment.body else ""
    return late
