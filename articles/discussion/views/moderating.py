"""Moderators' actions, each with a form for its reason."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, NamedTuple

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from articles.accounts.models import User
from articles.discussion import closing, moderating, rules, sanctions
from articles.discussion.forms import ApprovalForm, BanForm, GroundsForm, ReasonForm, SuspensionForm
from articles.discussion.models import Comment
from articles.discussion.views.forms_in_place import (
    UNPROCESSABLE,
    ActionForm,
    comment_changed,
    reader_of,
    show_action,
    show_refusal,
)
from articles.errors import Refused
from articles.publishing.models import Article
from articles.text.directions import own_directions
from articles.web.decorators import permission_required, wants_fragment


class ReasonedAction(NamedTuple):
    """An action that needs a reason, and the texts around it."""

    run: Callable[..., Any]
    title: str | Promise
    button: str | Promise
    success: str | Promise
    explanation: str | Promise = ""
    suggested_reason: str | Promise = ""
    form: type[ReasonForm] = ReasonForm


ACTIONS = {
    "hide": ReasonedAction(
        moderating.hide,
        _("Hide this comment?"),
        _("Hide comment"),
        _("Comment hidden."),
        _(
            "Readers will see that a moderator hid this comment, and its author will see your reason. Replies stay. "
            "You can restore it later."
        ),
        form=GroundsForm,
    ),
    "warn": ReasonedAction(
        sanctions.warn,
        _("Warn the author of this comment?"),
        _("Warn author"),
        _("Author warned. The comment stays."),
        _("They’ll get an email with your reason and can appeal. Readers see nothing of it."),
        form=GroundsForm,
    ),
    "restore": ReasonedAction(
        moderating.restore, _("Restore this comment?"), _("Restore comment"), _("Comment restored.")
    ),
    "approve": ReasonedAction(
        moderating.approve, _("Approve this comment?"), _("Approve comment"), _("Comment approved.")
    ),
    "dismiss": ReasonedAction(
        moderating.dismiss_reports,
        _("Dismiss the reports of this comment?"),
        _("Dismiss reports"),
        _("Reports dismissed. The comment stays."),
    ),
    "close": ReasonedAction(
        closing.close_discussion, _("Close this discussion?"), _("Close discussion"), _("Discussion closed.")
    ),
    "reopen": ReasonedAction(
        closing.reopen_discussion, _("Reopen this discussion?"), _("Reopen discussion"), _("The discussion is open.")
    ),
    "keep open": ReasonedAction(
        closing.reopen_discussion,
        _("Keep this discussion open?"),
        _("Keep discussion open"),
        _("The discussion is open."),
    ),
    "ban": ReasonedAction(
        sanctions.ban,
        _("Ban %(name)s?"),
        _("Ban reader"),
        _("%(name)s banned."),
        _("They can still read, but not write or use the desk. They’ll see your reason and when the ban ends."),
        form=BanForm,
    ),
    "suspend": ReasonedAction(
        sanctions.suspend,
        _("Suspend %(name)s from commenting?"),
        _("Suspend reader"),
        _("%(name)s suspended from commenting."),
        _("They can still read, recommend and follow. They’ll see your reason and when the suspension ends."),
        form=SuspensionForm,
    ),
    "unsuspend": ReasonedAction(
        sanctions.unsuspend,
        _("Lift the suspension of %(name)s?"),
        _("Lift suspension"),
        _("%(name)s can comment again."),
    ),
    "unban": ReasonedAction(
        sanctions.unban, _("Lift the ban on %(name)s?"), _("Lift ban"), _("%(name)s can comment again.")
    ),
}

APPROVALS = {"approve", "dismiss"}

get_or_post = require_http_methods(["GET", "POST"])


def approval_form(request: HttpRequest, action: ReasonedAction, comment: Comment) -> ApprovalForm:
    """Return the form of an action that approves of a text. It carries the version of the text shown with it.

    `comment` is loaded by `with_text_version`.
    """
    if request.method == "POST":
        return ApprovalForm(request.POST)
    return ApprovalForm(initial={"reason": action.suggested_reason, "seen": comment.text_version})


def run_action(
    request: HttpRequest, action: ReasonedAction, cancel_url: str, *, form: Form | None = None, **target: Any
) -> HttpResponse:
    """Show the action's form, or run it on its target (a `comment`, `article` or `reader`) with what was sent."""
    comment = target.get("comment")
    sent = request.POST if request.method == "POST" else None
    initial = {"reason": action.suggested_reason, "facts": moderating.facts_of(comment) if comment else ""}
    form = form or action.form(sent, initial=initial)
    act = ActionForm(
        title=str(action.title),
        explanation=str(action.explanation),
        button=str(action.button),
        form=form,
        comment=comment,
        cancel_url=cancel_url,
        texts=_text_to_read(request, comment, form),
    )
    if request.method == "GET":
        return show_action(request, act)
    if not form.is_valid():
        return show_action(request, act, status=UNPROCESSABLE)
    try:
        action.run(by=reader_of(request), **target, **form.cleaned_data)
    except Refused as refusal:
        if comment is not None and isinstance(form, ApprovalForm):
            act = _with_both_texts(act, form, comment) if refusal.field == "seen" else act
        return show_refusal(request, act, refusal)
    message = str(action.success)
    if comment is not None and wants_fragment(request):
        return comment_changed(request, comment, message)
    messages.success(request, message)
    return redirect(cancel_url)


