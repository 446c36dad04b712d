"""Detect paragraphs that were split in the middle of a sentence."""

import re
from collections.abc import Iterable
from itertools import pairwise

from articles.importing.formats.inline_markup import CLOSE, OPEN

MIN_CONFIDENCE = 0.6
SHORT_REST = 15  # Words: the rest after a wrong break is mostly short.
FULL_PARAGRAPH = 12  # Words: a paragraph of this length has end punctuation; a shorter one may be a heading.
MAX_LENGTH = 20_000  # Characters; a longer paragraph means that the file has no full stops.
TAIL = 400  # Characters compared on each side.
TERMINAL = ".!?…:;。！？؟۔।—–-"
CLOSING = "*_\"“”’'»)]}" + OPEN + CLOSE
# Words that never end a paragraph.
GO_ON = set(
    "the a an of to in on at by for with and or but from into over under that which who whose is are was were be been "
    "has have had will would as if than his her its their our my your this these mr mrs ms dr president minister "
    "secretary chancellor senator general king queen prince judge sir saint st".split()
)
# Words that often begin a sentence, so that their capital proves nothing.
STARTERS = set(
    "the a an he she it they we i you in on at but this that these those there however when while after before as for "
    "if and so yet then meanwhile according asked later earlier one two some many most all no not what who how why "
    "its his her their our my your with from by to of under over nobody everybody".split()
)
WORD = re.compile(r"[^\W\d_][\w’'-]*")


def name_pairs(paragraphs: Iterable[str]) -> set[tuple[str, str]]:
    """Capitalised words that follow one another somewhere in the text."""
    pairs = set()
    for paragraph in paragraphs:
        words = WORD.findall(paragraph)
        pairs |= {(one, two) for one, two in pairwise(words) if one[0].isupper() and two[0].isupper()}
    return pairs


def tear_confidence(before: str, after: str, pairs: set[tuple[str, str]]) -> float:
    """Return the confidence that `after` continues the sentence of `before`; 0 if that has end punctuation."""
    if len(before) > MAX_LENGTH:
        return 0
    one, two = before[-TAIL:].rstrip().rstrip(CLOSING).rstrip(), after[:TAIL].lstrip().lstrip("*\"“‘'([" + OPEN)
    if not one or not two or one[-1] in TERMINAL:
        return 0
    left, right = WORD.findall(one), WORD.findall(two)
    if not left or not right or not two[0].isalnum():
        return 0
    if len(left) <= 5 and len(right) <= 5:  # Two short lines: a list, a poem, a signature.
        return 0
    score = 0.4 if len(left) >= FULL_PARAGRAPH else 0.2
    last, first = left[-1], right[0]
    if two[0].islower():
        score += 0.45
    if last.lower() in GO_ON:
        score += 0.3
    if last[0].isupper() and first[0].isupper() and first.lower() not in STARTERS:
        score += 0.2
        score += 0.3 if (last, first) in pairs else 0
    if len(right) <= SHORT_REST:
        score += 0.2
    return min(score, 0.95)
