"""Corrections: of one article, and of all articles as a page and as a feed."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, linebreaks
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from articles.publishing.models import Article, Correction
from articles.publishing.models.article import ArticleQuerySet
from articles.publishing.page_cache import cache_for_anonymous, cache_for_everyone
from articles.reading.article_feeds import HOST, INVALID_IN_XML, MAX_ENTRIES, atom_response
from articles.web.pagination import paginate

UNUSED_REVISION_FIELDS = [f"revision__{name}" for name in ("body", "standfirst", "companions", "reason")]
UNUSED_ARTICLE_FIELDS = [f"revision__article__{name}" for name in ("body", "body_html", "held_reason")]


def _published() -> QuerySet[Correction]:
    """Return the corrections made in published versions. That of a scheduled change is not published yet."""
    made = Correction.objects.filter(made_at__lte=timezone.now(), revision__edition__isnull=False)
    return made.select_related("revision").defer(*UNUSED_REVISION_FIELDS)


def corrections_of(article: Article) -> QuerySet[Correction]:
    """Return the corrections of a public article, newest first."""
    return _published().filter(revision__article=article)


def _public_corrections() -> QuerySet[Correction]:
    """Return the corrections of all public articles, newest first."""
    articles = Article.objects.visible_to(AnonymousUser()).values("pk")
    found = _published().filter(revision__article__in=articles)
    return found.select_related("revision__article").defer(*UNUSED_ARTICLE_FIELDS)


def latest_correction(articles: ArticleQuerySet, *, since: datetime) -> Correction | None:
    """Return the latest correction of these articles, if it was made since then."""
    found = _published().filter(revision__article__in=articles.values("pk"), made_at__gte=since)
    return found.select_related("revision__article").defer(*UNUSED_REVISION_FIELDS, *UNUSED_ARTICLE_FIELDS).first()


@require_safe
@cache_for_anonymous
def show(request: HttpRequest) -> HttpResponse:
    return render(request, "reading/corrections.html", {"page": paginate(_public_corrections(), request)})


@require_safe
@cache_for_everyone
def feed(request: HttpRequest) -> HttpResponse:
    entries = [_entry(correction) for correction in _public_corrections()[:MAX_ENTRIES]]
    title = _("Corrections on %(paper)s") % {"paper": settings.PAPER_NAME}
    return atom_response(request, entries, title=title, page_path=reverse("corrections"))


def _entry(correction: Correction) -> dict[str, Any]:
    article = correction.revision.article
    made_at = correction.made_at.isoformat(timespec="seconds")
    text = INVALID_IN_XML.sub("", correction.text)
    changes_url = settings.SITE_ADDRESS + correction.changes_url
    link = format_html('<p><a href="{}">{}</a></p>', changes_url, _("See what changed"))
    return {
        "id": f"tag:{HOST},{correction.made_at:%Y-%m-%d}:correction-{correction.pk}",
        "url": f"{settings.SITE_ADDRESS}{article.get_absolute_url()}#correction-{correction.pk}",
        "title": INVALID_IN_XML.sub("", _("Correction: %(headline)s") % {"headline": article.typographic_headline}),
        "summary": text,
        "html": linebreaks(text, autoescape=True) + link,
        "language": article.language,
        "published": made_at,
        "updated": made_at,
    }
