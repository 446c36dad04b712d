"""Mark words in HTML by where they stand in its plain text."""

import re
from collections.abc import Iterable
from html import unescape

from articles.text.excerpts import BREAKS

# What no word of the text is in: tags, and what the layout adds for those who hear the page.
TAG_OR_NOTE = re.compile(r'(<span class="unseen">[^<]*</span>|<span class="dateline">[^<]*</span> — |<[^>]*>)')
ENTITY_OR_LETTER = re.compile(r"&(?:#\d+|#x[0-9a-fA-F]+|\w+);|.", re.DOTALL)
OPEN, CLOSE = "<mark>", "</mark>"


def wash(html: str, spans: Iterable[tuple[int, int]]) -> str:
    """Put `mark` around stretches of a block's words.

    Args:
        html: Of one block, as our own layout made it.
        spans: From which character to which of its words as one line, see `publishing.wording`. Stretches that overlap
            become one; where one is all that the block says, nothing is marked.
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
    """For each character of the line: in which piece of the HTML it stands, and as which letter of it."""
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
