"""Find an article by the date and slug in its URL, also by an earlier one."""

from collections.abc import Callable
from datetime import date
from functools import wraps
from http import HTTPStatus

from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from articles.publishing.models import Article
from articles.publishing.slug_redirects import article_once_at, redirect_target, redirect_to_article


def date_or_404(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        raise Http404 from None


def with_article(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Decorate a view to get the public article of its URL, or redirect to the article's current URL.

    The address of a withdrawn article says when it was withdrawn, and nothing else of it.
    """

    @wraps(view)
    def wrapper(request: HttpRequest, year: int, month: int, day: int, slug: str, **kwargs: object) -> HttpResponse:
        dated = date_or_404(year, month, day)
        articles = Article.objects.visible_to(AnonymousUser()).select_related("section").defer("body", "body_html")
        if article := articles.filter(dated=dated, slug=slug).first():
            return view(request, article, **kwargs)
        return response_without_article(request, dated, slug)

    return wrapper


def response_without_article(request: HttpRequest, dated: date, slug: str) -> HttpResponse:
    """Redirect to the article that had this URL, or say when it was withdrawn; raise Http404 if there was none."""
    if article := redirect_target(dated, slug):
        return redirect_to_article(article, request)
    withdrawn = Article.objects.filter(status=Article.Status.WITHDRAWN, withdrawn_at__isnull=False)
    if article := article_once_at(dated, slug, among=withdrawn.only("withdrawn_at")):
        context = {"withdrawn_at": article.withdrawn_at}
        return render(request, "reading/withdrawn.html", context, status=HTTPStatus.GONE)
    raise Http404
