"""Compare a quotation with a text: is it verbatim, trimmed, altered or not from the text?"""

import re
from bisect import bisect_left
from enum import StrEnum

from articles.text.diff import matching_runs
from articles.text.unicode_folding import LETTER, fold

ELLIPSIS = re.compile(r"…|\.\s?\.\s?\.|\[…\]")
WORD = re.compile(f"(?:{LETTER})+(?:['’](?:{LETTER})+)*")
ALTERED_FROM = 0.6  # Share of the quotation's words found in order in the text. Below it, the quotation isn't from it.


class Match(StrEnum):
    VERBATIM = "verbatim"
    TRIMMED = "trimmed"
    ALTERED = "altered"
    ALONE = "alone"


def words_of(text: str) -> list[str]:
    """Return the words in the form in which they are compared: folded, without punctuation, straight apostrophes."""
    return [fold(word).replace("’", "'") for word in WORD.findall(text)]


def _find(piece: list[str], words: list[str], start: int) -> int:
    """Return where the first occurrence of the words from `start` ends, or -1 if there is none."""
    for at in range(start, len(words) - len(piece) + 1):
        if words[at : at + len(piece)] == piece:
            return at + len(piece)
    return -1


def match(quotation: str, text: str) -> Match:
    """Return how a quotation relates to a text. Words are compared: typography and punctuation don't alter a quote."""
    words = words_of(text)
    pieces = [piece for part in ELLIPSIS.split(quotation) if (piece := words_of(part))]
    if not pieces or not words:
        return Match.ALONE
    end = 0
    for piece in pieces:
        end = _find(piece, words, end)
        if end < 0:
            break
    if end >= 0:
        return Match.VERBATIM if len(pieces) == 1 else Match.TRIMMED
    wanted = [word for piece in pieces for word in piece]
    return Match.ALTERED if closeness(wanted, words) >= ALTERED_FROM else Match.ALONE


def closeness(wanted: list[str], words: list[str]) -> float:
    """Return the best share (0 to 1) of the wanted words found in order within a window of about their length."""
    return _closest(wanted, words)[0]


def nearest(quotation: str, text: str) -> str:
    """Return the part of a text that is closest to an altered quotation, or an empty string if nothing is close."""
    spans = [(found.start(), found.end()) for found in WORD.finditer(text)]
    wanted = words_of(" ".join(ELLIPSIS.split(quotation)))
    share, first, last = _closest(wanted, words_of(text)) if wanted else (0.0, 0, 0)
    return text[spans[first][0] : spans[last][1]] if share else ""


def _closest(wanted: list[str], words: list[str]) -> tuple[float, int, int]:
    """Return the best share of the wanted words, and the first and last word of the shortest part that has it."""
    best = (0.0, 0, 0)
    reach = len(wanted) + max(3, len(wanted) // 2)
    openings = set(wanted[:4])
    for at, word in enumerate(words):
        if word not in openings:
            continue
        runs = [run for run in matching_runs(wanted, words[at : at + reach]) if run[2]]
        found = sum(size for *_starts, size in runs) / len(wanted), at + runs[0][1], at + sum(runs[-1][1:]) - 1
        best = max(best, found, key=lambda part: (part[0], part[1] - part[2]))
    return best


def longest_shared_run(quotation: str, text: str) -> int:
    """Return the length in words of the longest run that both texts contain."""
    ours, theirs = words_of(quotation), words_of(text)

    def runs(words: list[str], length: int) -> set[tuple[str, ...]]:
        return {tuple(words[at : at + length]) for at in range(len(words) - length + 1)}

    # A shared run contains a shared run of every smaller length, so bisect for the first length without one.
    lengths = range(1, min(len(ours), len(theirs)) + 1)
    return bisect_left(lengths, True, key=lambda length: runs(ours, length).isdisjoint(runs(theirs, length)))
