"""The latest articles in full, as Atom and as JSON Feed."""

import re
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from articles.publishing.layout import lay_out
from articles.publishing.link_index import dead_in_text, without_dead_links
from articles.publishing.models import Article, Block
from articles.publishing.models.article import ArticleQuerySet
from articles.reading.json_ld import description_of
from articles.reading.page_cache import cache_for_anonymous
from articles.text.markdown import typographic
from articles.topics.models import ArticleTopic, Topic

ENTRIES = 20
HOST = urlsplit(settings.SITE_ADDRESS).hostname
# XML can't hold these two; everything else that it can't was cleaned away when it was saved.
NOT_IN_XML = re.compile("[\ufffe\uffff]")


def entries(articles: ArticleQuerySet) -> list[dict[str, Any]]:
    """The newest of these articles, laid out without what repeats the body or needs the page.

    Where only the day is known there is no `published`: both formats want a time of day, and none is invented.
    """
    newest = (
        articles.for_cards()
        .annotate(dead_in_text=dead_in_text)
        .prefetch_related(
            Prefetch("blocks", Block.objects.filter(position__isnull=False)),
            "pull_quotes",
            "related_links",
            "lost_links",
        )
        .newest_first()[:ENTRIES]
    )
    return [_entry(article) for article in newest]


def _entry(article: Article) -> dict[str, Any]:
    html = lay_out(article, for_feed=True)
    if article.dead_in_text:  # type: ignore[attr-defined]
        html = without_dead_links(html, article)
    html = NOT_IN_XML.sub("", html)
    changed = max(moment for moment in (article.go_live_at, article.updated_at) if moment is not None)
    return {
        "id": f"tag:{HOST},{article.created_at:%Y-%m-%d}:{article.pk}",
        "address": settings.SITE_ADDRESS + article.get_absolute_url(),
        "headline": NOT_IN_XML.sub("", typographic(article.headline)),
        "summary": NOT_IN_XML.sub("", description_of(article, html)),
        "html": html,
        "language": article.language,
        "authors": [
            {"name": byline.author.name, "url": settings.SITE_ADDRESS + byline.author.get_absolute_url()}
            for byline in article.bylines.all()
        ],
        "section": article.section.name if article.section else "",
        "published": article.dated_at.isoformat(timespec="seconds") if article.dated_at else "",
        "updated": changed.isoformat(timespec="seconds"),
    }


def as_atom(
    request: HttpRequest, found: list[dict[str, Any]], *, title: str, of: str, language: str = ""
) -> HttpResponse:
    """Entries as an Atom feed.

    Args:
        request: Whose path is the feed's own address.
        found: The entries, as `entries` gives them.
        title: What the feed is called in a list of feeds.
        of: The path of the page whose feed it is.
        language: Of the feed, if it is not the paper's.
    """
    context = {
        "entries": found,
        "title": NOT_IN_XML.sub("", title),
        "language": language,
        "updated": max((entry["updated"] for entry in found), default="1970-01-01T00:00:00+00:00"),
        "home": settings.SITE_ADDRESS + of,
        "address": settings.SITE_ADDRESS + request.path,
    }
    return render(request, "reading/feed.xml", context, content_type="application/atom+xml; charset=utf-8")


@require_safe
@cache_for_anonymous
def atom(request: HttpRequest) -> HttpResponse:
    found = entries(Article.objects.visible_to(request.user))
    return as_atom(request, found, title=settings.PAPER_NAME, of="/")


@require_safe
@cache_for_anonymous
def of_topic(request: HttpRequest, slug: str) -> HttpResponse:
    topic = get_object_or_404(Topic.objects.standing(request.user), slug=slug)
    shown = ArticleTopic.objects.filter(topic=topic, state=ArticleTopic.State.SHOWN)
    articles = Article.objects.visible_to(request.user).filter(pk__in=shown.values("article"))
    title = _("%(name)s on %(paper)s") % {"name": topic.name, "paper": settings.PAPER_NAME}
    return as_atom(request, entries(articles), title=title, of=topic.get_absolute_url())


@require_safe
@cache_for_anonymous
def json_feed(request: HttpRequest) -> HttpResponse:
    items = [
        {
            "id": entry["id"],
            "url": entry["address"],
            "title": entry["headline"],
            "summary": entry["summary"],
            "content_html": entry["html"],
            "language": entry["language"],
            "authors": entry["authors"],
            "tags": [entry["section"]] if entry["section"] else [],
            "date_modified": entry["updated"],
            **({"date_published": entry["published"]} if entry["published"] else {}),
        }
        for entry in entries(Article.objects.visible_to(request.user))
    ]
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": settings.PAPER_NAME,
        "home_page_url": settings.SITE_ADDRESS + "/",
        "feed_url": settings.SITE_ADDRESS + reverse("json_feed"),
        "language": settings.LANGUAGE_CODE,
        "items": items,
    }
    return JsonResponse(
        feed, json_dumps_params={"ensure_ascii": False}, content_type="application/feed+json; charset=utf-8"
    )
