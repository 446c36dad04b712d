"""Markdown rendering, with a subset for articles and a smaller one for comments. Other syntax is left as text."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token

from articles.text import bare_urls, footnotes, mentions, quotation_marks, tables
from articles.text.quotation_marks import ENGLISH, Marks, elisions_of, marks_of
from articles.text.sanitizing import clean_article_html, clean_comment_html
from articles.text.slugs import name_keys

MAX_NESTING = 12  # Levels of nested quotations; more is an attack.
CLOSING_FENCE = re.compile(r" {0,3}(`+|~+)[ \t]*")

_options = {"html": False, "linkify": True, "typographer": True, "maxNesting": MAX_NESTING}
_inline = ["emphasis", "link", "backticks", "escape", "entity", "newline", "balance_pairs", "linkify", "smartquotes"]


def _dialect(
    *rules: str, breaks: bool = False, marks: Marks = ENGLISH, elisions: Sequence[str] = elisions_of("")
) -> MarkdownIt:
    dialect = MarkdownIt("zero", {**_options, "breaks": breaks, "quotes": list(marks)}).enable([*_inline, *rules])
    bare_urls.add_to(dialect)
    quotation_marks.add_to(dialect, elisions)
    return dialect


@lru_cache
def _article_dialects(marks: Marks, elisions: tuple[str, ...] = ()) -> tuple[MarkdownIt, MarkdownIt]:
    """Return the parser of articles with these quotation marks, and the one for text that is nested too deep."""
    rules = ("blockquote", "list", "heading", "lheading", "hr", "fence", "reference", "autolink")
    dialect = _dialect(*rules, marks=marks, elisions=elisions)
    tables.add_to(dialect)
    footnotes.add_to(dialect)
    return dialect, _dialect("fence", marks=marks, elisions=elisions)


_comment = _dialect("blockquote", "list", "fence", "autolink", breaks=True)
_flat_comment = _dialect(breaks=True)
mentions.add_to(_comment)
mentions.add_to(_flat_comment)


@lru_cache
def _line_dialect(marks: Marks, elisions: tuple[str, ...] = ()) -> MarkdownIt:
    line = MarkdownIt("zero", {"typographer": True, "quotes": list(marks)}).enable("smartquotes")
    quotation_marks.add_to(line, elisions)
    return line


@dataclass(frozen=True, slots=True)
class RenderedBlock:
    """A top-level block: its Markdown and its sanitised HTML, without an id on the outer tag."""

    source: str
    html: str


def render_blocks(source: str, language: str = "") -> list[RenderedBlock]:
    """Split an article's Markdown into top-level blocks, and render and sanitise each.

    Straight quotation marks become those of the language, English ones by default.
    """
    return list(_rendered(source, marks_of(language), elisions_of(language)))


@lru_cache(maxsize=16)  # A save renders the same text several times, and once before it takes locks.
def _rendered(source: str, marks: Marks, elisions: tuple[str, ...]) -> tuple[RenderedBlock, ...]:
    env: dict[str, Any] = {}
    dialect, tokens = _parse(source, *_article_dialects(marks, elisions), env)
    _level_headings(tokens)
    lines = source.split("\n")
    blocks: list[RenderedBlock] = []
    for span in _top_level(tokens):
        maps = span[0].meta.get("maps") or [span[0].map or [0, 0]]  # The definitions of footnotes may be anywhere.
        text = "\n\n".join("\n".join(lines[top:bottom]).strip() for top, bottom in maps)
        html = clean_article_html(dialect.renderer.render(span, dialect.options, env)).strip()
        blocks.append(RenderedBlock(text, html))
    return tuple(blocks)


def _top_level(tokens: list[Token]) -> Iterator[list[Token]]:
    """Yield the tokens of each top-level block."""
    start = 0
    for index, token in enumerate(tokens):
        if token.nesting == 1 and token.level == 0:
            start = index
        if token.level == 0 and token.nesting <= 0:
            yield tokens[start : index + 1] if token.nesting == -1 else [token]


@dataclass(frozen=True, slots=True)
class BlockLines:
    """Where a top-level block stands in an article's Markdown: its lines from `first` up to, without, `end`."""

    first: int
    end: int  # Blank lines after it aren't part of it.
    is_code: bool
    is_unclosed: bool  # A code block without its closing fence takes all of the text after it. So are notes after it.


