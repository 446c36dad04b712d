"""Compare a quotation with a text: is it verbatim, trimmed, altered or not from the text?"""

import re
from bisect import bisect_left
from enum import StrEnum
from functools import cached_property

from articles.text.diff import common_length, matching_runs
from articles.text.unicode_folding import LETTER, fold

ELLIPSIS = re.compile(r"…|\.\s?\.\s?\.|\[…\]")
WORD = re.compile(f"(?:{LETTER})+(?:['’](?:{LETTER})+)*")
ALTERED_FROM = 0.6  # Share of the quotation's words found in order in the text. Below it, the quotation isn't from it.
WORDS_PER_STEP = 100  # Of a quotation: for each so many, the windows that are searched start a word further apart.
MAX_TIES = 100  # Parts as close as the best one that are measured to find the shortest; more repeat the same words.


class Match(StrEnum):
    VERBATIM = "verbatim"
    TRIMMED = "trimmed"
    ALTERED = "altered"
    ALONE = "alone"


def words_of(text: str) -> list[str]:
    """Return the words in the form in which they are compared: folded, without punctuation, straight apostrophes."""
    return [fold(word).replace("’", "'") for word in WORD.findall(text)]


class ComparedText:
    """A text with which quotations are compared. It is split into words once, however many there are."""

    def __init__(self, text: str) -> None:
        self._text = text

    @cached_property
    def _words(self) -> list[str]:
        return words_of(self._text)

    def match(self, quotation: str) -> Match:
        """Return how a quotation relates to the text. Words are compared: typography doesn't alter a quotation."""
        if (contained := self.contains(quotation)) is not None:
            return contained
        wanted = [word for piece in _pieces(quotation) for word in piece]
        return Match.ALTERED if wanted and closeness(wanted, self._words) >= ALTERED_FROM else Match.ALONE

    def contains(self, quotation: str) -> Match | None:
        """Return whether the text has the quotation verbatim or trimmed; None if it has neither."""
        pieces = _pieces(quotation)
        end = 0 if pieces else -1
        for piece in pieces:
            if (end := _find(piece, self._words, end)) < 0:
                break
        if end < 0:
            return None
        return Match.VERBATIM if len(pieces) == 1 else Match.TRIMMED

    def nearest(self, quotation: str) -> str:
        """Return the part that is closest to an altered quotation, or an empty string if nothing is close."""
        wanted = words_of(" ".join(ELLIPSIS.split(quotation)))
        share, first, last = _closest(wanted, self._words) if wanted else (0.0, 0, 0)
        if not share:
            return ""
        spans = [found.span() for found in WORD.finditer(self._text)]
        return self._text[spans[first][0] : spans[last][1]]


def _pieces(quotation: str) -> list[list[str]]:
    """Return the words of each part between two ellipses."""
    return [piece for part in ELLIPSIS.split(quotation) if (piece := words_of(part))]


def _find(piece: list[str], words: list[str], start: int) -> int:
    """Return where the first occurrence of the words from `start` ends, or -1 if there is none."""
    for at in range(start, len(words) - len(piece) + 1):
        if words[at] == piece[0] and words[at : at + len(piece)] == piece:
            return at + len(piece)
    return -1


def closeness(wanted: list[str], words: list[str]) -> float:
    """Return the best share (0 to 1) of the wanted words found in order within a window of about their length."""
    return _closest(wanted, words)[0]


def _closest(wanted: list[str], words: list[str]) -> tuple[float, int, int]:
    """Return the best share of the wanted words, and the first and last word of the shortest part that has it.

    A window has room for half as many words more, so that of a long quotation not every beginning has to be tried.
    """
    numbers: dict[str, int] = {}
    ours, theirs = ([numbers.setdefault(word, len(numbers)) for word in side] for side in (wanted, words))
    reach = len(ours) + max(3, len(ours) // 2)
    openings = set(ours[:4])
    best = (0.0, 0, 0)
    most = ties = next_start = 0
    for at, word in enumerate(theirs):
        if at < next_start or word not in openings:
            continue
        next_start = at + 1 + len(ours) // WORDS_PER_STEP
        window = theirs[at : at + reach]
        found = common_length(ours, window, at_least=max(1, most))
        if not found or (found == most and ties == MAX_TIES):
            continue
        most, ties = found, ties + 1 if found == most else 0
        runs = [run for run in matching_runs(ours, window) if run[2]]
        part = found / len(ours), at + runs[0][1], at + sum(runs[-1][1:]) - 1
        best = max(best, part, key=lambda part: (part[0], part[1] - part[2]))
    return best


def longest_shared_run(quotation: str, text: str) -> int:
    """Return the length in words of the longest run that both texts contain."""
    ours, theirs = words_of(quotation), words_of(text)

    def runs(words: list[str], length: int) -> set[tuple[str, ...]]:
        return {tuple(words[at : at + length]) for at in range(len(words) - length + 1)}

    # A shared run contains a shared run of every smaller length, so bisect for the first length without one.
    lengths = range(1, min(len(ours), len(theirs)) + 1)
    return bisect_left(lengths, True, key=lambda length: runs(ours, length).isdisjoint(runs(theirs, length)))
