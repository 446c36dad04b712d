"""URLs in the text of Markdown become links, in linear time where the parser's own rule takes quadratic time.

The result is that of the parser's own rule, except that a URL of more than `MAX_URL_LENGTH` stays text.
"""

import re

from linkify_it import LinkifyIt
from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline

MAX_URL_LENGTH = 2_000  # Characters; browsers and servers are sure to take this many.

SCHEME = re.compile(r"(?:^|[^a-z0-9.+-])(https?|ftp)$", re.IGNORECASE)
SCHEME_LENGTH = 6  # Characters: the longest scheme, and one before it.


def add_to(dialect: MarkdownIt) -> None:
    """Replace the parser's rule for URLs in one dialect."""
    dialect.linkify = ShortLinkify(options={"fuzzy_link": False, "fuzzy_email": False, "fuzzy_ip": False})
    dialect.inline.ruler.at("linkify", link_bare_url)


class ShortLinkify(LinkifyIt):  # type: ignore[misc]
    """Finds full URLs only: “paper.example” stays text. Looks no further than a URL is long."""

    def test_schema_at(self, text: str, name: str, position: int) -> int:
        start = max(0, position - SCHEME_LENGTH - 1)
        window = text[start : position + MAX_URL_LENGTH]
        length: int = super().test_schema_at(window, name, position - start)
        return length if length < MAX_URL_LENGTH else 0


def link_bare_url(state: StateInline, silent: bool) -> bool:
    """Link a URL at its “://”. The parser's rule searches all the text before it for the scheme."""
    if state.linkLevel > 0 or not state.src.startswith("://", state.pos):
        return False
    known = SCHEME.search(state.pending[-SCHEME_LENGTH:])
    if known is None or state.md.linkify is None:
        return False
    scheme = known[1]
    start = state.pos - len(scheme)
    link = state.md.linkify.match_at_start(state.src[start : start + MAX_URL_LENGTH + SCHEME_LENGTH])
    if link is None:
        return False
    url: str = link.url.rstrip("*")  # A “*” at the end is emphasis.
    target = state.md.normalizeLink(url)
    if not state.md.validateLink(target):
        return False
    if not silent:
        state.pending = state.pending[: -len(scheme)]
        opening = state.push("link_open", "a", 1)
        opening.attrs = {"href": target}
        state.push("text", "", 0).content = state.md.normalizeLinkText(url)
        closing = state.push("link_close", "a", -1)
        for token in (opening, closing):
            token.markup, token.info = "linkify", "auto"
    state.pos = start + len(url)
    return True
