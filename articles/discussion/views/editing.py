"""An author's hand on a comment that stands: edit it for a while, withdraw it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from articles.discussion import posting, rules
from articles.discussion.forms import EditForm, WriteForm, comment_form
from articles.discussion.models import Comment
from articles.discussion.views.forms_in_place import (
    UNPROCESSABLE,
    Act,
    ask,
    changed,
    find_comment,
    reader_of,
    refused,
    status_of,
    with_wait,
)
from articles.discussion.views.posting import previewed, write_page
from articles.errors import Refused
from articles.web.csrf_recovery import recovers_form, retry_message
from articles.web.decorators import sign_in_first, signed_in, wants_fragment


def _given_back(request: HttpRequest, comment_id: int) -> HttpResponse:
    """The session ended or changed while they wrote. Only what was sent comes back, nothing of the comment."""
    comment = find_comment(request, comment_id)
    form = EditForm(request.POST, comment=comment)
    form.refuse(retry_message(request))
    return write_page(request, form, comment.article, status=UNPROCESSABLE)


@recovers_form(_given_back)
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, comment_id: int) -> HttpResponse:
    """Change one's words. A form opened within the window has some minutes more; words that come later are kept."""
    if not request.user.is_authenticated:
        return _given_back(request, comment_id) if request.method == "POST" else sign_in_first(request)
    comment = find_comment(request, comment_id)
    if comment.author_id != request.user.pk:
        act = Act(title=_("Edit"), button="", refusal=_("You can't edit this."), comment=comment)
        return ask(request, act, status=UNPROCESSABLE)
    form = EditForm(request.POST if request.method == "POST" else None, comment=comment)
    if "preview" in request.POST:
        return write_page(request, form, comment.article, preview=previewed(form.text))
    if request.method == "GET" and rules.may_edit(request.user, comment):
        return write_page(request, form, comment.article)
    try:
        edited = posting.edit_comment(comment=comment, by=reader_of(request), body=form.text, opened_at=form.opened_at)
    except Refused as refusal:
        kept = _as_a_reply(form, comment) or form
        kept.refuse(refusal.reason)
        return with_wait(write_page(request, kept, comment.article, status=status_of(refusal)), refusal)
    said = _("Your comment is changed.")
    if not wants_fragment(request):
        messages.success(request, said, extra_tags=form.draft)
    return changed(request, edited, said)


def _as_a_reply(form: EditForm, comment: Comment) -> WriteForm | None:
    """Too late: the same words, to be posted under the comment instead."""
    in_time = rules.may_save(comment, opened_at=form.opened_at, now=timezone.now())
    if comment.state != Comment.State.VISIBLE or in_time:
        return None
    late = comment_form(comment.article, parent=comment)
    if late is not None:
        late.kept_as = form.draft
        late.initial["body"] = form.text if form.text != comment.body else ""
    return late


@require_http_methods(["GET", "POST"])
@signed_in
def withdraw(request: HttpRequest, comment_id: int) -> HttpResponse:
    comment = find_comment(request, comment_id)
    act = Act(
        title=_("Withdraw your comment?"),
        explanation=_("Its words disappear for everybody; replies stay where they are. This can't be undone."),
        button=_("Withdraw it"),
        comment=comment,
        back=comment.get_absolute_url(),
    )
    if request.method == "GET":
        return ask(request, act)
    try:
        comment = posting.withdraw_comment(comment=comment, by=reader_of(request))
    except Refused as refusal:
        return refused(request, act, refusal)
    if not wants_fragment(request):
        draft = EditForm(comment=comment).draft
        messages.success(request, _("Your comment is withdrawn."), extra_tags=draft)
        return redirect(f"{comment.article.get_absolute_url()}#talk")
    return changed(request, comment, _("Your comment is withdrawn."))
