"""Companions of an article (pictures, pull quotes, “Also on” boxes, lost links).

Place them, and serialize them for revisions.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields
from typing import Any

from django.db.models import Model, Prefetch, prefetch_related_objects

from articles.pictures.models import Picture
from articles.publishing.models import (
    Article,
    Block,
    Byline,
    LostLink,
    PicturePlacement,
    PullQuote,
    RelatedLink,
    Revision,
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Quote:
    """A pull quote to place. `after` is the position of a block, from 0; None puts it at the end."""

    text: str
    speaker: str = ""
    role: str = ""
    speaker_confirmed: bool = True
    after: int | None = None
    confirmation_reason: str = ""
    confirmed_digest: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Related:
    """An “Also on” box to place. `after` as with `Quote`."""

    headline: str
    label: str = ""
    raw: str = ""
    url: str = ""
    target: Article | None = None
    after: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Lost:
    """Text whose link is lost: the `occurrence`-th (from 0) in the block's plain text."""

    words: str
    block: int
    occurrence: int = 0
    raw: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Placed:
    """A picture to place. `after` as with `Quote`; the lead picture follows no block."""

    picture: Picture
    role: str = PicturePlacement.Role.BODY
    alt: str = ""
    is_decorative: bool = False
    caption: str = ""
    after: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Companions:
    """All companions of an article, to replace the current ones."""

    quotes: Sequence[Quote] = ()
    related: Sequence[Related] = ()
    lost: Sequence[Lost] = ()
    pictures: Sequence[Placed] = ()


MAX_ROWS = 100  # Of each kind in one article: as many rows as its form takes. More is an attack.
type Parts = Mapping[str, Sequence[Model]]
"""Rows of an article by the name of their relation: {"blocks": [...], "pull_quotes": [...]}. Some or all of them."""

HIDDEN_OF_TARGETS = ("target__body", "target__body_html")  # What a form and its checks don't need of linked articles.
PARTS = ("blocks", "bylines", "placements", "pull_quotes", "related_links", "lost_links")


@contextmanager
def prefetched_parts(article: Article, known: Parts | None = None) -> Iterator[None]:
    """Prefetch an article's blocks, byline and companions, so that `.all()` of them makes no query.

    Code inside must not add or delete any of them.

    Args:
        known: Those that needn't be loaded, in the order in which they would be.
    """
    _clear_prefetched(article)
    for name, rows in (known or {}).items():
        relation = getattr(article, name).all()
        relation._result_cache, relation._prefetch_done = list(rows), True  # As Django's own prefetching does.
        _prefetched(article)[name] = relation
    bylines = Prefetch("bylines", Byline.objects.select_related("author"))
    pictures = Prefetch("placements", PicturePlacement.objects.select_related("picture"))
    boxes = Prefetch("related_links", RelatedLink.objects.select_related("target").defer(*HIDDEN_OF_TARGETS))
    prefetch_related_objects([article], "blocks", bylines, pictures, "pull_quotes", boxes, "lost_links")
    try:
        yield
    finally:
        _clear_prefetched(article)


def _prefetched(article: Article) -> dict[str, Any]:
    cache: dict[str, Any] = article.__dict__.setdefault("_prefetched_objects_cache", {})
    return cache


def _clear_prefetched(article: Article) -> None:
    for name in PARTS:
        _prefetched(article).pop(name, None)


def place_companions(article: Article, companions: Companions) -> None:
    """Replace an article's companions. Those with the same text keep their rows."""
    blocks = {block.position: block for block in article.blocks.filter(position__isnull=False)}
    _place_pictures(article, companions.pictures, blocks)
    _place_quotes(article, companions.quotes, blocks)
    _place_related(article, companions.related, blocks)
    article.lost_links.all().delete()
    LostLink.objects.bulk_create(
        LostLink(
            article=article, block=blocks.get(lost.block), words=lost.words, occurrence=lost.occurrence, raw=lost.raw
        )
        for lost in companions.lost
    )


def _place_pictures(article: Article, pictures: Sequence[Placed], blocks: dict[int | None, Block]) -> None:
    present = _grouped(article.placements.all(), "picture_id")
    rows = []
    for order, placed in enumerate(pictures):
        same = present[placed.picture.pk]
        row = same.pop(0) if same else PicturePlacement(article=article, picture=placed.picture)
        row.role, row.caption, row.is_decorative = placed.role, placed.caption, placed.is_decorative
        row.alt = "" if placed.is_decorative else placed.alt
        row.after = None if placed.after is None else blocks.get(placed.after)
        row.order = order
        rows.append(row)
    article.placements.exclude(pk__in=[row.pk for row in rows if row.pk]).delete()
    # The lead last: another picture may have been the lead until now.
    for row in sorted(rows, key=lambda row: row.role == PicturePlacement.Role.LEAD):
        row.save()


