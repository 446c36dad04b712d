"""Unique slugs, and redirects from slugs that readers have seen."""

from collections.abc import Callable
from datetime import date
from functools import wraps
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.errors import Refused
from articles.publishing import link_index
from articles.publishing.models import Article, SlugRedirect
from articles.publishing.models.article import ArticleQuerySet, article_url
from articles.publishing.models.slug_redirect import RenamedSlug, RenamedSlugMixin
from articles.text.slugs import make_slug
from articles.text.unicode_folding import composed
from articles.web.redirects import redirect_keeping_query

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
    """Decorate a view whose URL has the `slug` of a row of this model: redirect from earlier slugs and other spellings.

    The page is made before a redirect leads to it: a URL must not tell of a page that this reader can't open.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def wrapper(request: HttpRequest, *, slug: str) -> HttpResponse:
            try:
                return view(request, slug=slug)
            except Http404:
                row = _row_once_at(model, slug)
                if row is None or request.resolver_match is None:
                    raise
                view(request, slug=row.slug)
                url = reverse(request.resolver_match.view_name, args=[row.slug])
                return redirect_keeping_query(request, url, permanent=True)

        return wrapper

    return decorate


def _spellings(slug: str) -> list[str]:
    """Return a slug as it is, and in its normal forms: browsers and mail programs may have changed it."""
    return [slug, composed(slug), make_slug(slug, default="")]


def _row_once_at(model: type[RenamedSlugMixin], slug: str) -> RenamedSlugMixin | None:
    """Return the row whose page is meant by a slug that it had, or has in its normal form, or that a row has for which
    it stands; None if its own slug is just this."""
    rows: QuerySet[Any] = model._default_manager.all()
    spellings = _spellings(slug)
    present = {row.slug: row for row in rows.filter(slug__in=spellings)}
    if slug in present:
        row = present[slug]
        return None if row.current() == row else row.current()
    renamed = RenamedSlug.objects.filter(kind=model._meta.model_name, slug__in=spellings)
    earlier = dict(renamed.values_list("slug", "target"))
    found = (present.get(each) or rows.filter(pk=earlier.get(each)).first() for each in spellings)
    row = next(filter(None, found), None)
    return row.current() if row else None


def article_once_at(dated: date, slug: str, *, among: ArticleQuerySet) -> Article | None:
    """Return the one of these articles whose URL this was, or is in its normal form."""
    spellings = _spellings(slug)
    moved = among.filter(slug_redirects__dated=dated, slug_redirects__slug__in=spellings).first()
    return moved or among.filter(dated=dated, slug__in=spellings).first()


def redirect_target(dated: date, slug: str) -> Article | None:
    """Return the public article that this old URL redirects to."""
    return article_once_at(dated, slug, among=Article.objects.public().only("dated", "slug"))


def redirect_to_article(article: Article, request: HttpRequest) -> HttpResponse:
    """Redirect permanently to an article's current URL, keeping the rest of the path and the query string."""
    rest = request.path_info.split("/", 5)[5]  # "history/2/" of "/2026/03/01/slug/history/2/".
    return redirect_keeping_query(request, article.get_absolute_url() + rest, permanent=True)


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
