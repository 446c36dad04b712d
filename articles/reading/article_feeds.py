"""Atom and JSON feeds of the latest articles, with their full text."""

import re
from collections.abc import Iterable
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
from articles.publishing.models import Article, Author, Block, PicturePlacement, Section
from articles.publishing.models.article import ArticleQuerySet
from articles.publishing.page_cache import cache_for_everyone
from articles.publishing.picture_html import feed_figure
from articles.publishing.slug_redirects import redirect_renamed
from articles.reading.json_ld import description_of
from articles.reading.picture_data import main_picture, preview_image
from articles.topics.models import ArticleTopic, Topic

MAX_ENTRIES = 20
HOST = urlsplit(settings.SITE_ADDRESS).hostname
OWN_LINK = re.compile('(href|src)="/(?!/)')  # Feed readers know no base for JSON Feed, and few heed that of Atom.
# XML can't contain these two. Everything else that it can't contain was removed when it was saved.
INVALID_IN_XML = re.compile("[\ufffe\uffff]")


def article_entries(articles: ArticleQuerySet) -> list[dict[str, Any]]:
    """Return feed entries of the latest of these articles, without pull quotes that repeat the body.

    By publication time: an article of an earlier date that is published today would otherwise reach no subscriber.

    An article of which only the day is known has no `published`: both formats require a time, and we don't invent one.
    """
    blocks = Block.objects.filter(position__isnull=False)
    newest = (
        articles.for_lists()
        .annotate(dead_in_text=dead_in_text)
        .prefetch_related(
            Prefetch("blocks", blocks),
            Prefetch("placements", PicturePlacement.objects.for_pages()),
            "pull_quotes",
            "related_links",
            "lost_links",
        )
        .latest_published_first()[:MAX_ENTRIES]
    )
    return [_entry(article) for article in newest]


def _entry(article: Article) -> dict[str, Any]:
    html = lay_out(article, for_feed=True)
    if article.dead_in_text:  # type: ignore[attr-defined]
        html = without_dead_links(html, article)
    summary = description_of(article, html)
    placements = article.placements.all()
    html = "".join(feed_figure(placed) for placed in placements if placed.is_lead) + html
    html = OWN_LINK.sub(rf'\1="{settings.SITE_ADDRESS}/', INVALID_IN_XML.sub("", html))
    changed = max(moment for moment in (article.go_live_at, article.updated_at) if moment is not None)
    return {
        "id": f"tag:{HOST},{article.created_at:%Y-%m-%d}:{article.pk}",
        "url": settings.SITE_ADDRESS + article.get_absolute_url(),
        "title": INVALID_IN_XML.sub("", article.typographic_headline),
        "summary": INVALID_IN_XML.sub("", summary),
        "html": html,
        "image": _image(placements),
        "language": article.language,
        "authors": [
            {"name": byline.author.name, "url": settings.SITE_ADDRESS + byline.author.get_absolute_url()}
            for byline in article.bylines.all()
        ],
        "section": article.section.name if article.section else "",
        "published": article.sort_at.isoformat(timespec="seconds") if article.dated_at and article.sort_at else "",
        "updated": changed.isoformat(timespec="seconds"),
    }


def _image(placements: Iterable[PicturePlacement]) -> dict[str, Any] | None:
    picture = main_picture(placements)
    if picture is None:
        return None
    credit, caption = picture.picture.credit_line, picture.shown_caption
    words = {"credit": INVALID_IN_XML.sub("", credit), "caption": INVALID_IN_XML.sub("", caption)}
    return preview_image(picture) | words


def atom_response(request: HttpRequest, entries: list[dict[str, Any]], *, title: str, page_path: str) -> HttpResponse:
    """Return an Atom feed of the page at `page_path`. Entries need only id, url, title and updated."""
    context = {
        "entries": entries,
        "title": INVALID_IN_XML.sub("", title),
        "updated": max((entry["updated"] for entry in entries), default="1970-01-01T00:00:00+00:00"),
        "page_url": settings.SITE_ADDRESS + page_path,
        "feed_url": settings.SITE_ADDRESS + request.path,
    }
    return render(request, "reading/feed.xml", context, content_type="application/atom+xml; charset=utf-8")


@require_safe
@cache_for_everyone
def atom_feed(request: HttpRequest) -> HttpResponse:
    entries = article_entries(Article.objects.visible_to(request.user))
    return atom_response(request, entries, title=settings.PAPER_NAME, page_path="/")


@require_safe
@cache_for_everyone
@redirect_renamed(Topic)
def topic_feed(request: HttpRequest, slug: str) -> HttpResponse:
    topic = get_object_or_404(Topic.objects.visible_to(request.user), slug=slug)
    shown = ArticleTopic.objects.filter(topic=topic, state=ArticleTopic.State.SHOWN)
    articles = Article.objects.visible_to(request.user).filter(pk__in=shown.values("article"))
    return _feed_of(request, topic, articles)


@require_safe
@cache_for_everyone
@redirect_renamed(Section)
def section_feed(request: HttpRequest, slug: str) -> HttpResponse:
    section = get_object_or_404(Section, slug=slug)
    return _feed_of(request, section, Article.objects.visible_to(request.user).filter(section=section))


@require_safe
@cache_for_everyone
@redirect_renamed(Author)
def author_feed(request: HttpRequest, slug: str) -> HttpResponse:
    author = get_object_or_404(Author, slug=slug)
    return _feed_of(request, author, Article.objects.visible_to(request.user).filter(bylines__author=author))


def _feed_of(request: HttpRequest, thing: Topic | Section | Author, articles: ArticleQuerySet) -> HttpResponse:
    title = _("%(name)s on %(paper)s") % {"name": thing.name, "paper": settings.PAPER_NAME}
    return atom_response(request, article_entries(articles), title=title, page_path=thing.get_absolute_url())


@require_safe
@cache_for_everyone
def json_feed(request: HttpRequest) -> HttpResponse:
    items = [
        {
            "id": entry["id"],
            "url": entry["url"],
            "title": entry["title"],
            "summary": entry["summary"],
            "content_html": entry["html"],
            "language": entry["language"],
            "authors": entry["authors"],
            "tags": [entry["section"]] if entry["section"] else [],
            "date_modified": entry["updated"],
            **({"image": entry["image"]["url"]} if entry["image"] else {}),
            **({"date_published": entry["published"]} if entry["published"] else {}),
        }
        for entry in article_entries(Article.objects.visible_to(request.user))
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
