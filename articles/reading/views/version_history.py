"""What an article said before: its editions, each at a stable address, and any two of them compared."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from articles.publishing.edition_html import render_edition
from articles.publishing.editions import Compared, Paragraph, compare, is_collapsed
from articles.publishing.layout import fill_boxes
from articles.publishing.link_index import dead_urls, without_dead_links
from articles.publishing.models import Article, Revision
from articles.reading import also_on_boxes
from articles.reading.article_lookup import located
from articles.reading.page_cache import cache_for_anonymous
from articles.web.pagination import paginate, parse_id

A_PAGE = 100  # Editions; hardly an article ever has as many.
LEGAL = 451  # Unavailable For Legal Reasons (RFC 7725).
NEAR = 1  # Unchanged paragraphs shown on each side of a change, so that it can be understood.


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the history: an edition that says something, or some in a row with minor changes."""

    editions: list[Revision]
    folded: bool
    opened: bool = False
    """Whether one of them is chosen for the comparison: a choice is not made where nobody sees it."""


@dataclass(frozen=True, slots=True)
class Part:
    """Paragraphs of a comparison; those that nothing changed near are folded away."""

    paragraphs: list[Paragraph]
    folded: bool


@require_safe
@cache_for_anonymous
@located
def show(request: HttpRequest, article: Article) -> HttpResponse:
    editions = article.revisions.editions().prefetch_related("corrections").order_by("-edition")
    page = paginate(editions.defer("body", "standfirst", "companions"), request, size=A_PAGE)
    if not page.items:
        raise Http404
    for edition in page.items:
        edition.article = article  # Asked for once.
    latest = page.items[0] if page.number == 1 else None
    chosen = [latest, _before(latest, page.items)] if latest else []
    context = {
        "article": article,
        "here": article.section,
        "page": page,
        "entries": list(_entries(page.items, chosen)),
        "latest": latest.edition if latest else None,
        "chosen": chosen,
    }
    return render(request, "reading/history.html", context)


def _before(latest: Revision, editions: list[Revision]) -> Revision | None:
    """What the present text is compared with unless a reader chooses: the last text that said something else."""
    former = [edition for edition in editions if edition != latest]
    return next((edition for edition in former if not is_collapsed(edition)), former[0] if former else None)


def _entries(editions: list[Revision], chosen: list[Revision | None]) -> Iterator[Entry]:
    for folded, group in groupby(editions, key=is_collapsed):
        if folded:
            few = list(group)
            yield Entry(few, folded=True, opened=any(edition in chosen for edition in few))
        else:
            yield from (Entry([edition], folded=False) for edition in group)


@require_safe
@cache_for_anonymous
@located
def edition(request: HttpRequest, article: Article, number: int) -> HttpResponse:
    """The text as its readers had it."""
    revision = _edition(article, number)
    following = article.revisions.editions().filter(edition=number + 1).only("edition", "public_at").first()
    context: dict[str, Any] = {
        "article": article,
        "here": article.section,
        "edition": revision,
        "following": following,
        "until": following.public_at if following else None,
    }
    if revision.removed_at is not None:
        return render(request, "reading/edition.html", context, status=LEGAL)
    was = render_edition(revision, article)
    dead = dead_urls((link.url for link in was.boxes.values() if link.url), article)
    boxes = {key: also_on_boxes.render_box(link, is_dead=link.url in dead) for key, link in was.boxes.items()}
    context["body"] = without_dead_links(fill_boxes(was.html, lambda key: boxes.get(key, "")), article)
    context["also_at_end"] = [boxes[key] for key, link in was.boxes.items() if link.after_id is None]
    return render(request, "reading/edition.html", context)


@require_safe
@cache_for_anonymous
@located
def comparison(request: HttpRequest, article: Article) -> HttpResponse:
    """How one edition differs from another, the older one first whichever was named first."""
    if not {"from", "to"} <= request.GET.keys():  # The list's button, before two were chosen.
        return redirect(article.history_url)
    first, last = parse_id(request.GET.get("from")), parse_id(request.GET.get("to"))
    if first is None or last is None:
        raise Http404
    if first == last:
        return redirect(f"{article.history_url}{first}/")
    if first > last:
        return redirect(f"{article.history_url}compare/?from={last}&to={first}")
    found = article.revisions.editions().prefetch_related("corrections").filter(edition__in=[first, last])
    old, new = _both(list(found.order_by("edition")), article)
    between = article.revisions.editions().filter(edition__gt=first, edition__lte=last)
    told = between.notable().distinct().prefetch_related("corrections").order_by("edition")
    taken = [edition for edition in (old, new) if edition.removed_at]
    context = {
        "article": article,
        "here": article.section,
        "old": old,
        "new": new,
        "told": [] if taken else told.defer("body", "standfirst", "companions"),
        "taken": taken,
        "parts": [] if taken else list(_parts(compare(old, new))),
        "following": article.revisions.editions().filter(edition=last + 1).only("edition", "article").first(),
    }
    return render(request, "reading/comparison.html", context, status=LEGAL if taken else 200)


def _both(found: list[Revision], article: Article) -> list[Revision]:
    if len(found) < 2:
        raise Http404
    for edition in found:
        edition.article = article  # Asked for once.
    return found


def _edition(article: Article, number: int) -> Revision:
    found = article.revisions.editions().prefetch_related("corrections").filter(edition=number).first()
    if found is None:
        raise Http404
    found.article = article
    return found


def _parts(found: list[Compared]) -> Iterator[Part]:
    for index, stretch in enumerate(found):
        paragraphs = stretch.paragraphs
        start = 0 if index == 0 else NEAR  # Before the first change there is nothing to be near to.
        stop = len(paragraphs) - (0 if index == len(found) - 1 else NEAR)
        if stretch.changed or stop - start < 2:
            yield Part(paragraphs, folded=False)
            continue
        yield from (
            Part(piece, folded=folded)
            for piece, folded in (
                (paragraphs[:start], False),
                (paragraphs[start:stop], True),
                (paragraphs[stop:], False),
            )
            if piece
        )
