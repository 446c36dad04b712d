"""Pages of one comment, one thread and the earlier versions of a comment."""

from http import HTTPStatus

from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from articles.discussion import quote_requests, rules
from articles.discussion.models import Comment
from articles.discussion.threads import permalink_page, thread_page
from articles.discussion.views.forms_in_place import get_comment
from articles.text.diff import difference
from articles.text.directions import own_directions


@require_safe
def show(request: HttpRequest, comment_id: int) -> HttpResponse:
    """Show a comment with its ancestors and replies; a removed one as a tombstone, with status 410."""
    comment = get_comment(request, comment_id)
    gone = comment.state not in (Comment.State.VISIBLE, Comment.State.HELD)
    context = {
        "article": comment.article,
        "title": _("Comment"),
        "html": permalink_page.in_context(comment, viewer=request.user),
        "thread_id": comment.root_id,
        "comment": comment,
        "is_own": comment.author_id == request.user.pk,
        "quote_request": quote_requests.open_request_for(comment, viewer=request.user),
        "may_request_quote": not gone and comment.author_id and rules.may_request_quotes(request.user),
    }
    return render(request, "discussion/permalink.html", context, status=HTTPStatus.GONE if gone else 200)


@require_safe
def thread(request: HttpRequest, comment_id: int) -> HttpResponse:
    comment = get_comment(request, comment_id)
    if comment.root_id is not None:
        return redirect("thread", comment.root_id, permanent=True)
    page = thread_page.thread_page(comment, viewer=request.user, after=request.GET.get("after"))
    context = {"article": comment.article, "title": _("Thread"), "html": page.html, "page": page, "comment": comment}
    return render(request, "discussion/permalink.html", context)


@require_safe
def comment_versions(request: HttpRequest, comment_id: int) -> HttpResponse:
    """Show earlier versions of an edited comment, while it is visible."""
    comment = get_comment(request, comment_id)
    versions = list(comment.versions.all()) if comment.state == Comment.State.VISIBLE else []
    if not versions:
        raise Http404
    texts = [(version.replaced_at, own_directions(version.body_html)) for version in versions]
    html = thread_page.render_comment(comment, viewer=AnonymousUser())
    context = {"article": comment.article, "comment": comment, "texts": texts, "html": html}
    return render(request, "discussion/comment_versions.html", context)


@require_safe
def replied_version(request: HttpRequest, comment_id: int) -> HttpResponse:
    """Show which version of its parent a reply is to, and what has changed since."""
    reply = get_comment(request, comment_id)
    parent = reply.parent
    shown = parent is not None and {reply.state, parent.state} == {Comment.State.VISIBLE}
    if parent is None or not shown or not reply.replies_to_earlier_version:
        raise Http404
    then = parent.versions.filter(replaced_at__gt=reply.begun_at or reply.posted_at).first()
    if then is None:
        raise Http404
    context = {
        "article": reply.article,
        "parent": parent,
        "then": own_directions(then.body_html),
        "difference": difference(then.body, parent.body),
        "comments_html": [thread_page.render_comment(comment, viewer=AnonymousUser()) for comment in (parent, reply)],
    }
    return render(request, "discussion/replied_version.html", context)