def _place_quotes(article: Article, quotes: Sequence[Quote], blocks: dict[int | None, Block]) -> None:
    last = blocks.get(len(blocks) - 1)
    present = _grouped(article.pull_quotes.all(), "text")
    for order, quote in enumerate(quotes):
        same = present[quote.text]
        row = same.pop(0) if same else PullQuote(article=article, text=quote.text)
        row.speaker, row.role, row.speaker_confirmed = quote.speaker, quote.role, quote.speaker_confirmed
        row.after = (None if quote.after is None else blocks.get(quote.after)) or last
        row.order = order
        if quote.confirmation_reason:
            row.confirmation_reason, row.confirmed_digest = quote.confirmation_reason, quote.confirmed_digest
        row.save()
    article.pull_quotes.filter(pk__in=[row.pk for rows in present.values() for row in rows]).delete()


def _place_related(article: Article, related: Sequence[Related], blocks: dict[int | None, Block]) -> None:
    present = _grouped(article.related_links.all(), "headline")
    for order, box in enumerate(related):
        same = present[box.headline]
        row = same.pop(0) if same else RelatedLink(article=article, headline=box.headline)
        row.label, row.raw, row.target = box.label, box.raw, box.target
        row.url = "" if box.target else box.url
        row.after = None if box.after is None else blocks.get(box.after)
        row.order = order
        row.save()
    article.related_links.filter(pk__in=[row.pk for rows in present.values() for row in rows]).delete()


def _grouped[Row: (PicturePlacement, PullQuote, RelatedLink)](rows: Iterable[Row], name: str) -> dict[Any, list[Row]]:
    """Return the rows by their picture or text: two may have the same."""
    found: dict[Any, list[Row]] = defaultdict(list)
    for row in rows:
        found[getattr(row, name)].append(row)
    return found


def companions_data(article: Article) -> dict[str, list[dict[str, Any]]]:
    """Return an article's companions as plain data for a revision."""
    position: dict[int | None, int | None] = {block.pk: block.position for block in article.blocks.all()}
    return {
        "pictures": [
            _fields_of(placed, Placed, picture=placed.picture_id, after=position.get(placed.after_id))
            for placed in article.placements.all()
        ],
        "pull_quotes": [
            _fields_of(quote, Quote, after=position.get(quote.after_id)) for quote in article.pull_quotes.all()
        ],
        "related_links": [
            _fields_of(link, Related, target=link.target_id, after=position.get(link.after_id))
            for link in article.related_links.all()
        ],
        "lost_links": [_fields_of(link, Lost, block=position.get(link.block_id)) for link in article.lost_links.all()],
    }


def serialize_companions(companions: Companions) -> dict[str, list[dict[str, Any]]]:
    """Return companions that are not placed as the same plain data."""
    return {
        "pictures": [_fields_of(placed, Placed, picture=placed.picture.pk) for placed in companions.pictures],
        "pull_quotes": [_fields_of(quote, Quote) for quote in companions.quotes],
        "related_links": [
            _fields_of(link, Related, target=link.target and link.target.pk) for link in companions.related
        ],
        "lost_links": [_fields_of(lost, Lost) for lost in companions.lost],
    }


def _fields_of(row: object, kind: type, **plain: object) -> dict[str, Any]:
    """Return the fields that the dataclass `kind` has, as the row has them except for those in `plain`."""
    return {field.name: getattr(row, field.name) for field in fields(kind) if field.name not in plain} | plain


def companions_of(revision: Revision) -> Companions:
    """Return the companions of a revision, ready to be placed again."""
    data = revision.companions
    targets = Article.objects.only("headline", "dated", "slug", "status", "go_live_at", "language").in_bulk(
        [link["target"] for link in data.get("related_links", []) if link["target"] is not None]
    )
    pictures = Picture.objects.in_bulk([placed["picture"] for placed in data.get("pictures", [])])
    return Companions(
        pictures=[
            Placed(**{**placed, "picture": pictures[placed["picture"]]})
            for placed in data.get("pictures", [])
            if placed["picture"] in pictures  # It may have been deleted since.
        ],
        quotes=[Quote(**quote) for quote in data.get("pull_quotes", [])],
        related=[Related(**{**link, "target": targets.get(link["target"])}) for link in data.get("related_links", [])],
        lost=[Lost(**link) for link in data.get("lost_links", []) if link["block"] is not None],
    )
