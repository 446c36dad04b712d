"""Highlight matching words, and pick the part of a text to show in a search result."""

from bisect import bisect_left
from typing import NamedTuple

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from articles.search.folding import WORD, fold_word
from articles.search.highlight_stemming import stem

SNIPPET_LENGTH = 240  # Characters; three lines in the column.
LEAD_LENGTH = 60  # Characters before the first match, so that it has a context.
MAX_SCANNED = 60_000  # Characters of a text scanned for its snippet: 10 ms. Only books are longer.


class Match(NamedTuple):
    start: int
    end: int
    stem: str


def find_matches(text: str, stems: frozenset[str]) -> list[Match]:
    """Return where the words with these stems are in a text, in order."""
    matches = []
    for word in WORD.finditer(text):
        found = next((found for piece in fold_word(word[0]) if (found := stem(piece)) in stems), None)
        if found is not None:
            matches.append(Match(word.start(), word.end(), found))
    return matches


def highlight(text: str, stems: frozenset[str]) -> SafeString:
    """Return a text as HTML, escaped, with its matches in <mark>."""
    return _highlight(text, find_matches(text, stems), 0, len(text))


class Snippet(NamedTuple):
    html: SafeString
    match_count: int
    """How many different words of the query it has."""


def snippet(text: str, stems: frozenset[str]) -> Snippet | None:
    """Return the part of a text with most of the words, highlighted; None if it has none of them."""
    text = " ".join(text[:MAX_SCANNED].split())
    matches = find_matches(text, stems)
    if not matches:
        return None
    starts = [match.start for match in matches]

    def score(index: int) -> tuple[int, int]:
        inside = matches[index : bisect_left(starts, starts[index] + SNIPPET_LENGTH - LEAD_LENGTH)]
        return len({match.stem for match in inside}), -index

    best = starts[max(range(len(matches)), key=score)]
    start = text.rfind(" ", 0, max(0, best - LEAD_LENGTH)) + 1 if best > LEAD_LENGTH else 0
    limit = start + SNIPPET_LENGTH
    end = len(text) if len(text) <= limit else max(text.rfind(" ", start, limit), best + 1)
    inside = [match for match in matches if start <= match.start and match.end <= end]
    return Snippet(_highlight(text, inside, start, end), len({match.stem for match in inside}))


def _highlight(text: str, matches: list[Match], start: int, end: int) -> SafeString:
    pieces: list[tuple[str, str]] = []
    at = start
    for match in matches:
        pieces.append((text[at : match.start], text[match.start : match.end]))
        at = match.end
    inner = format_html_join("", "{}<mark>{}</mark>", pieces)
    before, after = "… " if start else "", " …" if end < len(text) else ""
    return format_html("{}{}{}{}", before, inner, text[at:end], after)
