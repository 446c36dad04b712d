"""Plain text of an article's paragraphs and pull quotes, current or as of a revision."""

from collections.abc import Iterable
from dataclasses import dataclass

from articles.publishing.models import Article, Block, PullQuote, Revision
from articles.text.excerpts import plain_text
from articles.text.markdown import render_blocks, typographic


@dataclass(frozen=True, slots=True)
class PlainText:
    """One line for each block of the text, in order, and one for each pull quote."""

    paragraphs: list[str]
    quotes: list[str]

    def lines(self, *, in_quote: bool) -> list[str]:
        return self.quotes if in_quote else self.paragraphs


@dataclass(frozen=True, slots=True)
class CurrentText:
    """The current blocks and pull quotes, in the order of the text."""

    blocks: list[Block]
    quotes: list[PullQuote]
    language: str

    @property
    def plain_text(self) -> PlainText:
        return PlainText(
            [block_text(block.html) for block in self.blocks],
            _quote_lines((quote.text for quote in self.quotes), self.language),
        )


def block_text(html: str) -> str:
    """Return a block's text as one line with single spaces."""
    return " ".join(plain_text(html).split())


def _quote_lines(texts: Iterable[str], language: str) -> list[str]:
    return [" ".join(typographic(text, language).split()) for text in texts]


def current_text(article: Article) -> CurrentText:
    blocks = article.blocks.filter(position__isnull=False).order_by("position")
    return CurrentText(list(blocks), list(article.pull_quotes.all()), article.language)


def revision_text(revision: Revision) -> PlainText:
    """Return a revision's plain text, rendered by today's renderer."""
    language = revision.article.language
    return PlainText(
        [block_text(block.html) for block in render_blocks(revision.body, language)],
        _quote_lines((quote["text"] for quote in revision.companions.get("pull_quotes", [])), language),
    )
