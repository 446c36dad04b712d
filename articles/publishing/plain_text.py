"""The plain words of an article, paragraph by paragraph and quote by quote: as they are, and as they once were."""

from collections.abc import Iterable
from dataclasses import dataclass

from articles.publishing.models import Article, Block, PullQuote, Revision
from articles.text.excerpts import plain_text
from articles.text.markdown import render_blocks, typographic


@dataclass(frozen=True, slots=True)
class Wording:
    """One line for each block of the text, in order, and one for each pull quote."""

    paragraphs: list[str]
    quotes: list[str]


@dataclass(frozen=True, slots=True)
class Present:
    """The text that stands now, with the rows that hold it, in the same order."""

    blocks: list[Block]
    quotes: list[PullQuote]

    @property
    def wording(self) -> Wording:
        return Wording([words_of(block.html) for block in self.blocks], _quoted(quote.text for quote in self.quotes))


def words_of(html: str) -> str:
    """What a block says, as one line with single spaces."""
    return " ".join(plain_text(html).split())


def _quoted(texts: Iterable[str]) -> list[str]:
    return [" ".join(typographic(text).split()) for text in texts]


def present(article: Article) -> Present:
    blocks = article.blocks.filter(position__isnull=False).order_by("position")
    return Present(list(blocks), list(article.pull_quotes.all()))


def as_of(revision: Revision) -> Wording:
    """The words of a former text: what its readers saw, as far as the renderer is still the same."""
    return Wording(
        [words_of(block.html) for block in render_blocks(revision.body)],
        _quoted(quote["text"] for quote in revision.companions.get("pull_quotes", [])),
    )
