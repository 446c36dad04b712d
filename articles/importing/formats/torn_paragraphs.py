"""Join paragraphs that were torn apart in the middle of a sentence."""

import re
from collections.abc import Iterable
from itertools import pairwise

from articles.importing.formats.inline_markup import CLOSE, OPEN

ENOUGH = 0.6
SHORT = 15  # Words: what a line break cut off is mostly a rest.
LONG = 12  # Words: a paragraph of this length ends with a mark; a shorter one may be a heading.
LONGEST = 20_000  # Characters; a paragraph that grew to this was not torn, the file has no full stops.
TAIL = 400  # Characters that are looked at on each side.
TERMINAL = ".!?…:;。！？؟۔।—–-"
CLOSING = "*_\"“”’'»)]}" + OPEN + CLOSE
# Words after which no paragraph ends.
GO_ON = set(
    "the a an of to in on at by for with and or but from into over under that which who whose is are was were be been "
    "has have had will would as if than his her its their our my your this these mr mrs ms dr president minister "
    "secretary chancellor senator general king queen prince judge sir saint st".split()
)
# Words with which a sentence begins, so that their capital says nothing.
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


def torn(before: str, after: str, pairs: set[tuple[str, str]]) -> float:
    """How sure it is that `after` goes on with the sentence of `before`; 0 where `before` ends with a mark."""
    if len(before) > LONGEST:
        return 0
    one, two = before[-TAIL:].rstrip().rstrip(CLOSING).rstrip(), after[:TAIL].lstrip().lstrip("*\"“‘'([" + OPEN)
    if not one or not two or one[-1] in TERMINAL:
        return 0
    left, right = WORD.findall(one), WORD.findall(two)
    if not left or not right or not two[0].isalnum():
        return 0
    if len(left) <= 5 and len(right) <= 5:  # Two short lines: a list, a poem, a signature.
        return 0
    score = 0.4 if len(left) >= LONG else 0.2
    last, first = left[-1], right[0]
    if two[0].islower():
        score += 0.45
    if last.lower() in GO_ON:
        score += 0.3
    if last[0].isupper() and first[0].isupper() and first.lower() not in STARTERS:
        score += 0.2
        score += 0.3 if (last, first) in pairs else 0
    if len(right) <= SHORT:
        score += 0.2
    return min(score, 0.95)
