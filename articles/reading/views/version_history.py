"""The version history of an article: the list of its editions, each edition, and the comparison of two."""

from collections.abc import Iterator
from dataclasses import dataclass
from http import HTTPStatus
from itertools import groupby
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from articles.publishing.edition_comparison import Compared, Paragraph, compare
from articles.publishing.edition_html import render_edition
from articles.publishing.editions import is_collapsed
from articles.publishing.layout import fill_places
from articles.publishing.link_index import dead_urls, without_dead_links
from articles.publishing.models import Article, Revision
from articles.publishing.page_cache import cache_article_for_anonymous
from articles.reading import also_on_boxes
from articles.reading.article_lookup import with_article
from articles.web.pagination import MAX_ID, paginate, parse_id

PAGE_SIZE = 100  # Editions; hardly any article has as many.
CONTEXT_PARAGRAPHS = 1  # Unchanged paragraphs shown before and after a change.


@dataclass(frozen=True, slots=True)
class Entry:
    """An item of the history: one edition, or several in a row with minor changes, collapsed."""

    editions: list[Revision]
    collapsed: bool
    is_open: bool = False
    """Whether to show the collapsed editions because one of them is selected for comparison."""


@dataclass(frozen=True, slots=True)
class Segment:
    """Consecutive paragraphs of a comparison, collapsed if they are not near a change."""

    paragraphs: list[Paragraph]
    collapsed: bool


@require_safe
@cache_article_for_anonymous
@with_article
def show(request: HttpRequest, article: Article) -> HttpResponse:
    editions = article.revisions.editions().prefetch_related("corrections").order_by("-edition")
    page = paginate(editions.defer("body", "standfirst", "companions"), request, size=PAGE_SIZE)
    if not page.items:
        raise Http404
    latest = page.items[0] if page.number == 1 else None
    selected = [latest, _compared_with(latest, page.items)] if latest else []
    context = {
        "article": article,
        "current_section": article.section,
        "page": page,
        "entries": list(_entries(page.items, selected)),
        "latest": latest.edition if latest else None,
        "selected": selected,
    }
    return render(request, "reading/history.html", context)


def _compared_with(latest: Revision, editions: list[Revision]) -> Revision | None:
    """Return the edition to preselect for comparison with the latest: the newest other that is not a minor change."""
    earlier = [edition for edition in editions if edition != latest]
    return next((edition for edition in earlier if not is_collapsed(edition)), earlier[0] if earlier else None)


def _entries(editions: list[Revision], selected: list[Revision | None]) -> Iterator[Entry]:
    for collapsed, group in groupby(editions, key=is_collapsed):
        if collapsed:
            minor = list(group)
            yield Entry(minor, collapsed=True, is_open=any(edition in selected for edition in minor))
        else:
            yield from (Entry([edition], collapsed=False) for edition in group)


@require_safe
@cache_article_for_anonymous
@with_article
def edition(request: HttpRequest, article: Article, number: int) -> HttpResponse:
    """Show an edition as its readers saw it."""
    [revision] = _editions(article, [min(number, MAX_ID)])
    next_edition = article.revisions.editions().filter(edition=number + 1).only("edition", "public_at").first()
    context: dict[str, Any] = {
        "article": article,
        "current_section": article.section,
        "edition": revision,
        "next_edition": next_edition,
    }
    if revision.removed_at is not None:
        return render(request, "reading/edition.html", context, status=HTTPStatus.UNAVAILABLE_FOR_LEGAL_REASONS)
    rendered = render_edition(revision, article)
    dead = dead_urls((link.url for link in rendered.boxes.values() if link.url), article)
    boxes = {
        key: also_on_boxes.render_box(link, is_dead=link.url in dead, language=article.language)
        for key, link in rendered.boxes.items()
    }
    body = fill_places(
        rendered.html,
        box=lambda key: boxes.get(key, ""),
        pictures=rendered.pictures,
        language=article.language,
    )
    context["body"] = without_dead_links(body, article)
    context["lead_picture"] = rendered.lead_picture(article.language)
    context["also_at_end"] = also_on_boxes.boxes_at_end(rendered.boxes.values(), boxes)
    return render(request, "reading/edition.html", context)


@require_safe
@cache_article_for_anonymous
@with_article
def comparison(request: HttpRequest, article: Article) -> HttpResponse:
    """Compare two editions, the older one first. Redirect URLs with the newer one first, or the same one twice."""
    if not {"from", "to"} <= request.GET.keys():  # The form was submitted without a selection.
        return redirect(article.history_url)
    first, last = parse_id(request.GET.get("from")), parse_id(request.GET.get("to"))
    if first is None or last is None:
        raise Http404
    if first == last:
        return redirect(f"{article.history_url}{first}/")
    if first > last:
        return redirect(f"{article.history_url}compare/?from={last}&to={first}")
    old, new = _editions(article, [first, last])
    between = article.revisions.editions().filter(edition__gt=first, edition__lte=last)
    notable = between.notable().distinct().prefetch_related("corrections").order_by("edition")
    removed = [edition for edition in (old, new) if edition.removed_at]
    context = {
        "article": article,
        "current_section": article.section,
        "old": old,
        "new": new,
        "notable_editions": [] if removed else notable.defer("body", "standfirst", "companions"),
        "removed_editions": removed,
        "segments": [] if removed else list(_segments(compare(old, new))),
        "next_edition": article.revisions.editions().filter(edition=last + 1).only("edition", "article").first(),
    }
    status = HTTPStatus.UNAVAILABLE_FOR_LEGAL_REASONS if removed else HTTPStatus.OK
    return render(request, "reading/comparison.html", context, status=status)


def _editions(article: Article, numbers: list[int]) -> list[Revision]:
    """Return the editions with these numbers, in ascending order. Raise Http404 if one doesn't exist."""
    found = article.revisions.editions().prefetch_related("corrections").filter(edition__in=numbers)
    editions = list(found.order_by("edition"))
    if len(editions) < len(numbers):
        raise Http404
    return editions


def _segments(compared: list[Compared]) -> Iterator[Segment]:
    for index, part in enumerate(compared):
        paragraphs = part.paragraphs
        start = 0 if index == 0 else CONTEXT_PARAGRAPHS  # No change comes before the first paragraph,
        stop = len(paragraphs) - (0 if index == len(compared) - 1 else CONTEXT_PARAGRAPHS)  # and none after the last.
        if part.changed or stop - start < 2:
            yield Segment(paragraphs, collapsed=False)
            continue
        pieces = [(paragraphs[:start], False), (paragraphs[start:stop], True), (paragraphs[stop:], False)]
        yield from (Segment(piece, collapsed) for piece, collapsed in pieces if piece)
