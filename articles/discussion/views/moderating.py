"""Moderators' acts: each a small form with its reason, under the comment or on a page of its own."""

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
    Act,
    ask,
    changed,
    reader_of,
    refused,
)
from articles.errors import Refused
from articles.publishing.models import Article
from articles.web.decorators import permission_required, wants_fragment

both = require_http_methods(["GET", "POST"])


def _comment(comment_id: int) -> Comment:
    """Also of an article that readers no longer see: a report on it still waits for its answer."""
    return get_object_or_404(Comment.objects.select_related("article", "author"), pk=comment_id)


def do_act(request: HttpRequest, act: Act, do: Callable[..., Any], said: str, **target: Any) -> HttpResponse:
    """Show the form, or do what it says with its reason."""
    if request.method == "GET":
        return ask(request, act)
    assert act.form is not None
    act.form.is_valid()
    try:
        do(**target, by=reader_of(request), reason=act.form.cleaned_data.get("reason", ""))
    except Refused as refusal:
        return refused(request, act, refusal)
    if act.comment is not None and wants_fragment(request):
        return changed(request, act.comment, said)
    messages.success(request, said)
    return redirect("moderation" if request.POST.get("back") == "moderation" else act.back)


def _of_comment(
    request: HttpRequest, comment_id: int, *, do: Callable[..., Any], title: str, button: str, said: str, why: str = ""
) -> HttpResponse:
    comment = _comment(comment_id)
    act = Act(
        title=title,
        explanation=why,
        button=button,
        form=ReasonForm(request.POST or None),
        comment=comment,
        back=comment.get_absolute_url() if comment.article.is_public else reverse("moderation"),
    )
    return do_act(request, act, do, said, comment=comment)


@both
@permission_required(rules.may_moderate)
def hide(request: HttpRequest, comment_id: int) -> HttpResponse:
    return _of_comment(
        request,
        comment_id,
        do=moderating.hide,
        title=_("Hide this comment"),
        why=_("Readers see that a moderator hid it; replies stay where they are. You can restore it."),
        button=_("Hide it"),
        said=_("The comment is hidden."),
    )


@both
@permission_required(rules.may_moderate)
def restore(request: HttpRequest, comment_id: int) -> HttpResponse:
    return _of_comment(
        request,
        comment_id,
        do=moderating.restore,
        title=_("Restore this comment"),
        button=_("Restore it"),
        said=_("The comment is restored."),
    )


@both
@permission_required(rules.may_moderate)
def approve(request: HttpRequest, comment_id: int) -> HttpResponse:
    return _of_comment(
        request,
        comment_id,
        do=moderating.approve,
        title=_("Show this comment"),
        button=_("Show it"),
        said=_("The comment is shown."),
    )


@both
@permission_required(rules.may_moderate)
def dismiss(request: HttpRequest, comment_id: int) -> HttpResponse:
    return _of_comment(
        request,
        comment_id,
        do=moderating.dismiss_reports,
        title=_("Dismiss the reports on this comment"),
        button=_("Dismiss them"),
        said=_("The reports are dismissed; the comment stays."),
    )


def _of_article(
    request: HttpRequest, article: Article, *, do: Callable[..., Any], title: str, button: str, said: str
) -> HttpResponse:
    act = Act(
        title=title,
        explanation=article.headline,
        button=button,
        form=ReasonForm(request.POST or None),
        back=article.get_absolute_url() + "#talk" if article.is_public else reverse("moderation"),
    )
    return do_act(request, act, do, said, article=article)


@both
@permission_required(rules.may_moderate)
def lock(request: HttpRequest, article_id: int) -> HttpResponse:
    return _of_article(
        request,
        get_object_or_404(Article, pk=article_id),
        do=moderating.lock_thread,
        title=_("Close this discussion"),
        button=_("Close it"),
        said=_("The discussion is closed."),
    )


@both
@permission_required(rules.may_moderate)
def unlock(request: HttpRequest, article_id: int) -> HttpResponse:
    article = get_object_or_404(Article, pk=article_id)
    is_open = article.takes_comments
    return _of_article(
        request,
        article,
        do=moderating.unlock_thread,
        title=_("Keep this discussion open") if is_open else _("Open this discussion"),
        button=_("Keep it open") if is_open else _("Open it"),
        said=_("The discussion is open."),
    )


def _of_reader(
    request: HttpRequest, reader_id: int, *, do: Callable[..., Any], title: str, button: str, said: str
) -> HttpResponse:
    reader = get_object_or_404(User, pk=reader_id)
    act = Act(
        title=title % {"name": reader.username},
        button=button,
        form=ReasonForm(request.POST or None),
        back=reader.get_absolute_url(),
    )
    return do_act(request, act, do, said % {"name": reader.username}, reader=reader)


@both
@permission_required(rules.may_moderate)
def ban(request: HttpRequest, reader_id: int) -> HttpResponse:
    return _of_reader(
        request,
        reader_id,
        do=moderating.ban,
        title=_("Ban %(name)s from the discussion"),
        button=_("Ban"),
        said=_("%(name)s is banned."),
    )


@both
@permission_required(rules.may_moderate)
def unban(request: HttpRequest, reader_id: int) -> HttpResponse:
    return _of_reader(
        request,
        reader_id,
        do=moderating.unban,
        title=_("Lift the ban of %(name)s"),
        button=_("Lift it"),
        said=_("%(name)s may talk again."),
    )
