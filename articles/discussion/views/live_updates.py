"""Polling for new comments from an open page, and the comments themselves."""

from functools import cache
from hashlib import md5

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import get_conditional_response
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from articles.discussion.threads import thread_page, thread_sorting, unread_markers
from articles.discussion.threads.live_updates import latest_if_public
from articles.publishing.models import Article
from articles.web.local_cache import cache_for_response


@require_safe
def poll(request: HttpRequest, article_id: int) -> HttpResponseBase:
    """Return the ids of the comments after one, and a label for each possible count. The same for everyone.

    The ETag is a digest of the response, so polls get a 304 until comments arrive or are hidden. Pages poll without
    cookies, so no session is read.
    """
    after = thread_sorting.parse_id(request.GET.get("after", "0"))
    with cache_for_response(("poll", article_id), article_id):
        found = latest_if_public(article_id)
    if found is None:
        raise Http404
    newer = found.after(after)
    says = [_offer(get_language() or "", number) for number in range(1, len(newer) + 1)]
    response = JsonResponse({"comments": newer, "says": says})
    tag = f'"{md5(response.content, usedforsecurity=False).hexdigest()}"'
    response.headers["ETag"] = tag
    response.headers["Cache-Control"] = "no-cache"
    return get_conditional_response(request, etag=tag, response=response) or response


@cache
def _offer(language: str, number: int) -> str:
    return _("Show %(comments)s") % {"comments": unread_markers.counted(number)}


@require_safe
def show(request: HttpRequest, article_id: int) -> HttpResponse:
    """Return the new comments as this reader sees them, to insert above the discussion of an open page."""
    article = get_object_or_404(Article.objects.visible_to(request.user), pk=article_id)
    # Opened in a tab: redirect to the page with the same comments.
    if request.headers.get("Sec-Fetch-Mode") == "navigate":
        return redirect(f"{article.get_absolute_url()}?sort=newest#talk")
    after = thread_sorting.parse_id(request.GET.get("after", "0"))
    new_comments = thread_page.new_comments(article, viewer=request.user, after=after)
    return render(request, "discussion/_new_comments.html", {"new_comments": new_comments, "article": article})
