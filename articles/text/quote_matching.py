"""Compare a quotation with a text: word for word, trimmed, altered, or not there at all."""

import re
from difflib import SequenceMatcher
from enum import StrEnum

from articles.text.slugs import fold

ELLIPSIS = re.compile(r"…|\.\s?\.\s?\.|\[…\]")
WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
ALTERED_FROM = 0.6  # Share of the quotation's words that stand in order in the text, for it to be that text's.


class Match(StrEnum):
    VERBATIM = "verbatim"
    TRIMMED = "trimmed"
    ALTERED = "altered"
    ALONE = "alone"


def words_of(text: str) -> list[str]:
    """The words as they are compared: folded, with one kind of apostrophe, without punctuation."""
    return [fold(word).replace("’", "'") for word in WORD.findall(text)]


def _find(piece: list[str], words: list[str], start: int) -> int:
    """Where the run of words ends after its first occurrence from `start`; -1 if there is none."""
    for at in range(start, len(words) - len(piece) + 1):
        if words[at : at + len(piece)] == piece:
            return at + len(piece)
    return -1


def match(quotation: str, text: str) -> Match:
    """How a quotation relates to a text. Compared by words: typography and punctuation do not alter a quote."""
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
    """The best share (0 to 1) of the wanted words found in order within a stretch of about their length."""
    return _closest(wanted, words)[0]


def nearest(quotation: str, text: str) -> str:
    """The stretch of a text that comes closest to an altered quotation, as it stands there; nothing if none does."""
    spans = [(found.start(), found.end()) for found in WORD.finditer(text)]
    wanted = words_of(" ".join(ELLIPSIS.split(quotation)))
    share, first, last = _closest(wanted, words_of(text)) if wanted else (0.0, 0, 0)
    return text[spans[first][0] : spans[last][1]] if share else ""


def _closest(wanted: list[str], words: list[str]) -> tuple[float, int, int]:
    """The best share of the wanted words, and the first and the last word of the stretch that has it."""
    best = (0.0, 0, 0)
    reach = len(wanted) + max(3, len(wanted) // 2)
    openings = set(wanted[:4])
    for at, word in enumerate(words):
        if word not in openings:
            continue
        matching = SequenceMatcher(None, wanted, words[at : at + reach], autojunk=False).get_matching_blocks()
        found = [block for block in matching if block.size]
        share = sum(block.size for block in found) / len(wanted)
        if share > best[0]:
            best = share, at + found[0].b, at + found[-1].b + found[-1].size - 1
    return best


def longest_shared_run(quotation: str, text: str) -> int:
    """Words in the longest run that both have."""
    ours, theirs = words_of(quotation), words_of(text)
    return SequenceMatcher(None, ours, theirs, autojunk=False).find_longest_match().size
