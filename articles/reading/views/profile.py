"""A reader's public profile: name, biography and comments."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from articles.accounts.models import User
from articles.discussion.hidden_comments import hidden_texts
from articles.discussion.models import Comment
from articles.discussion.quote_requests import pending_for
from articles.discussion.rules import may_moderate
from articles.publishing.models import Article
from articles.publishing.page_cache import etag_for_anonymous
from articles.text.directions import own_directions
from articles.web.pagination import paginate
from articles.web.redirects import redirect_keeping_query


@require_safe
@etag_for_anonymous
def reader(request: HttpRequest, name: str) -> HttpResponse:
    """Show a profile, to its reader with the comments that moderators hid.

    Any spelling that counts as the same name redirects to the chosen one.
    """
    person = User.objects.active_or_404(name)
    if person.username != name:
        return redirect_keeping_query(request, person)
    is_own = request.user == person
    shown = [Comment.State.VISIBLE, *([Comment.State.HIDDEN] if is_own else [])]
    comments = (
        Comment.objects.filter(state__in=shown, author=person, article__in=Article.objects.visible_to(request.user))
        .select_related("article")
        .defer("article__body", "article__body_html", "html")
        .order_by("-posted_at", "-pk")
    )
    page = paginate(comments, request)
    hidden = [comment.pk for comment in page.items if comment.state == Comment.State.HIDDEN]
    own_hidden = hidden_texts(hidden) if hidden else {}
    context = {
        "person": person,
        "page": page,
        "comments": [
            (comment, own_hidden.get(comment.pk), own_directions(comment.body_html))
            for comment in page.items
            if comment.state == Comment.State.VISIBLE or comment.pk in own_hidden
        ],
        "quote_requests": pending_for(person) if is_own else [],
        "is_own": is_own,
        "may_moderate": may_moderate(request.user),
    }
    return render(request, "reading/reader.html", context)
