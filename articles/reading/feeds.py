"""The latest articles in full, as Atom and as JSON Feed."""

import re
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from articles.publishing.layout import lay_out
from articles.publishing.models import Article, Block
from articles.reading.answers import for_readers
from articles.reading.structured import description_of
from articles.text.markdown import typographic

ENTRIES = 20
HOST = urlsplit(settings.SITE_ADDRESS).hostname
# XML can't hold these two; everything else that it can't was cleaned away when it was saved.
NOT_IN_XML = re.compile("[\ufffe\uffff]")


def entries(request: HttpRequest) -> list[dict[str, Any]]:
    """The newest public articles, laid out without what repeats the body or needs the page.

    Where only the day is known there is no `published`: both formats want a time of day, and none is invented.
    """
    articles = (
        Article.objects.visible_to(request.user)
        .for_cards()
        .prefetch_related(
            Prefetch("blocks", Block.objects.filter(position__isnull=False)),
            "pull_quotes",
            "related_links",
            "lost_links",
        )
        .newest_first()[:ENTRIES]
    )
    return [_entry(article) for article in articles]


def _entry(article: Article) -> dict[str, Any]:
    html = NOT_IN_XML.sub("", lay_out(article, for_feed=True))
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


@require_safe
@for_readers
def atom(request: HttpRequest) -> HttpResponse:
    found = entries(request)
    context = {
        "entries": found,
        "updated": max((entry["updated"] for entry in found), default="1970-01-01T00:00:00+00:00"),
        "home": settings.SITE_ADDRESS + "/",
        "address": settings.SITE_ADDRESS + reverse("feed"),
    }
    return render(request, "reading/feed.xml", context, content_type="application/atom+xml; charset=utf-8")


@require_safe
@for_readers
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
        for entry in entries(request)
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
