"""Align the words of two texts. Short runs that match by chance are not treated as the same words."""

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Hashable, Iterator, Sequence
from difflib import SequenceMatcher
from functools import cached_property
from itertools import pairwise

from articles.text.sequences import opcodes

# Beyond this many words a stretch is cut first: to compare all words with all would take seconds.
WORDS_COMPARED = 1_500
MATCHES_MOST = 200_000  # Pairs of equal words in two stretches; English of that length has some forty thousand.
# Up to so many words in a row can be the same by chance, if more than they changed on both sides of them.
CHANCE = 8
# Shorter ones must belong to paragraphs that have so much of the longer one in common, or of the shorter one.
SAME_PARAGRAPH_FROM = 0.5
WITHIN_PARAGRAPH_FROM = 0.8
FEW = 4  # Words; so few in common make no paragraph the same, unless it is that short and the same altogether.
# A sentence of so many words that is gone in one place and new in another was moved; a shorter one may be chance.
MOVED_FROM = 6

_SIGNS = r"!-/:-@\[-`{-~¡-¿\u2010-\u205e،؛؟।॥\u3001-\u303f！-／：-＠"
_SINGLE = r"\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"  # Scripts without spaces between words.
_LETTERS = rf"[^\s{_SIGNS}{_SINGLE}]+"
TOKEN = re.compile(rf"{_LETTERS}(?:['’\-]{_LETTERS})*|[{_SINGLE}{_SIGNS}]")
ENDS = frozenset(".!?…。！？؟।")
CLOSES = frozenset("\"'”’»)]")

type Unit = tuple[int, int]
type Units = list[Unit]
type Piece = tuple[int, int, int]
type Pieces = list[Piece]
"""Runs of equal words: where in the old text, where in the new one, how many."""


class Text:
    """Paragraphs cut into words and signs, numbered through."""

    def __init__(self, lines: Sequence[str]) -> None:
        self.lines = list(lines)
        self.tokens: list[str] = []
        self.spans: list[tuple[int, int]] = []
        self.paragraph: list[int] = []
        self.bounds: Units = []
        """First and last but one token of each paragraph."""
        for number, line in enumerate(self.lines):
            first = len(self.tokens)
            for found in TOKEN.finditer(line):
                self.tokens.append(found[0])
                self.spans.append(found.span())
            self.paragraph += [number] * (len(self.tokens) - first)
            self.bounds.append((first, len(self.tokens)))

    def tokens_in(self, paragraph: int, start: int, stop: int) -> range:
        """Those that begin and end between two characters of a paragraph."""
        first, last = self.bounds[paragraph]
        left = bisect_left(self.spans, start, first, last, key=lambda span: span[0])
        right = bisect_right(self.spans, stop, first, last, key=lambda span: span[1])
        return range(left, right)

    @cached_property
    def sentences(self) -> Units:
        found: Units = []
        for first, stop in self.bounds:
            start = first
            for token in range(first, stop):
                ended = self.tokens[token] in ENDS or (
                    self.tokens[token] in CLOSES and token > start and self.tokens[token - 1] in ENDS
                )
                follows = token + 1 < stop and self.tokens[token + 1] in ENDS | CLOSES
                if token + 1 == stop or (ended and not follows):
                    found.append((start, token + 1))
                    start = token + 1
        return found

    def key(self, unit: Unit) -> Hashable:
        return tuple(self.tokens[slice(*unit)])


def align(old: Text, new: Text) -> tuple[dict[int, int], set[int]]:
    """Return the new index of each surviving token by its old one, and the old indexes of those that were moved."""
    pieces = _of_paragraphs(old, new, _without_chance(_joined(_in_order(old, new))))
    to = {there + step: here + step for there, here, length in pieces for step in range(length)}
    moved: set[int] = set()
    for ours, theirs in ((old.bounds, new.bounds), (old.sentences, new.sentences)):
        for there, here, length in _elsewhere(old, new, ours, theirs, to):
            to.update({there + step: here + step for step in range(length)})
            moved.update(range(there, there + length))
    return to, moved


def _in_order(old: Text, new: Text) -> Pieces:
    """By paragraphs first, then by words where paragraphs differ."""
    found: Pieces = []
    paragraphs = opcodes([old.key(unit) for unit in old.bounds], [new.key(unit) for unit in new.bounds])
    for tag, a, b, c, d in paragraphs:
        if tag == "equal":
            found.append((old.bounds[a][0], new.bounds[c][0], old.bounds[b - 1][1] - old.bounds[a][0]))
        elif tag == "replace":
            ours, theirs = (old.bounds[a][0], old.bounds[b - 1][1]), (new.bounds[c][0], new.bounds[d - 1][1])
            for one, other in _between_pins(old, new, ours, theirs):
                found += _words(old, new, one, other)
    return sorted(found)


