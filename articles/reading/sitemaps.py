"""The sitemap and robots.txt."""

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from articles.publishing.about_pages import published_pages
from articles.publishing.models import Article, Author, Section
from articles.publishing.models.article import ArticleQuerySet, article_url
from articles.publishing.page_cache import cache_for_everyone
from articles.reading.picture_data import image_urls

MAX_ARTICLES_IN_ONE_FILE = 10_000  # About 2 MB. The sitemap of a larger site is split by year.
MAX_URLS = 50_000  # The protocol's limit for one file.
# Pages with nothing to index, or with an unlimited number of URLs.
DISALLOWED = (
    *("/admin/", "/accounts/", "/desk/", "/search/?", "/settings/", "/setup/", "/moderation/"),
    *("/comments/", "/articles/", "/drafts/", "/*/history/compare/"),  # Wildcards as in RFC 9309.
)


@require_safe
@cache_for_everyone
def sitemap(request: HttpRequest) -> HttpResponse:
    articles = Article.objects.visible_to(request.user)
    if articles[MAX_ARTICLES_IN_ONE_FILE : MAX_ARTICLES_IN_ONE_FILE + 1].exists():
        # The distinct days are read off an index; for the distinct years, all articles would be read and sorted.
        days = articles.order_by("-dated").values_list("dated", flat=True).distinct()
        years = dict.fromkeys(day.year for day in days if day)
        urls = [settings.SITE_ADDRESS + reverse("sitemap_year", args=[year]) for year in years]
        return _xml(request, "reading/sitemap_index.xml", {"sitemap_urls": urls})
    paths = [
        *map(reverse, ("front", "archive", "authors", "topics", "rules", "privacy", "how_pictures_are_made")),
        *(page.url for page in published_pages()),
        *(section.get_absolute_url() for section in Section.objects.all()),
        *(author.get_absolute_url() for author in Author.objects.filter(articles__in=articles).distinct()[:MAX_URLS]),
    ]
    rows: list[dict[str, Any]] = [{"url": settings.SITE_ADDRESS + path} for path in paths]
    return _xml(request, "reading/sitemap.xml", {"rows": rows + _article_rows(articles)})


@require_safe
@cache_for_everyone
def sitemap_of_year(request: HttpRequest, year: int) -> HttpResponse:
    rows = _article_rows(Article.objects.visible_to(request.user).filter(dated__year=year)) if year else []
    if not rows:
        raise Http404
    return _xml(request, "reading/sitemap.xml", {"rows": rows})


def _article_rows(articles: ArticleQuerySet) -> list[dict[str, Any]]:
    images = image_urls(articles)
    # Values instead of articles, which would each count as shown by the page: the lists' version stands for all.
    newest = articles.newest_first().values_list("pk", "dated", "slug", "updated_at", "go_live_at")[:MAX_URLS]
    return [
        {
            "url": settings.SITE_ADDRESS + article_url(dated, slug),
            "changed": max(filter(None, (updated_at, go_live_at))).isoformat(timespec="seconds"),
            "images": images.get(pk, ()),
        }
        for pk, dated, slug, updated_at, go_live_at in newest
        if dated is not None
    ]


def _xml(request: HttpRequest, template: str, context: dict[str, object]) -> HttpResponse:
    return render(request, template, context, content_type="application/xml; charset=utf-8")


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in DISALLOWED)]
    lines += ["", f"Sitemap: {settings.SITE_ADDRESS}{reverse('sitemap')}", ""]
    headers = {"Content-Type": "text/plain; charset=utf-8", "Cache-Control": "max-age=86400"}
    return HttpResponse("\n".join(lines), headers=headers)
