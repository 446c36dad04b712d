"""Previews of an article, saved or as typed in the form, with the renderer and layout of the public page."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from django.utils.dateparse import parse_date
from django.utils.safestring import SafeString

from articles.desk.autocomplete_field import LABEL_WITH_ID
from articles.pictures.models import Picture
from articles.publishing.block_identity import pair_blocks, successors_of
from articles.publishing.layout import compose, lay_out, plain_body
from articles.publishing.link_index import without_dead_links
from articles.publishing.models import Article, Block, PicturePlacement, PullQuote, RelatedLink
from articles.publishing.picture_html import figure
from articles.publishing.pull_quote_check import check_quote, containing_block
from articles.text.comparison import difference
from articles.text.markdown import render_blocks
from articles.text.sanitizing import clean_line, clean_text
from articles.web.pagination import parse_id

if TYPE_CHECKING:
    from django.http import QueryDict

MAX_ROWS = 50  # Pull quotes or boxes in a preview; a longer form is an attack.


@dataclass(slots=True)
class Preview:
    """An unsaved article with its HTML and companions."""

    article: Article
    html: SafeString
    byline: list[str] = field(default_factory=list)
    boxes: dict[int, RelatedLink] = field(default_factory=dict)
    quotes: list[PullQuote] = field(default_factory=list)
    pictures: list[PicturePlacement] = field(default_factory=list)

    @property
    def differing_quotes(self) -> list[SafeString]:
        """Return the differences from the article of each altered pull quote that is unresolved."""
        return [difference(quote.nearest_text, quote.text) for quote in self.quotes if quote.unresolved]

    @property
    def lead_picture(self) -> str:
        language = self.article.language
        return next((figure(placed, language=language) for placed in self.pictures if placed.is_lead), "")

    @property
    def boxes_at_end(self) -> list[RelatedLink]:
        return [box for box in self.boxes.values() if box.after_id is None]


def preview_saved(article: Article) -> Preview:
    """Return a preview of the saved article."""
    boxes = {box.pk: box for box in article.related_links.select_related("target")}
    byline = [str(line.author) for line in article.bylines.select_related("author")]
    html = without_dead_links(lay_out(article), article)
    return Preview(article, html, byline, boxes, pictures=list(article.placements.for_pages()))


def preview_posted(article: Article | None, form: "QueryDict") -> Preview:
    """Return a preview of the article in the form, leaving out fields that can't be parsed."""
    shown = Article(
        headline=clean_line(form.get("headline", "")),
        standfirst=clean_line(form.get("standfirst", "")),
        place=clean_line(form.get("place", "")),
        language=form.get("language", "en")[:15],
        dated=_date(form.get("dated", "")),
    )
    blocks, followers = _blocks(article, form.get("body", ""), shown.language)
    quotes = _quotes(form, followers, blocks)
    boxes = _boxes(form, followers)
    pictures = _pictures(form, followers)
    lost = article.lost_links.all() if article else ()
    html = compose(
        blocks,
        pictures=pictures,
        quotes=quotes,
        related=boxes.values(),
        lost=lost,
        place=shown.place,
        language=shown.language,
    )
    return Preview(shown, without_dead_links(html, article or Article()), _byline(form), boxes, quotes, pictures)


def _blocks(article: Article | None, body: str, language: str) -> tuple[list[Block], Mapping[int, Block | None]]:
    """Return the body's blocks, known ones with their ids, and the block that replaces each saved one."""
    rendered = render_blocks(clean_text(body).strip(), language)
    old = list(article.blocks.filter(position__isnull=False)) if article else []
    known = pair_blocks(old, rendered)
    now = []
    for position, block in enumerate(rendered):
        pk = known[position].pk if position in known else -1 - position
        now.append(Block(pk=pk, position=position, source=block.source, html=block.html))
    followers: dict[int, Block | None] = {block.pk: block for block in now}
    return now, {**followers, **successors_of(old, now)}


def _rows(form: "QueryDict", prefix: str) -> list[dict[str, str]]:
    """Return the rows of an inline in order, without those marked for deletion."""
    total = form.get(f"{prefix}-TOTAL_FORMS", "0")
    rows: list[dict[str, str]] = []
    for index in range(min(parse_id(total) or 0, MAX_ROWS)):
        start = f"{prefix}-{index}-"
        row = {name.removeprefix(start): form.get(name, "") for name in form if name.startswith(start)}
        if "DELETE" not in row:
            rows.append(row)
    return sorted(rows, key=lambda row: parse_id(row.get("order")) or 0)


def _quotes(form: "QueryDict", followers: Mapping[int, Block | None], blocks: list[Block]) -> list[PullQuote]:
    body_text = plain_body(blocks)
    quotes = []
    for number, row in enumerate(_rows(form, "pull_quotes"), start=1):
        if not (text := clean_text(row.get("text", "")).strip()):
            continue
        quote = PullQuote(
            pk=number,
            text=text,
            speaker=row.get("speaker", ""),
            role=row.get("role", ""),
            speaker_confirmed="speaker_confirmed" in row,
            after_id=_block_id(row, followers),
            confirmation_reason=clean_line(row.get("confirmation_reason", "")),
        )
        check_quote(quote, body_text)
        if quote.after_id is None and (home := containing_block(quote, blocks)):
            quote.after_id = home.pk
        quotes.append(quote)
    return quotes


def _pictures(form: "QueryDict", followers: Mapping[int, Block | None]) -> list[PicturePlacement]:
    rows = _rows(form, "placements")
    pictures = Picture.objects.in_bulk({number for row in rows if (number := _id_in_label(row.get("picture", "")))})
    return [
        PicturePlacement(
            pk=number,
            picture=picture,
            role=role if (role := row.get("role", "")) in PicturePlacement.Role else PicturePlacement.Role.BODY,
            alt=clean_line(row.get("alt", "")),
            is_decorative="is_decorative" in row,
            caption=clean_line(row.get("caption", "")),
            after_id=_block_id(row, followers),
        )
        for number, row in enumerate(rows, start=1)
        if (picture := pictures.get(_id_in_label(row.get("picture", "")) or 0))
    ]


def _boxes(form: "QueryDict", followers: Mapping[int, Block | None]) -> dict[int, RelatedLink]:
    rows = _rows(form, "related_links")
    targets = Article.objects.in_bulk({number for row in rows if (number := _id_in_label(row.get("target", "")))})
    boxes: dict[int, RelatedLink] = {}
    for number, row in enumerate(rows, start=1):
        target = targets.get(_id_in_label(row.get("target", "")) or 0)
        headline = clean_line(row.get("headline", "")) or (target.headline if target else "")
        if headline:
            boxes[number] = RelatedLink(
                pk=number,
                label=clean_line(row.get("label", "")),
                headline=headline,
                target=target,
                url=row.get("url", ""),
                after_id=_block_id(row, followers),
            )
    return boxes


def _byline(form: "QueryDict") -> list[str]:
    """Return the names in the form, without the numbers that tell namesakes apart."""
    names = [clean_line(row.get("author", "")) for row in _rows(form, "bylines")]
    return [LABEL_WITH_ID.sub(r"\g<name>", name) for name in names if name]


def _id_in_label(text: str) -> int | None:
    found = LABEL_WITH_ID.match(text.strip())
    return int(found["number"]) if found else None


def _block_id(row: Mapping[str, str], followers: Mapping[int, Block | None]) -> int | None:
    block = followers.get(parse_id(row.get("after")) or 0)
    return block.pk if block else None


def _date(text: str) -> date | None:
    try:
        return parse_date(text)
    except ValueError:
        return None
