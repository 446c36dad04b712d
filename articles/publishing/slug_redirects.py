"""An article's address: free when it is taken, and kept when it is left."""

from datetime import date

from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.errors import Refused
from articles.publishing import link_index
from articles.publishing.models import Article, SlugRedirect
from articles.publishing.models.article import address
from articles.text.slugs import make_slug

SLUG_TRIES = 50


def save_with_free_slug(article: Article) -> None:
    """Two articles of a day may share a headline, never an address: later ones get -2, -3 and so on.

    An address that readers have seen goes on leading to its article when that moves to another one.

    Raises:
        Refused: Too many articles of that day want this address.
    """
    wanted = make_slug(article.slug or article.headline, default="article")
    seen = Article.objects.filter(pk=article.pk, go_live_at__lte=timezone.now()).values_list("dated", "slug").first()
    for number in range(1, SLUG_TRIES + 1):
        article.slug = wanted if number == 1 else f"{wanted}-{number}"
        if _is_taken(article):
            continue
        try:
            with transaction.atomic():
                article.save()
                _keep_former(article, seen)
        except IntegrityError:  # Another editor took the address a moment ago.
            if not _is_taken(article):
                raise
            continue
        return
    raise Refused(_("Too many articles of that day have this address. Choose another one."), field="slug")


def moved_article(dated: date, slug: str) -> Article | None:
    """The public article that readers once found at this address."""
    public = Article.objects.visible_to(AnonymousUser())
    return public.filter(former_addresses__dated=dated, former_addresses__slug=slug).only("dated", "slug").first()


def _is_taken(article: Article) -> bool:
    if article.dated is None:  # No address yet.
        return False
    others = Article.objects.filter(dated=article.dated, slug=article.slug).exclude(pk=article.pk)
    formers = SlugRedirect.objects.filter(dated=article.dated, slug=article.slug).exclude(article=article.pk)
    return others.exists() or formers.exists()


def _keep_former(article: Article, seen: tuple[date | None, str] | None) -> None:
    if seen is None or seen == (article.dated, article.slug):
        return
    dated, slug = seen
    link_index.ask_own_again(article.get_absolute_url())
    if article.dated is not None:  # It may have come back to where it was.
        article.former_addresses.filter(dated=article.dated, slug=article.slug).delete()
    if dated is not None:
        SlugRedirect.objects.get_or_create(dated=dated, slug=slug, defaults={"article": article})
        link_index.ask_own_again(address(dated, slug))
