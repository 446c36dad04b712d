"""From an address to its article: the one that stands there, or the one that once did."""

from collections.abc import Callable
from datetime import date
from functools import wraps

from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from articles.publishing.models import Article
from articles.publishing.slug_redirects import redirect_target


def day_of(year: int, month: int, day: int) -> date:
    """The day in an address. One that no calendar has is not found."""
    try:
        return date(year, month, day)
    except ValueError:
        raise Http404 from None


def located(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Hand a view the public article whose address begins the path, or lead on to where the article is now."""

    @wraps(view)
    def find(request: HttpRequest, year: int, month: int, day: int, slug: str, **kwargs: object) -> HttpResponse:
        dated = day_of(year, month, day)
        articles = Article.objects.visible_to(AnonymousUser()).select_related("section").defer("body", "body_html")
        if article := articles.filter(dated=dated, slug=slug).first():
            return view(request, article, **kwargs)
        if moved := redirect_target(dated, slug):
            return moved_to(moved, request)
        raise Http404

    return find


def moved_to(article: Article, request: HttpRequest) -> HttpResponse:
    """For good, yet asked for each time: browsers would keep the two in a loop, should it ever move back."""
    beyond = request.path_info.split("/", 5)[
        5
    ]  # Of “/year/month/day/slug/history/2/” what follows the article's address.
    query = f"?{request.GET.urlencode()}" if request.GET else ""
    response = redirect(article.get_absolute_url() + beyond + query, permanent=True)
    response.headers["Cache-Control"] = "no-cache"
    return response
