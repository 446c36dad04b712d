"""An edition set as its readers had it, from what its revision keeps."""

from dataclasses import dataclass

from articles.publishing.companions import companions_of
from articles.publishing.layout import compose, plain_body
from articles.publishing.models import Article, Block, LostLink, PullQuote, RelatedLink, Revision
from articles.publishing.pull_quote_check import check
from articles.text.markdown import render_blocks


@dataclass(frozen=True, slots=True)
class Facsimile:
    """A laid-out text with marks for its boxes, and the boxes by the number in the mark. Nothing of it is saved."""

    html: str
    boxes: dict[int, RelatedLink]


def facsimile(revision: Revision, article: Article) -> Facsimile:
    """The text of a revision, as far as the renderer is still the same; the date line is the article's own."""
    blocks = [
        Block(pk=-1 - position, position=position, source=block.source, html=block.html)
        for position, block in enumerate(render_blocks(revision.body))
    ]
    beside, words = companions_of(revision), plain_body(blocks)
    quotes = [
        PullQuote(
            pk=number,
            text=quote.text,
            speaker=quote.speaker,
            role=quote.role,
            speaker_confirmed=quote.speaker_confirmed,
            after_id=_id(quote.after),
        )
        for number, quote in enumerate(beside.quotes, start=1)
    ]
    for quote in quotes:
        check(quote, words)
    boxes = {
        number: RelatedLink(
            pk=number, label=box.label, headline=box.headline, url=box.url, target=box.target, after_id=_id(box.after)
        )
        for number, box in enumerate(beside.related, start=1)
    }
    lost = [LostLink(block_id=_id(link.block), words=link.words, occurrence=link.occurrence) for link in beside.lost]
    return Facsimile(compose(blocks, quotes=quotes, related=boxes.values(), lost=lost, place=article.place), boxes)


def _id(position: int | None) -> int | None:
    return None if position is None else -1 - position
