"""Render an edition from its revision, as its readers saw it."""

from dataclasses import dataclass

from articles.publishing.companions import companions_of
from articles.publishing.layout import compose, plain_body
from articles.publishing.models import Article, Block, LostLink, PicturePlacement, PullQuote, RelatedLink, Revision
from articles.publishing.picture_html import figure
from articles.publishing.pull_quote_check import ComparedText, check_quote
from articles.text.markdown import render_blocks


@dataclass(frozen=True, slots=True)
class EditionHtml:
    """Laid-out HTML with placeholders for its boxes and pictures, and these by the number there. Never saved."""

    html: str
    boxes: dict[int, RelatedLink]
    pictures: list[PicturePlacement]

    def lead_picture(self, language: str) -> str:
        """Return the figure of the lead picture, if there is one."""
        return next((figure(placed, language=language) for placed in self.pictures if placed.is_lead), "")


def render_edition(revision: Revision, article: Article) -> EditionHtml:
    """Return the laid-out text of a revision, by today's renderer and with the article's current dateline."""
    blocks = [
        Block(pk=-1 - position, position=position, source=block.source, html=block.html)
        for position, block in enumerate(render_blocks(revision.body, article.language))
    ]
    companions, body = companions_of(revision), ComparedText(plain_body(blocks))
    pictures = [
        PicturePlacement(
            pk=number,
            picture=placed.picture,
            role=placed.role,
            alt=placed.alt,
            is_decorative=placed.is_decorative,
            caption=placed.caption,
            after_id=_block_id(placed.after),
        )
        for number, placed in enumerate(companions.pictures, start=1)
    ]
    quotes = [
        PullQuote(
            pk=number,
            text=quote.text,
            speaker=quote.speaker,
            role=quote.role,
            speaker_confirmed=quote.speaker_confirmed,
            after_id=_block_id(quote.after),
        )
        for number, quote in enumerate(companions.quotes, start=1)
    ]
    for quote in quotes:
        check_quote(quote, body)
    boxes = {
        number: RelatedLink(
            pk=number,
            label=box.label,
            headline=box.headline,
            url=box.url,
            target=box.target,
            after_id=_block_id(box.after),
        )
        for number, box in enumerate(companions.related, start=1)
    }
    lost = [
        LostLink(block_id=_block_id(link.block), words=link.words, occurrence=link.occurrence)
        for link in companions.lost
    ]
    html = compose(
        blocks,
        pictures=pictures,
        quotes=quotes,
        related=boxes.values(),
        lost=lost,
        place=article.place,
        language=article.language,
    )
    return EditionHtml(html, boxes, pictures)


def _block_id(position: int | None) -> int | None:
    return None if position is None else -1 - position
