"""What an open page asks again and again: is there anything new? And the new comments, when its reader wants them."""

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
def ask(request: HttpRequest, article_id: int) -> HttpResponseBase:
    """The numbers of the comments after one, and how to speak of so many. The same for whoever asks.

    The tag is a digest of the answer: while nothing arrives it is the same, and so is the answer to it, 304. A comment
    that is hidden changes the answer at once. Pages ask without their cookies, so no session is read for it.
    """
    after = thread_sorting.number_of(request.GET.get("after", "0"))
    with cache_for_response():
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
    return _("Show: %(comments)s") % {"comments": unread_markers.counted(number)}


@require_safe
def show(request: HttpRequest, article_id: int) -> HttpResponse:
    """The new comments as this reader sees them, to be put above the thread of an open page."""
    article = get_object_or_404(Article.objects.visible_to(request.user), pk=article_id)
    if request.headers.get("Sec-Fetch-Mode") == "navigate":  # Opened by hand: the page that shows the same.
        return redirect(f"{article.get_absolute_url()}?sort=newest#talk")
    arrived = thread_page.arrived(
        article, viewer=request.user, after=thread_sorting.number_of(request.GET.get("after", "0"))
    )
    return render(request, "discussion/_arrived.html", {"arrived": arrived, "article": article})