def block_lines(source: str) -> list[BlockLines]:
    """Return where the blocks of `render_blocks` stand. Its lines have to end with newlines alone.

    Footnotes are the last block, and stand where their definitions after all other blocks are, else at the end.
    """
    lines = source.split("\n")
    found: list[BlockLines] = []
    notes: list[BlockLines] = []
    tokens = _parse_blocks(source)
    # Quotation marks make no blocks, so any language's parser gives the same; and no line needs its inline parse.
    for opening, *_rest in _top_level(tokens):
        first, end = opening.map or [0, 0]
        is_code = opening.type == "fence"
        closing = CLOSING_FENCE.fullmatch(lines[end - 1]) if is_code and end > first + 1 else None
        is_closed = closing is not None and closing[1].startswith(opening.markup)
        while end > first + 1 and not lines[end - 1].strip(" \t"):
            end -= 1
        place = BlockLines(first, end, is_code, is_unclosed=is_code and not is_closed)
        if opening.type == footnotes.NOTE_OPEN:
            notes.append(place)
        else:
            found.append(place)
            notes.clear()
    if any(token.type == footnotes.NOTE_OPEN for token in tokens):
        is_unclosed = bool(found) and found[-1].is_unclosed
        first, end = (notes[0].first, notes[-1].end) if notes else (len(lines), len(lines))
        found.append(BlockLines(first, end, is_code=False, is_unclosed=is_unclosed))
    return found


def _parse_blocks(source: str) -> list[Token]:
    tokens: list[Token] = []
    dialect, flat = _article_dialects(ENGLISH)
    dialect.block.parse(source, dialect, {}, tokens)
    if _is_too_deep(tokens):
        tokens = []
        flat.block.parse(source, flat, {}, tokens)
    return tokens


def _parse(source: str, dialect: MarkdownIt, flat: MarkdownIt, env: dict[str, Any]) -> tuple[MarkdownIt, list[Token]]:
    """Parse. Text nested so deep that the parser would drop some is parsed without quotations and lists."""
    tokens = dialect.parse(source, env)
    if _is_too_deep(tokens):
        return flat, flat.parse(source, env)
    return dialect, tokens


def _is_too_deep(tokens: list[Token]) -> bool:
    return any(token.level >= MAX_NESTING - 1 for token in tokens)


def _level_headings(tokens: list[Token]) -> None:
    """Map headings to h2 and h3, since the headline is the page's h1."""
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = "h2" if token.tag in ("h1", "h2") else "h3"


def render_article(source: str, language: str = "") -> str:
    """Return an article's Markdown as sanitised HTML, without companions."""
    return "\n".join(block.html for block in render_blocks(source, language))


class ParsedComment:
    """A comment's parsed Markdown: first the names to look up, then the HTML for the readers who were found."""

    def __init__(self, source: str) -> None:
        self._dialect, self._tokens = _parse(source, _comment, _flat_comment, {})

    @cached_property
    def candidate_keys(self) -> set[str]:
        """The keys (`name_keys`) of all names that it may mention: “@ana.see” may mean “ana”."""
        found = mentions.find_mentions(self._tokens)
        names = {name for mention in found for name in mentions.candidate_names(mention)}
        return {key for name in names for key in name_keys(name)} - {""}

    def mentioned_keys(self, people: Mapping[str, mentions.Mentionable]) -> set[str]:
        """Return the keys of the readers whom it mentions, given those who exist."""
        found = (mentions.resolve(mention, people) for mention in mentions.find_mentions(self._tokens))
        return {mentions.key_of(name, people) for name in found} - {""}

    def html(self, people: Mapping[str, mentions.Mentionable]) -> str:
        """Return sanitised HTML, in which mentions of `people`, given by the key of their name, are links."""
        env = {"people": people}
        return clean_comment_html(self._dialect.renderer.render(self._tokens, self._dialect.options, env)).strip()


def without_quotations(source: str) -> str:
    """Return a comment's Markdown without its quotations, as the parser finds them: lazy lines belong to theirs."""
    _dialect, tokens = _parse(source, _comment, _flat_comment, {})
    lines = source.split("\n")
    for token in tokens:
        if token.type == "blockquote_open" and token.map:
            first, end = token.map
            # In a list, the item's marker comes before the quotation's.
            item = lines[first].partition(">")[0].rstrip()
            lines[first:end] = [item, *[""] * (end - first - 1)]
    return "\n".join(lines)


@lru_cache(maxsize=2048)  # The headlines of a list are on every page.
def typographic(line: str, language: str = "") -> str:
    """Return a line with the quotation marks of its language. Headlines are stored as they were typed."""
    tokens = _line_dialect(marks_of(language), elisions_of(language)).parseInline(line)
    return "".join(child.content for token in tokens for child in token.children or [])
