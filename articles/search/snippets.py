"""Mark the words that were found, in the text as it was written."""

from bisect import bisect_left
from typing import NamedTuple

from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from articles.search.folding import WORD, folded
from articles.search.stemming import stem

SNIPPET = 240  # Characters; three lines in the column.
LEAD = 60  # Characters before the first word found, so that it stands in a sentence.
LOOKED_THROUGH = 60_000  # Characters of a text looked through for its best place: 10 ms; all but books are shorter.


def places(text: str, stems: frozenset[str]) -> list[tuple[int, int, str]]:
    """Where the words with these stems stand: start, end and which."""
    found = []
    for match in WORD.finditer(text):
        pieces = folded(match[0])
        known = next((known for piece in pieces if (known := stem(piece)) in stems), None)
        if known is not None:
            found.append((match.start(), match.end(), known))
    return found


def marked(text: str, stems: frozenset[str]) -> SafeString:
    """A line with its words marked, escaped."""
    return _mark(text, places(text, stems), 0, len(text))


class Snippet(NamedTuple):
    html: SafeString
    words: int
    """How many of the words asked for stand in it."""


def snippet(text: str, stems: frozenset[str]) -> Snippet | None:
    """The stretch of a text with most of the words, marked; None where there is none of them."""
    text = " ".join(text[:LOOKED_THROUGH].split())
    found = places(text, stems)
    if not found:
        return None
    starts = [place[0] for place in found]

    def worth(index: int) -> tuple[int, int]:
        inside = found[index : bisect_left(starts, starts[index] + SNIPPET - LEAD)]
        return len({place[2] for place in inside}), -index

    best = starts[max(range(len(found)), key=worth)]
    start = text.rfind(" ", 0, max(0, best - LEAD)) + 1 if best > LEAD else 0
    end = len(text) if len(text) <= start + SNIPPET else max(text.rfind(" ", start, start + SNIPPET), best + 1)
    inside = [place for place in found if start <= place[0] and place[1] <= end]
    return Snippet(_mark(text, inside, start, end), len({place[2] for place in inside}))


def _mark(text: str, found: list[tuple[int, int, str]], start: int, end: int) -> SafeString:
    pieces: list[tuple[str, str]] = []
    at = start
    for begins, ends, _which in found:
        pieces.append((text[at:begins], text[begins:ends]))
        at = ends
    inner = format_html_join("", "{}<mark>{}</mark>", pieces)
    before, after = "… " if start else "", " …" if end < len(text) else ""
    return format_html_join("", "{}", ((piece,) for piece in (before, inner, text[at:end], after)))
