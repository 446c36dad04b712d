"""The direction of each paragraph: a text may have paragraphs in scripts of both directions."""

import re
import unicodedata
from html import unescape

from articles.text.sanitizing import trusted

BLOCK = re.compile(r"<(p|h2|h3|li|th|td|blockquote|ul|ol|table)((?: [^>]*)?)>(?!\s*</)")
TAG = re.compile(r"<[^>]*(?:>|$)")  # The last one may be cut.
BLOCKS_INSIDE = ("<p", "<ul", "<ol", "<blockquote", "<pre")
SCANNED = 500  # Characters of a list or quotation that are read to find its first letter.


def own_directions(html: str) -> str:
    """Give each paragraph of our own sanitised HTML a direction of its own.

    A paragraph, a heading, an item of a list and a cell have `dir="auto"`. For a list, a quotation and a table, whose
    markers, lines and columns begin on one side, that would leave out the paragraphs inside: their direction is that
    of their first letter.
    """

    def with_direction(found: re.Match[str]) -> str:
        name, attributes = found[1], found[2]
        if ' dir="' in attributes:
            return found[0]
        if name in ("blockquote", "ul", "ol", "table") or (name == "li" and _begins_with_block(html, found.end())):
            start = TAG.sub("", html[found.end() : found.end() + SCANNED].partition(f"</{name}>")[0])
            own = direction(unescape(start))
        else:
            own = "auto"
        return f'<{name}{attributes} dir="{own}">' if own else found[0]

    return trusted(BLOCK.sub(with_direction, html))


def _begins_with_block(html: str, at: int) -> bool:
    return html[at : at + 20].lstrip().startswith(BLOCKS_INSIDE)


def direction(text: str) -> str:
    """Return “ltr” or “rtl” by the first letter that has a direction; nothing if none has."""
    for letter in text:
        if (kind := unicodedata.bidirectional(letter)) in ("L", "R", "AL"):
            return "ltr" if kind == "L" else "rtl"
    return ""
