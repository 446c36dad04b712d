"""Forms that htmx shows under a comment, or a page of their own without scripts."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django_htmx.http import reswap, retarget

from articles.accounts.models import User
from articles.discussion.comment_controls import public_html
from articles.discussion.models import Comment
from articles.discussion.threads import thread_page
from articles.errors import Refused
from articles.publishing.models import Article
from articles.text.sanitizing import trusted
from articles.web.decorators import page_or_fragment, wants_fragment
from articles.web.ip_rate_limits import with_retry_after

UNPROCESSABLE = 422
TOO_MANY = 429


def reader_of(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # Behind `signed_in`.
    return request.user


def get_comment(request: HttpRequest, comment_id: int) -> Comment:
    """Return a comment whose permalink the viewer may open, or raise Http404."""
    comments = (
        Comment.objects.readable_by(request.user)
        .filter(article__in=Article.objects.visible_to(request.user))
        .with_text_version()
        .select_related("article", "author")
        .defer("article__body", "article__body_html", "article__held_reason")
    )
    return get_object_or_404(comments, pk=comment_id)


@dataclass(frozen=True, kw_only=True)
class ActionForm:
    """A small form for one action."""

    title: str
    button: str
    explanation: str = ""
    form: forms.Form | None = None
    refusal: str = ""
    comment: Comment | None = None
    cancel_url: str = ""
    texts: Sequence[tuple[str | Promise, str]] = ()
    """Headings and HTML of texts to read before deciding."""
    link_url: str = ""
    """Of what one may have wanted instead."""
    link_text: str = ""


def show_action(request: HttpRequest, act: ActionForm, *, status: int = 200) -> HttpResponse:
    """Render the form in the slot under its comment, or as a page."""
    errors = list(act.form.errors) if act.form else []
    context: dict[str, Any] = {"action": act, "path": request.path, "has_errors": bool(errors or act.refusal)}
    if wants_fragment(request):
        if act.form and errors:
            act.form.fields[errors[0]].widget.attrs["autofocus"] = True
    elif act.comment is not None:
        context["article"] = act.comment.article
        if act.comment.state != Comment.State.HELD:
            context["html"] = trusted(f"<li>{public_html(act.comment)}</li>")
    return page_or_fragment(request, "discussion/action.html", "discussion/_action.html", context, status=status)


def gone_page(request: HttpRequest, comment: Comment) -> HttpResponse | None:
    """Return the page for an action on a comment whose text is hidden or withdrawn; None if it isn't.

    It has the status of the permalink and nothing of the text, for the author and for editors as well. Only requests
    that read get it: a form that was sent is refused by its action, with what was typed.
    """
    if comment.state in (Comment.State.VISIBLE, Comment.State.HELD) or request.method not in ("GET", "HEAD"):
        return None
    unavailable = ActionForm(
        title=_("Comment"),
        button="",
        refusal=_("This comment is no longer available."),
        comment=comment,
        cancel_url=comment.get_absolute_url(),
    )
    return show_action(request, unavailable, status=HTTPStatus.GONE)


def show_ban(request: HttpRequest, comment: Comment, title: str, *, to_comment: bool = False) -> HttpResponse | None:
    """Render why the reader may not write, in place of a form that would be refused; None if they may.

    Args:
        to_comment: The form posts or edits a comment, which suspended readers may not do either.
    """
    reader = reader_of(request)
    refusal = reader.comment_refusal if to_comment else reader.write_refusal
    if not refusal:
        return None
    act = ActionForm(title=title, button="", refusal=refusal, comment=comment, cancel_url=comment.get_absolute_url())
    response = show_action(request, act, status=UNPROCESSABLE)
    return reswap(retarget(response, f"#slot-{comment.pk}"), "innerHTML") if wants_fragment(request) else response


def show_refusal(request: HttpRequest, act: ActionForm, refusal: Refused) -> HttpResponse:
    """Render the form again with the error and everything that was typed."""
    visible = {field.name for field in act.form.visible_fields()} if act.form else set()
    if act.form is not None and refusal.field in visible:
        act.form.add_error(refusal.field, refusal.reason)
    else:
        act = replace(act, refusal=refusal.reason)
    return refused(show_action(request, act), refusal)


def refused(response: HttpResponse, refusal: Refused) -> HttpResponse:
    """Give a form that is shown again the status of its refusal."""
    response.status_code = TOO_MANY if refusal.retry_after else UNPROCESSABLE
    return with_retry_after(response, refusal)


def comment_changed(request: HttpRequest, comment: Comment, message: str) -> HttpResponse:
    """Render a changed comment in place of the old one, or redirect to its page."""
    if not wants_fragment(request):
        return redirect(comment)
    html = thread_page.render_comment(comment, viewer=request.user)
    response = render(
        request, "discussion/_comment_changed.html", {"html": focused(html, "<article"), "message": message}
    )
    return reswap(retarget(response, f"#comment-{comment.pk}"), "outerHTML")


def focused(html: str, tag: str) -> str:
    """Give the first such tag the keyboard focus when htmx inserts it."""
    return trusted(html.replace(tag, f'{tag} tabindex="-1" autofocus', 1))