def _between_pins(old: Text, new: Text, ours: Unit, theirs: Unit) -> Iterator[tuple[Unit, Unit]]:
    """A long stretch in shorter ones: cut at pairs of words that stand once on both sides, in the order of most."""
    if max(ours[1] - ours[0], theirs[1] - theirs[0]) <= WORDS_COMPARED:
        yield ours, theirs
        return
    pairs_of_new = _once(new, [(token, token + 2) for token in range(theirs[0], theirs[1] - 1)])
    pairs_of_old = _once(old, [(token, token + 2) for token in range(ours[0], ours[1] - 1)])
    pins = [(place[0], pairs_of_new[key][0]) for key, place in pairs_of_old.items() if key in pairs_of_new]
    start, begin = ours[0], theirs[0]
    for there, here in [*_rising(pins), (ours[1], theirs[1])]:
        if max(there - start, here - begin) <= WORDS_COMPARED:
            yield (start, there), (begin, here)
        start, begin = there, here


def _rising(pins: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The longest line of pins that rises on both sides."""
    ends: list[int] = []
    lowest: list[int] = []
    before: list[int] = []
    for number, (_there, here) in enumerate(pins):
        length = bisect_left(lowest, here)
        before.append(ends[length - 1] if length else -1)
        ends[length : length + 1] = [number]
        lowest[length : length + 1] = [here]
    line: list[tuple[int, int]] = []
    number = ends[-1] if ends else -1
    while number >= 0:
        line.append(pins[number])
        number = before[number]
    return line[::-1]


def _repeats_itself(one: Sequence[Hashable], other: Sequence[Hashable]) -> bool:
    """Whether so much could be so much else that the matcher would take minutes: no text that says anything."""
    ours, theirs = Counter(one), Counter(other)
    return sum(number * theirs[unit] for unit, number in ours.items()) > MATCHES_MOST


def _words(old: Text, new: Text, a: Unit, b: Unit) -> Pieces:
    if _repeats_itself(old.tokens[slice(*a)], new.tokens[slice(*b)]):
        return []
    matcher = SequenceMatcher(None, old.tokens[slice(*a)], new.tokens[slice(*b)], autojunk=False)
    return [(a[0] + match.a, b[0] + match.b, match.size) for match in matcher.get_matching_blocks() if match.size]


def _joined(pieces: Pieces) -> Pieces:
    joined: Pieces = []
    for there, here, length in pieces:
        if not length:
            continue
        if joined and (joined[-1][0] + joined[-1][2], joined[-1][1] + joined[-1][2]) == (there, here):
            joined[-1] = (*joined[-1][:2], joined[-1][2] + length)
        else:
            joined.append((there, here, length))
    return joined


def _without_chance(pieces: Pieces) -> Pieces:
    """Leave out what is the same between two changes that are both larger: “of the” in another sentence."""
    for most in range(1, CHANCE + 1):
        kept = pieces[:1]
        for piece, following in pairwise(pieces[1:]):
            alone = min(_changed(kept[-1], piece), _changed(piece, following)) >= piece[2]
            if piece[2] > most or not alone:
                kept.append(piece)
        pieces = kept + pieces[1:][-1:]
    return pieces


def _changed(one: Piece, other: Piece) -> int:
    """Words between two runs, on the side that has more."""
    return max(other[0] - one[0] - one[2], other[1] - one[1] - one[2])


def _of_paragraphs(old: Text, new: Text, pieces: Pieces) -> Pieces:
    """Cut at the ends of paragraphs; short runs count only between paragraphs that are the same in the main."""
    cut = [part for piece in pieces for part in _cut(old, new, piece)]
    shared: Counter[tuple[int, int]] = Counter()
    for there, here, length in cut:
        shared[old.paragraph[there], new.paragraph[here]] += length

    def believed(there: int, here: int, length: int) -> bool:
        pair = old.paragraph[there], new.paragraph[here]
        a, b = (stop - first for first, stop in (old.bounds[pair[0]], new.bounds[pair[1]]))
        common = min(SAME_PARAGRAPH_FROM * max(a, b), WITHIN_PARAGRAPH_FROM * min(a, b))
        alike = shared[pair] >= common and shared[pair] > FEW
        return length > CHANCE or alike or shared[pair] == a == b

    return [part for part in cut if believed(*part)]


def _cut(old: Text, new: Text, piece: Piece) -> Iterator[Piece]:
    there, here, length = piece
    while length:
        room = min(length, old.bounds[old.paragraph[there]][1] - there, new.bounds[new.paragraph[here]][1] - here)
        yield there, here, room
        there, here, length = there + room, here + room, length - room


def _elsewhere(old: Text, new: Text, ours: Units, theirs: Units, to: dict[int, int]) -> Iterator[Piece]:
    """Whole paragraphs or sentences that are gone in one place and new in another, and stand nowhere else."""
    taken = set(to.values())
    here, there = _once(new, theirs), _once(old, ours)
    for key, (start, stop) in there.items():
        if key not in here or any(token in to for token in range(start, stop)):
            continue
        first, last = here[key]
        if any(token in taken for token in range(first, last)):
            continue
        whole = (start, stop) == old.bounds[old.paragraph[start]] and (first, last) == new.bounds[new.paragraph[first]]
        if whole or stop - start >= MOVED_FROM:
            yield start, first, stop - start


def _once(text: Text, units: Units) -> dict[Hashable, Unit]:
    """Units by their words, those that stand only once."""
    keys = [text.key(unit) for unit in units]
    number = Counter(keys)
    return {key: unit for key, unit in zip(keys, units, strict=True) if number[key] == 1 and unit[0] < unit[1]}
