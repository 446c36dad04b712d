"""Two dialects of Markdown: the article's, and the smaller one of comments. What a dialect lacks stays literal."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token

from articles.text import mentions
from articles.text.sanitizing import clean_article_html, clean_comment_html
from articles.text.slugs import name_key

RENDERER = 1  # Rises when a dialect changes, so that stored HTML can be found and made again.
DEEPEST_NESTING = 12  # Levels of quotations in quotations; deeper is an attack, not a text.

_options: dict[str, Any] = {
    "html": False,
    "linkify": True,
    "typographer": True,
    "quotes": "“”‘’",
    "breaks": False,
    "maxNesting": DEEPEST_NESTING,
}
_shared = ["blockquote", "list", "emphasis", "link", "backticks", "escape", "entity", "newline", "balance_pairs"]

_article = MarkdownIt("zero", _options).enable([*_shared, "heading", "lheading", "hr", "fence", "reference"])
_comment = MarkdownIt("zero", {**_options, "breaks": True}).enable([*_shared, "fence"])
_article.enable(["smartquotes", "autolink", "linkify"])
_comment.enable(["smartquotes", "autolink", "linkify"])
_containers = ["blockquote", "list"]
_flat_article = MarkdownIt("zero", _options).enable([*_shared, "fence", "linkify", "smartquotes"]).disable(_containers)
_flat_comment = MarkdownIt("zero", {**_options, "breaks": True}).enable([*_shared, "linkify", "smartquotes"])
_flat_comment.disable(_containers)
for _dialect in (_comment, _flat_comment):
    mentions.learn(_dialect)

for _dialect in (_article, _comment, _flat_article, _flat_comment):
    if _dialect.linkify is not None:  # Only what is plainly an address; “e.g. paper.example” stays text.
        _dialect.linkify.set({"fuzzy_link": False, "fuzzy_email": False, "fuzzy_ip": False})

_line = MarkdownIt("zero", {"typographer": True, "quotes": "“”‘’"}).enable("smartquotes")


@dataclass(frozen=True, slots=True)
class RenderedBlock:
    """One top-level block: its Markdown and its clean HTML (the outer tag without an id)."""

    source: str
    html: str


def render_blocks(source: str) -> list[RenderedBlock]:
    """Cut an article's Markdown into its top-level blocks, each rendered and cleaned."""
    return list(_rendered(source))


@lru_cache(maxsize=16)  # A save asks for the same text several times, and its caller once before it locks anything.
def _rendered(source: str) -> tuple[RenderedBlock, ...]:
    env: dict[str, Any] = {}
    dialect, tokens = _parse(source, _article, _flat_article, env)
    _level_headings(tokens)
    lines = source.split("\n")
    blocks: list[RenderedBlock] = []
    start = 0
    for index, token in enumerate(tokens):
        if token.nesting == 1 and token.level == 0:
            start = index
        if token.level == 0 and token.nesting <= 0:
            first = tokens[start] if token.nesting == -1 else token
            span = tokens[start : index + 1] if token.nesting == -1 else [token]
            top, bottom = first.map or [0, 0]
            html = clean_article_html(dialect.renderer.render(span, dialect.options, env)).strip()
            blocks.append(RenderedBlock("\n".join(lines[top:bottom]).strip(), html))
    return tuple(blocks)


def _parse(source: str, dialect: MarkdownIt, flat: MarkdownIt, env: dict[str, Any]) -> tuple[MarkdownIt, list[Token]]:
    """Parse; text nested so deep that the parser would drop its words is read without quotations and lists."""
    tokens = dialect.parse(source, env)
    if any(token.level >= DEEPEST_NESTING - 1 for token in tokens):
        return flat, flat.parse(source, env)
    return dialect, tokens


def _level_headings(tokens: list[Token]) -> None:
    """The page has its h1: the highest heading of a text is h2, and there are only two levels."""
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = "h2" if token.tag in ("h1", "h2") else "h3"


def render_article(source: str) -> str:
    """An article's Markdown as clean HTML, without what stands beside the text."""
    return "\n".join(block.html for block in render_blocks(source))


def render_comment(source: str) -> str:
    """A comment's Markdown as clean HTML, with nobody called by name."""
    return ReadComment(source).html({})


class ReadComment:
    """A comment's Markdown, parsed: whom it may call by name, and its HTML once it is known who exists."""

    def __init__(self, source: str) -> None:
        self._dialect, self._tokens = _parse(source, _comment, _flat_comment, {})

    @cached_property
    def called(self) -> set[str]:
        """The keys (`text.names.name_key`) of all names that it may call: “@ana.see” may mean “ana”."""
        return {name_key(name) for call in mentions.calls_in(self._tokens) for name in mentions.names_in(call)} - {""}

    def meant(self, people: Mapping[str, mentions.Person]) -> set[str]:
        """The keys of those whom it calls, when these people exist."""
        return {name_key(mentions.meant(call, people)) for call in mentions.calls_in(self._tokens)} - {""}

    def html(self, people: Mapping[str, mentions.Person]) -> str:
        """Clean HTML; calls of these people are links.

        Args:
            people: Those who exist, by the key of their name.
        """
        env = {"people": people}
        return clean_comment_html(self._dialect.renderer.render(self._tokens, self._dialect.options, env)).strip()


def typographic(line: str) -> str:
    """A line of plain text with typographic quotation marks: headlines are stored as they were typed."""
    return "".join(child.content for token in _line.parseInline(line) for child in token.children or [])
