"""Recommending comments."""

from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods
from django_htmx.http import reswap, retarget

from articles.discussion import recommending
from articles.discussion.models import Comment
from articles.discussion.views.forms_in_place import (
    ActionForm,
    get_comment,
    gone_page,
    reader_of,
    show_action,
    show_ban,
    show_refusal,
)
from articles.errors import Refused
from articles.web.decorators import signed_in, wants_fragment


@require_http_methods(["GET", "POST"])
@signed_in
def recommend(request: HttpRequest, comment_id: int) -> HttpResponse:
    """Recommend a comment, or with `on=0` remove the recommendation. Idempotent."""
    comment = get_comment(request, comment_id)
    if gone := gone_page(request, comment):
        return gone
    takes_back = request.method == "POST" and request.POST.get("on") == "0"
    if not takes_back and (banned := show_ban(request, comment, _("Recommend this comment?"))):
        return banned
    act = ActionForm(
        title=_("Recommend this comment?"),
        button=_("Recommend"),
        comment=comment,
        cancel_url=comment.get_absolute_url(),
    )
    if request.method == "GET":
        return show_action(request, act)
    on = not takes_back
    try:
        action = recommending.recommend if on else recommending.remove_recommendation
        comment = action(comment=comment, by=reader_of(request))
    except Refused as refusal:
        response = show_refusal(request, act, refusal)
        return reswap(retarget(response, f"#slot-{comment.pk}"), "innerHTML")
    if not wants_fragment(request):
        return redirect(_return_url(request, comment))
    context = {
        "number": comment.pk,
        "count": f" {comment.recommended}" if comment.recommended else "",
        "name": comment.author.username if comment.author else _("deleted user"),
        "recommended": on,
        "may_recommend": not reader_of(request).write_refusal,
        "message": _("Recommendation added.") if on else _("Recommendation removed."),
    }
    return render(request, "discussion/_recommendation_changed.html", context)


def _return_url(request: HttpRequest, comment: Comment) -> str:
    """Return the URL of the article page that the request came from, or the comment's permalink."""
    referrer = request.headers.get("Referer", "")
    if url_has_allowed_host_and_scheme(referrer, {request.get_host()}, require_https=request.is_secure()):
        parts = urlsplit(referrer)
        if parts.path == comment.article.get_absolute_url():
            return f"{parts.path}{'?' + parts.query if parts.query else ''}#comment-{comment.pk}"
    return comment.get_absolute_url()