def _text_to_read(request: HttpRequest, comment: Comment | None, form: Form) -> list[tuple[str | Promise, str]]:
    """Return a text that the page doesn't show, or may show as it was before an edit."""
    if comment is None:
        return []
    opened_in_place = isinstance(form, ApprovalForm) and wants_fragment(request)
    shown_before = comment.state == Comment.State.VISIBLE and opened_in_place
    if comment.state == Comment.State.HELD or shown_before:
        return [(_("Text"), own_directions(comment.body_html))]
    return []


def _with_both_texts(act: ActionForm, form: ApprovalForm, comment: Comment) -> ActionForm:
    """Show the text that the moderator was shown and the one to decide on now."""
    versions = list(comment.versions.all())  # First: after an edit in between, the form is refused once more.
    now = Comment.objects.get(pk=comment.pk)
    seen = form.cleaned_data["seen"]
    form.show_version(len(versions))
    texts: list[tuple[str | Promise, str]] = [(_("Text now"), own_directions(now.body_html))]
    if seen < len(versions):
        texts.insert(0, (_("Text when you opened the page"), own_directions(versions[seen].body_html)))
    return replace(act, texts=texts)


@get_or_post
@permission_required(rules.may_moderate)
def comment_action(request: HttpRequest, comment_id: int, name: str) -> HttpResponse:
    """Act on a comment, also of an article that is no longer public, since its reports still need a decision."""
    comments = Comment.objects.with_text_version().select_related("article", "author")
    comment = get_object_or_404(comments, pk=comment_id)
    cancel_url = comment.get_absolute_url() if comment.article.is_public else reverse("moderation")
    form = approval_form(request, ACTIONS[name], comment) if name in APPROVALS else None
    return run_action(request, ACTIONS[name], cancel_url, form=form, comment=comment)


@get_or_post
@permission_required(rules.may_moderate)
def article_action(request: HttpRequest, article_id: int, name: str) -> HttpResponse:
    article = get_object_or_404(Article, pk=article_id)
    if name == "reopen" and closing.is_open(article):
        name = "keep open"
    cancel_url = article.get_absolute_url() + "#talk" if article.is_public else reverse("moderation")
    headed = ACTIONS[name]._replace(explanation=article.headline)
    return run_action(request, headed, cancel_url, article=article)


@require_safe
@permission_required(rules.may_moderate)
def ban_author(request: HttpRequest, comment_id: int) -> HttpResponse:
    """Redirect to the form that bans a comment's author or lifts the ban."""
    author = get_object_or_404(User, comments=comment_id)
    return redirect("unban_reader" if author.is_banned else "ban_reader", author.pk)


@get_or_post
@permission_required(rules.may_moderate)
def reader_action(request: HttpRequest, reader_id: int, name: str) -> HttpResponse:
    reader = get_object_or_404(User, pk=reader_id)
    action, names = ACTIONS[name], {"name": reader.username}
    named = action._replace(title=str(action.title) % names, success=str(action.success) % names)
    return run_action(request, named, reader.get_absolute_url(), reader=reader)
