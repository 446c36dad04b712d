"""What the views of this room share: who asks, which comment, and a page or a fragment for an answer."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import patch_vary_headers
from django_htmx.http import reswap, retarget

from articles.accounts.models import User
from articles.discussion.comment_controls import public_html
from articles.discussion.models import Comment
from articles.discussion.threads import thread_page
from articles.errors import Refused
from articles.publishing.models import Article
from articles.text.sanitizing import trusted
from articles.web.decorators import wants_fragment

UNPROCESSABLE = 422
TOO_MANY = 429


def reader_of(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # Behind `signed_in`.
    return request.user


def find_comment(request: HttpRequest, comment_id: int) -> Comment:
    """A comment that has a place in a discussion that the viewer may see, also a tombstone; and their own held one."""
    comments = (
        Comment.objects.readable_by(request.user)
        .filter(article__in=Article.objects.visible_to(request.user))
        .select_related("article", "author")
        .defer("article__body", "article__body_html", "article__held_reason")
    )
    return get_object_or_404(comments, pk=comment_id)


@dataclass(frozen=True, kw_only=True)
class Act:
    """A small form that does one thing: what it says and what its button says."""

    title: str
    button: str
    explanation: str = ""
    form: forms.Form | None = None
    refusal: str = ""
    comment: Comment | None = None
    back: str = ""


def ask(request: HttpRequest, act: Act, *, status: int = 200) -> HttpResponse:
    """The form: in the slot under its comment, or on a page of its own."""
    wrong = list(act.form.errors) if act.form is not None and act.form.is_bound else []
    context: dict[str, Any] = {"act": act, "path": request.path, "wrong": bool(wrong or act.refusal)}
    if wants_fragment(request):
        if act.form is not None and wrong:
            act.form.fields[wrong[0]].widget.attrs["autofocus"] = True
        response = render(request, "discussion/_act.html", context, status=status)
    else:
        if act.comment is not None:
            context["article"] = act.comment.article
            context["html"] = trusted(f"<li>{public_html(act.comment)}</li>") if _is_public(act.comment) else ""
        response = render(request, "discussion/act.html", context, status=status)
    patch_vary_headers(response, ["HX-Request"])
    return response


def _is_public(comment: Comment) -> bool:
    return comment.state != Comment.State.HELD


def refused(request: HttpRequest, act: Act, refusal: Refused) -> HttpResponse:
    """The form again, with what is wrong and all that was typed."""
    if act.form is not None and refusal.field in act.form.fields:
        act.form.add_error(refusal.field, refusal.reason)
        response = ask(request, act, status=status_of(refusal))
    else:
        said = Act(**{**vars(act), "refusal": refusal.reason})
        response = ask(request, said, status=status_of(refusal))
    return with_wait(response, refusal)


def status_of(refusal: Refused) -> int:
    return TOO_MANY if refusal.retry_after else UNPROCESSABLE


def with_wait(response: HttpResponse, refusal: Refused) -> HttpResponse:
    if refusal.retry_after:
        response["Retry-After"] = str(refusal.retry_after)
    return response


def changed(request: HttpRequest, comment: Comment, said: str, *, to: str = "") -> HttpResponse:
    """A comment was changed: its new card in place of the old one, or the page where it stands."""
    if not wants_fragment(request):
        from_page = to or f"{comment.get_absolute_url()}"
        return redirect(from_page)
    card = thread_page.card_for(comment, viewer=request.user)
    response = render(request, "discussion/_changed.html", {"card": focused(card, "<article"), "said": said})
    return reswap(retarget(response, f"#comment-{comment.pk}"), "outerHTML")


def focused(html: str, tag: str) -> str:
    """The first such tag gets the keyboard's focus when htmx puts it into the page."""
    return trusted(html.replace(tag, f'{tag} tabindex="-1" autofocus', 1))
