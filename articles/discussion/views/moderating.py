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
from django.views.decorators.http import require_http_methods

from articles.accounts.models import User
from articles.discussion import moderating, rules
from articles.discussion.forms import ApprovalForm, BanForm, ReasonForm
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


class Action(NamedTuple):
    """An action that needs a reason, and the texts around it."""

    run: Callable[..., Any]
    title: str | Promise
    button: str | Promise
    success: str | Promise
    explanation: str | Promise = ""
    suggested_reason: str | Promise = ""


ACTIONS = {
    "hide": Action(
        moderating.hide,
        _("Hide this comment?"),
        _("Hide comment"),
        _("Comment hidden."),
        _("Readers will see that a moderator hid this comment. Replies stay. You can restore it later."),
    ),
    "restore": Action(moderating.restore, _("Restore this comment?"), _("Restore comment"), _("Comment restored.")),
    "approve": Action(moderating.approve, _("Approve this comment?"), _("Approve comment"), _("Comment approved.")),
    "dismiss": Action(
        moderating.dismiss_reports,
        _("Dismiss the reports of this comment?"),
        _("Dismiss reports"),
        _("Reports dismissed. The comment stays."),
    ),
    "close": Action(
        moderating.close_discussion, _("Close this discussion?"), _("Close discussion"), _("Discussion closed.")
    ),
    "reopen": Action(
        moderating.reopen_discussion, _("Reopen this discussion?"), _("Reopen discussion"), _("The discussion is open.")
    ),
    "keep open": Action(
        moderating.reopen_discussion,
        _("Keep this discussion open?"),
        _("Keep discussion open"),
        _("The discussion is open."),
    ),
    "ban": Action(
        moderating.ban,
        _("Ban %(name)s?"),
        _("Ban reader"),
        _("%(name)s banned."),
        _("They can still read, but not write or use the desk. They’ll see your reason and when the ban ends."),
    ),
    "unban": Action(moderating.unban, _("Lift the ban on %(name)s?"), _("Lift ban"), _("%(name)s can comment again.")),
}

APPROVALS = {"approve", "dismiss"}

both = require_http_methods(["GET", "POST"])


def approval_form(request: HttpRequest, action: Action, comment: Comment) -> ApprovalForm:
    """Return the form of an action that approves of a text. It carries the version of the text shown with it."""
    if request.method == "POST":
        return ApprovalForm(request.POST)
    return ApprovalForm(initial={"reason": action.suggested_reason, "seen": comment.versions.count()})


def run_action(
    request: HttpRequest, action: Action, cancel_url: str, *, form: Form | None = None, **target: Any
) -> HttpResponse:
    """Show the action's form, or run it on its target (a `comment`, `article` or `reader`) with what was sent."""
    comment = target.get("comment")
    sent = request.POST if request.method == "POST" else None
    form = form or ReasonForm(sent, initial={"reason": action.suggested_reason})
    act = ActionForm(
        title=str(action.title),
        explanation=str(action.explanation),
        button=str(action.button),
        form=form,
        comment=comment,
        cancel_url=cancel_url,
        texts=_held_text(comment),
    )
    if request.method == "GET":
        return show_action(request, act)
    if not form.is_valid() and isinstance(form, BanForm):  # No ban of another length than the one that was chosen.
        return show_action(request, act, status=UNPROCESSABLE)
    try:
        action.run(by=reader_of(request), **{"reason": "", **target, **form.cleaned_data})
    except Refused as refusal:
        if comment is not None and isinstance(form, ApprovalForm):
            act = _with_both_texts(act, form, comment) if refusal.field == "seen" else act
        return show_refusal(request, act, refusal)
    message = str(action.success)
    if comment is not None and wants_fragment(request):
        return comment_changed(request, comment, message)
    messages.success(request, message)
    return redirect("moderation" if request.POST.get("back") == "moderation" else cancel_url)


def _held_text(comment: Comment | None) -> list[tuple[str | Promise, str]]:
    """Return the text of a held comment, which no other page shows to moderators who came by a link."""
    if comment is None or comment.state != Comment.State.HELD:
        return []
    return [(_("Text"), own_directions(comment.body_html))]


def _with_both_texts(act: ActionForm, form: ApprovalForm, comment: Comment) -> ActionForm:
    """Show the text that the moderator was shown and the one to decide on now."""
    now = Comment.objects.get(pk=comment.pk)
    versions = list(now.versions.all())
    seen = form.cleaned_data["seen"]
    form.show_version(len(versions))
    texts: list[tuple[str | Promise, str]] = [(_("Text now"), own_directions(now.body_html))]
    if seen < len(versions):
        texts.insert(0, (_("Text when you opened the page"), own_directions(versions[seen].body_html)))
    return replace(act, texts=texts)


@both
@permission_required(rules.may_moderate)
def on_comment(request: HttpRequest, comment_id: int, verb: str) -> HttpResponse:
    """Act on a comment, also of an article that is no longer public, since its reports still need a decision."""
    comment = get_object_or_404(Comment.objects.select_related("article", "author"), pk=comment_id)
    cancel_url = comment.get_absolute_url() if comment.article.is_public else reverse("moderation")
    form = approval_form(request, ACTIONS[verb], comment) if verb in APPROVALS else None
    return run_action(request, ACTIONS[verb], cancel_url, form=form, comment=comment)


@both
@permission_required(rules.may_moderate)
def on_article(request: HttpRequest, article_id: int, verb: str) -> HttpResponse:
    article = get_object_or_404(Article, pk=article_id)
    if verb == "reopen" and article.takes_comments:
        verb = "keep open"
    cancel_url = article.get_absolute_url() + "#talk" if article.is_public else reverse("moderation")
    headed = ACTIONS[verb]._replace(explanation=article.headline)
    return run_action(request, headed, cancel_url, article=article)


@both
@permission_required(rules.may_moderate)
def on_author(request: HttpRequest, comment_id: int) -> HttpResponse:
    """Lead to the form that bans a comment's author or lifts the ban."""
    comment = get_object_or_404(Comment.objects.select_related("author"), pk=comment_id, author__isnull=False)
    assert comment.author is not None
    return redirect("unban_reader" if comment.author.is_banned else "ban_reader", comment.author.pk)


@both
@permission_required(rules.may_moderate)
def on_reader(request: HttpRequest, reader_id: int, verb: str) -> HttpResponse:
    reader = get_object_or_404(User, pk=reader_id)
    name, texts = {"name": reader.username}, ACTIONS[verb]
    named = texts._replace(title=str(texts.title) % name, success=str(texts.success) % name)
    form = BanForm(request.POST if request.method == "POST" else None) if verb == "ban" else None
    return run_action(request, named, reader.get_absolute_url(), form=form, reader=reader)
