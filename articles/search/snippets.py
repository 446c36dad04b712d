"""Highlight matching words, and pick the part of a text to show in a search result."""

from bisect import bisect_left
from typing import NamedTuple

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from articles.search.highlight_stemming import stem
from articles.search.word_segmentation import WORD, fold_word
from articles.text.excerpts import boundary, cut

SNIPPET_LENGTH = 240  # Characters; three lines in the column.
LEAD_LENGTH = 60  # Characters before the first match, so that it has a context.
MAX_SCANNED = 60_000  # Characters of a text scanned for its snippet: 10 ms. Only books are longer.


class Match(NamedTuple):
    start: int
    end: int
    term: tuple[str, ...]


type Terms = frozenset[tuple[str, ...]]
"""The words to find, as stems; a term of several words is a phrase."""


def find_matches(text: str, terms: Terms) -> list[Match]:
    """Return where these terms are in a text, in order."""
    starting_with: dict[str, list[tuple[str, ...]]] = {}
    for term in sorted(terms, key=len, reverse=True):  # The longest that fits is the match.
        starting_with.setdefault(term[0], []).append(term)
    words = [
        (found.start(), found.end(), stem(piece)) for found in WORD.finditer(text) for piece in fold_word(found[0])
    ]
    matches: list[Match] = []
    end = 0
    for number, (start, _end, first) in enumerate(words):
        if first not in starting_with or start < end:
            continue
        for term in starting_with[first]:
            last = number + len(term)
            if len(term) == 1 or tuple(word for *_place, word in words[number:last]) == term:
                end = words[last - 1][1]
                matches.append(Match(start, end, term))
                break
    return matches


def highlight(text: str, terms: Terms) -> SafeString:
    """Return a text as HTML, escaped, with its matches in <mark>."""
    return _highlight(text, find_matches(text, terms), 0, len(text))


class Snippet(NamedTuple):
    html: SafeString
    match_count: int
    """How many different terms of the query it has."""


def snippet(text: str, terms: Terms) -> Snippet | None:
    """Return the part of a text with most of the terms, highlighted; None if it has none of them."""
    text = " ".join(text[:MAX_SCANNED].split())
    matches = find_matches(text, terms)
    if not matches:
        return None
    starts = [match.start for match in matches]

    def score(index: int) -> tuple[int, int]:
        inside = matches[index : bisect_left(starts, starts[index] + SNIPPET_LENGTH - LEAD_LENGTH)]
        return len({match.term for match in inside}), -index

    best = matches[max(range(len(matches)), key=score)]
    start = _start(text, best.start - LEAD_LENGTH)
    end = start + len(cut(text[start : start + 2 * SNIPPET_LENGTH], SNIPPET_LENGTH))
    # A phrase isn't cut; a word that is longer than any word may be.
    end = min(max(end, best.end), start + 2 * SNIPPET_LENGTH)
    inside = [match for match in matches if start <= match.start and match.end <= end]
    return Snippet(_highlight(text, inside, start, end), len({match.term for match in inside}))


def _start(text: str, at: int) -> int:
    """Return where to begin: with a word if one begins not long before, else with a letter."""
    if at <= 0:
        return 0
    blank = text.rfind(" ", 0, at)
    return blank + 1 if at - blank <= LEAD_LENGTH else boundary(text, at)


def _highlight(text: str, matches: list[Match], start: int, end: int) -> SafeString:
    pieces: list[tuple[str, str]] = []
    at = start
    for match in matches:
        pieces.append((text[at : match.start], text[match.start : match.end]))
        at = match.end
    inner = format_html_join("", "{}<mark>{}</mark>", pieces)
    before, after = "… " if start else "", " …" if end < len(text) else ""
    return format_html("{}{}{}{}", before, inner, text[at:end], after)
