"""Errors that were mended: of one article, on a page of their own, and as a feed."""

from typing import Any
from urllib.parse import urlsplit

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
from articles.reading.article_feeds import ENTRIES, NOT_IN_XML, as_atom
from articles.reading.page_cache import cache_for_anonymous
from articles.text.markdown import typographic
from articles.web.pagination import paginate

HOST = urlsplit(settings.SITE_ADDRESS).hostname
NOT_SHOWN = [f"revision__{name}" for name in ("body", "standfirst", "companions", "reason")]
NOT_SHOWN += [f"revision__article__{name}" for name in ("body", "body_html", "held_reason")]


def _public() -> QuerySet[Correction]:
    """Of what everybody may read now; a change whose time lies ahead corrects nothing yet."""
    articles = Article.objects.visible_to(AnonymousUser()).values("pk")
    made = Correction.objects.filter(made_at__lte=timezone.now(), revision__edition__isnull=False)
    return made.filter(revision__article__in=articles).select_related("revision__article").defer(*NOT_SHOWN)


def of(article: Article) -> QuerySet[Correction]:
    """Of an article that everybody may read, newest first."""
    made = Correction.objects.filter(revision__article=article, made_at__lte=timezone.now())
    return made.exclude(revision__edition=None).select_related("revision").defer(*NOT_SHOWN[:4])


@require_safe
@cache_for_anonymous
def show(request: HttpRequest) -> HttpResponse:
    return render(request, "reading/corrections.html", {"page": paginate(_public(), request)})


@require_safe
@cache_for_anonymous
def feed(request: HttpRequest) -> HttpResponse:
    found = [_entry(correction) for correction in _public()[:ENTRIES]]
    title = _("Corrections of %(paper)s") % {"paper": settings.PAPER_NAME}
    return as_atom(request, found, title=title, of=reverse("corrections"))


def _entry(correction: Correction) -> dict[str, Any]:
    article = correction.revision.article
    moment = correction.made_at.isoformat(timespec="seconds")
    text = NOT_IN_XML.sub("", correction.text)
    address = settings.SITE_ADDRESS + correction.changes_url
    link = format_html('<p><a href="{}">{}</a></p>', address, _("See what changed"))
    return {
        "id": f"tag:{HOST},{correction.made_at:%Y-%m-%d}:correction-{correction.pk}",
        "address": f"{settings.SITE_ADDRESS}{article.get_absolute_url()}#correction-{correction.pk}",
        "headline": NOT_IN_XML.sub("", _("Correction: %(headline)s") % {"headline": typographic(article.headline)}),
        "summary": text,
        "html": linebreaks(text, autoescape=True) + link,
        "language": article.language,
        "published": moment,
        "updated": moment,
    }
