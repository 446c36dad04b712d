"""Highlighting of text ranges in HTML with <mark>."""

import re
from collections.abc import Iterable
from html import unescape

from articles.text.excerpts import BREAKS, FOOTNOTE_LINK

# Tags, the text that the layout adds for screen readers, and links of footnotes: none is part of the plain text.
_NOTES = (r'<span class="sr-only">[^<]*</span>', r'<span class="dateline">[^<]*</span> — ', FOOTNOTE_LINK.pattern)
TAG_OR_NOTE = re.compile(f"({'|'.join(_NOTES)}|<[^>]*>)")
ENTITY_OR_LETTER = re.compile(r"&(?:#\d+|#x[0-9a-fA-F]+|\w+);|.", re.DOTALL)
OPEN, CLOSE = "<mark>", "</mark>"


def highlight(html: str, spans: Iterable[tuple[int, int]]) -> str:
    """Wrap ranges of a block's text in <mark>. The HTML is one block of our own layout.

    A range is two offsets in the block's text as one line (`publishing.plain_text`). Overlapping ranges are merged,
    and one that covers the whole block is ignored.
    """
    pieces = TAG_OR_NOTE.split(html)
    letters = _letters(pieces)
    wanted: set[int] = set()
    for start, stop in spans:
        if (start, stop) != (0, len(letters)):
            wanted.update(range(start, min(stop, len(letters))))
    chosen = {letters[number] for number in wanted}
    for number, piece in enumerate(pieces):
        if number % 2 == 0 and piece:
            pieces[number] = _marked(piece, {at for part, at in chosen if part == number})
    return "".join(pieces)


def _letters(pieces: list[str]) -> list[tuple[int, int]]:
    """Return for each character of the line the index of its piece of HTML, and its index in that piece."""
    found: list[tuple[int, int]] = []
    space: tuple[int, int] | None = None
    for number, piece in enumerate(pieces):
        if number % 2:
            if BREAKS.fullmatch(piece):
                space = space or (-1, 0)
            continue
        for at, letter in enumerate(ENTITY_OR_LETTER.findall(piece)):
            if unescape(letter).isspace():
                space = space or (number, at)
                continue
            if space and found:
                found.append(space)
            space = None
            found.append((number, at))
    return found


def _marked(piece: str, chosen: set[int]) -> str:
    if not chosen:
        return piece
    marked: list[str] = []
    inside = False
    for at, letter in enumerate(ENTITY_OR_LETTER.findall(piece)):
        if (at in chosen) != inside:
            marked.append(CLOSE if inside else OPEN)
            inside = not inside
        marked.append(letter)
    return "".join(marked) + (CLOSE if inside else "")
