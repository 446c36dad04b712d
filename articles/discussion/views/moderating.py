"""Moderators' actions, each with a form for its reason."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from articles.accounts.models import User
from articles.discussion import moderating, rules
from articles.discussion.forms import ReasonForm
from articles.discussion.models import Comment
from articles.discussion.views.forms_in_place import (
    ActionForm,
    comment_changed,
    reader_of,
    show_action,
    show_refusal,
)
from articles.errors import Refused
from articles.publishing.models import Article
from articles.web.decorators import permission_required, wants_fragment

both = require_http_methods(["GET", "POST"])


def _comment(comment_id: int) -> Comment:
    """Return the comment, also of an article that is no longer public, since its reports still need a decision."""
    return get_object_or_404(Comment.objects.select_related("article", "author"), pk=comment_id)


def run_action(
    request: HttpRequest, act: ActionForm, action: Callable[..., Any], message: str, **target: Any
) -> HttpResponse:
    """Show the form, or run the action with the reason that was sent."""
    if request.method == "GET":
        return show_action(request, act)
    assert act.form is not None
    act.form.is_valid()
    try:
        action(**target, by=reader_of(request), reason=act.form.cleaned_data.get("reason", ""))
    except Refused as refusal:
        return show_refusal(request, act, refusal)
    if act.comment is not None and wants_fragment(request):
        return comment_changed(request, act.comment, message)
    messages.success(request, message)
    return redirect("moderation" if request.POST.get("back") == "moderation" else act.cancel_url)


def _of_comment(
    request: HttpRequest,
    comment_id: int,
    *,
    action: Callable[..., Any],
    title: str,
    button: str,
    message: str,
    why: str = "",
) -> HttpResponse:
    comment = _comment(comment_id)
    act = ActionForm(
        title=title,
        explanation=why,
        button=button,
        form=ReasonForm(request.POST or None),
        comment=comment,
        cancel_url=comment.get_absolute_url() if comment.article.is_public else reverse("moderation"),
    )
    return run_action(request, act, action, message, comment=comment)


@both
@permission_required(rules.may_moderate)
def hide(request: HttpRequest, comment_id: int) -> HttpResponse:
    return _of_comment(
        request,
        comment_id,
        action=moderating.hide,
        title=_("Hide this comment?"),
        why=_("Readers will see that a moderator hid this comment. Replies stay. You can restore it later."),
        button=_("Hide comment"),
        message=_("Comment hidden."),
    )


@both
@permission_required(rules.may_moderate)
def restore(request: HttpRequest, comment_id: int) -> HttpResponse:
    return _of_comment(
        request,
        comment_id,
        action=moderating.restore,
        title=_("Restore this comment?"),
        button=_("Restore comment"),
        message=_("Comment restored."),
    )


@both
@permission_required(rules.may_moderate)
def approve(request: HttpRequest, comment_id: int) -> HttpResponse:
    return _of_comment(
        request,
        comment_id,
        action=moderating.approve,
        title=_("Approve this comment?"),
        button=_("Approve comment"),
        message=_("Comment approved."),
    )


@both
@permission_required(rules.may_moderate)
def dismiss_reports(request: HttpRequest, comment_id: int) -> HttpResponse:
    return _of_comment(
        request,
        comment_id,
        action=moderating.dismiss_reports,
        title=_("Dismiss the reports of this comment?"),
        button=_("Dismiss reports"),
        message=_("Reports dismissed. The comment stays."),
    )


def _of_article(
    request: HttpRequest, article: Article, *, action: Callable[..., Any], title: str, button: str, message: str
) -> HttpResponse:
    act = ActionForm(
        title=title,
        explanation=article.headline,
        button=button,
        form=ReasonForm(request.POST or None),
        cancel_url=article.get_absolute_url() + "#talk" if article.is_public else reverse("moderation"),
    )
    return run_action(request, act, action, message, article=article)


@both
@permission_required(rules.may_moderate)
def close(request: HttpRequest, article_id: int) -> HttpResponse:
    return _of_article(
        request,
        get_object_or_404(Article, pk=article_id),
        action=moderating.close_discussion,
        title=_("Close this discussion?"),
        button=_("Close discussion"),
        message=_("Discussion closed."),
    )


@both
@permission_required(rules.may_moderate)
def reopen(request: HttpRequest, article_id: int) -> HttpResponse:
    article = get_object_or_404(Article, pk=article_id)
    is_open = article.takes_comments
    return _of_article(
        request,
        article,
        action=moderating.reopen_discussion,
        title=_("Keep this discussion open?") if is_open else _("Reopen this discussion?"),
        button=_("Keep discussion open") if is_open else _("Reopen discussion"),
        message=_("The discussion is open."),
    )


def _of_reader(
    request: HttpRequest, reader_id: int, *, action: Callable[..., Any], title: str, button: str, message: str
) -> HttpResponse:
    reader = get_object_or_404(User, pk=reader_id)
    act = ActionForm(
        title=title % {"name": reader.username},
        button=button,
        form=ReasonForm(request.POST or None),
        cancel_url=reader.get_absolute_url(),
    )
    return run_action(request, act, action, message % {"name": reader.username}, reader=reader)


@both
@permission_required(rules.may_moderate)
def ban(request: HttpRequest, reader_id: int) -> HttpResponse:
    return _of_reader(
        request,
        reader_id,
        action=moderating.ban,
        title=_("Ban %(name)s?"),
        button=_("Ban reader"),
        message=_("%(name)s banned."),
    )


@both
@permission_required(rules.may_moderate)
def unban(request: HttpRequest, reader_id: int) -> HttpResponse:
    return _of_reader(
        request,
        reader_id,
        action=moderating.unban,
        title=_("Lift the ban on %(name)s?"),
        button=_("Lift ban"),
        message=_("%(name)s can comment again."),
    )
