"""Unique slugs, and redirects from slugs that readers have seen."""

from collections.abc import Callable
from datetime import date
from functools import wraps
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.errors import Refused
from articles.publishing import link_index
from articles.publishing.models import Article, SlugRedirect
from articles.publishing.models.article import article_url
from articles.publishing.models.slug_redirect import RenamedSlug, RenamedSlugMixin
from articles.text.slugs import make_slug
from articles.text.unicode_folding import composed

type View = Callable[..., HttpResponse]

MAX_SLUG_ATTEMPTS = 50


def save_with_unique_slug(article: Article) -> None:
    """Save with a slug that is unique for the date, adding -2, -3 and so on. Keep a redirect if the old URL was public.

    Raises:
        Refused: Too many articles of that date have this slug.
    """
    stored = Article.objects.filter(pk=article.pk).values_list("dated", "slug", "go_live_at").first()
    seen = stored[:2] if stored and stored[2] and stored[2] <= timezone.now() else None
    # A slug that isn't changed stays, even if today's rules would make another one.
    unchanged = stored is not None and article.slug == stored[1]
    wanted = article.slug if unchanged else make_slug(article.slug or article.headline, default="article")
    for number in range(1, MAX_SLUG_ATTEMPTS + 1):
        article.slug = wanted if number == 1 else f"{wanted}-{number}"
        if _is_taken(article):
            continue
        try:
            with transaction.atomic():
                article.save()
                _save_redirect(article, seen)
        except IntegrityError:  # Another editor took the slug a moment ago.
            if not _is_taken(article):
                raise
            continue
        return
    raise Refused(_("Too many articles of that date have this slug. Choose another."), field="slug")


def redirect_renamed(model: type[RenamedSlugMixin]) -> Callable[[View], View]:
    """Decorate a view whose URL has the `slug` of a row of this model: redirect from an earlier slug."""

    def decorate(view: View) -> View:
        @wraps(view)
        def wrapper(request: HttpRequest, **kwargs: Any) -> HttpResponse:
            try:
                return view(request, **kwargs)
            except Http404:
                renamed = RenamedSlug.objects.filter(kind=model._meta.model_name, slug=kwargs["slug"])
                row = model._default_manager.filter(pk__in=renamed.values("target")).first()
                if row is None or request.resolver_match is None:
                    raise
                url = reverse(request.resolver_match.view_name, args=[row.slug])
                return redirect(url + (f"?{request.GET.urlencode()}" if request.GET else ""), permanent=True)

        return wrapper

    return decorate


def redirect_target(dated: date, slug: str) -> Article | None:
    """Return the public article that this old URL redirects to, or one whose slug is the same in its normal form."""
    public = Article.objects.visible_to(AnonymousUser()).only("dated", "slug")
    spellings = {slug, composed(slug), make_slug(slug)}
    moved = public.filter(slug_redirects__dated=dated, slug_redirects__slug__in=spellings).first()
    return moved or public.filter(dated=dated, slug__in=spellings - {slug}).first()


def redirect_to_article(article: Article, request: HttpRequest) -> HttpResponse:
    """Redirect permanently to an article's current URL, keeping the rest of the path and the query string.

    Browsers must revalidate the redirect: if the article ever moves back, two cached redirects would form a loop.
    """
    rest = request.path_info.split("/", 5)[5]  # "history/2/" of "/2026/03/01/slug/history/2/".
    query = f"?{request.GET.urlencode()}" if request.GET else ""
    response = redirect(article.get_absolute_url() + rest + query, permanent=True)
    response.headers["Cache-Control"] = "no-cache"
    return response


def _is_taken(article: Article) -> bool:
    if article.dated is None:  # No URL yet.
        return False
    others = Article.objects.filter(dated=article.dated, slug=article.slug).exclude(pk=article.pk)
    formers = SlugRedirect.objects.filter(dated=article.dated, slug=article.slug).exclude(article=article.pk)
    return others.exists() or formers.exists()


def _save_redirect(article: Article, seen: tuple[date | None, str] | None) -> None:
    if seen is None or seen == (article.dated, article.slug):
        return
    dated, slug = seen
    link_index.recheck_own_url(article.get_absolute_url())
    if article.dated is not None:  # It may have got its old URL back.
        article.slug_redirects.filter(dated=article.dated, slug=article.slug).delete()
    if dated is not None:
        SlugRedirect.objects.get_or_create(dated=dated, slug=slug, defaults={"article": article})
        link_index.recheck_own_url(article_url(dated, slug))
