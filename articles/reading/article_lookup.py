"""Find an article by the date and slug in its URL, also by an earlier one."""

from collections.abc import Callable
from datetime import date
from functools import wraps

from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from articles.publishing.models import Article
from articles.publishing.slug_redirects import redirect_target


def date_or_404(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        raise Http404 from None


def with_article(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Decorate a view to get the public article of its URL, or redirect to the article's current URL."""

    @wraps(view)
    def wrapper(request: HttpRequest, year: int, month: int, day: int, slug: str, **kwargs: object) -> HttpResponse:
        dated = date_or_404(year, month, day)
        articles = Article.objects.visible_to(AnonymousUser()).select_related("section").defer("body", "body_html")
        if article := articles.filter(dated=dated, slug=slug).first():
            return view(request, article, **kwargs)
        if article := redirect_target(dated, slug):
            return redirect_to_article(article, request)
        raise Http404

    return wrapper


def redirect_to_article(article: Article, request: HttpRequest) -> HttpResponse:
    """Redirect permanently to an article's current URL, keeping the rest of the path and the query string.

    Browsers must revalidate the redirect: if the article ever moves back, two cached redirects would form a loop.
    """
    rest = request.path_info.split("/", 5)[5]  # "history/2/" of "/2026/03/01/slug/history/2/".
    query = f"?{request.GET.urlencode()}" if request.GET else ""
    response = redirect(article.get_absolute_url() + rest + query, permanent=True)
    response.headers["Cache-Control"] = "no-cache"
    return response
