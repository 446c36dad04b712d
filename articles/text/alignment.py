"""Align the words of two texts. Short runs that match by chance are not treated as the same words."""

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Sequence
from functools import cached_property
from itertools import pairwise

from articles.text.diff import CLOSES, ENDS, Run, matching_runs, opcodes

# Runs of up to this many words can match by chance if more words changed on both sides of them.
CHANCE = 8
# Runs no longer than that count only between paragraphs that share this much of the longer or of the shorter one.
SAME_PARAGRAPH_FROM = 0.5
WITHIN_PARAGRAPH_FROM = 0.8
FEW = 4  # Words. Paragraphs that share no more aren't the same, unless they are equal.
# A sentence of at least this many words that disappears in one place and appears in another was moved.
MOVED_FROM = 6

_SIGNS = r"!-/:-@\[-`{-~¡-¿\u2010-\u205e،؛؟।॥\u3001-\u303f！-／：-＠"
# Scripts without spaces between words: each character is a token.
_SINGLE = r"\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_LETTERS = rf"[^\s{_SIGNS}{_SINGLE}]+"
TOKEN = re.compile(rf"{_LETTERS}(?:['’\-]{_LETTERS})*|[{_SINGLE}{_SIGNS}]")

type Unit = tuple[int, int]
type Units = list[Unit]
"""Paragraphs or sentences, each as the range of its tokens."""


class Text:
    """Paragraphs split into tokens (words and punctuation marks), which are numbered across paragraphs."""

    def __init__(self, lines: Sequence[str]) -> None:
        self.lines = list(lines)
        self.tokens: list[str] = []
        self.spans: list[tuple[int, int]] = []
        self.paragraph: list[int] = []
        self.bounds: Units = []
        """The range of each paragraph's tokens."""
        for number, line in enumerate(self.lines):
            first = len(self.tokens)
            for found in TOKEN.finditer(line):
                self.tokens.append(found[0])
                self.spans.append(found.span())
            self.paragraph += [number] * (len(self.tokens) - first)
            self.bounds.append((first, len(self.tokens)))

    def tokens_in(self, paragraph: int, start: int, stop: int) -> range:
        """Return the tokens that lie between two characters of a paragraph."""
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
                follows = token + 1 < stop and self.tokens[token + 1] in ENDS + CLOSES
                if token + 1 == stop or (ended and not follows):
                    found.append((start, token + 1))
                    start = token + 1
        return found

    def key(self, unit: Unit) -> Hashable:
        return tuple(self.tokens[slice(*unit)])


def align(old: Text, new: Text) -> tuple[dict[int, int], set[int]]:
    """Return the new index of each surviving token by its old one, and the old indexes of those that were moved."""
    runs = _of_paragraphs(old, new, _without_chance(_joined(_in_order(old, new))))
    to = {there + step: here + step for there, here, length in runs for step in range(length)}
    moved: set[int] = set()
    for ours, theirs in ((old.bounds, new.bounds), (old.sentences, new.sentences)):
        for there, here, length in _elsewhere(old, new, ours, theirs, to):
            to.update({there + step: here + step for step in range(length)})
            moved.update(range(there, there + length))
    return to, moved


def _in_order(old: Text, new: Text) -> Iterator[Run]:
    """Diff by paragraphs first, then by tokens where paragraphs differ."""
    paragraphs = opcodes([old.key(unit) for unit in old.bounds], [new.key(unit) for unit in new.bounds])
    for tag, a, b, c, d in paragraphs:
        if tag == "equal":
            yield old.bounds[a][0], new.bounds[c][0], old.bounds[b - 1][1] - old.bounds[a][0]
        elif tag == "replace":
            there, here = old.bounds[a][0], new.bounds[c][0]
            ours, theirs = old.tokens[there : old.bounds[b - 1][1]], new.tokens[here : new.bounds[d - 1][1]]
            for start, begin, length in matching_runs(ours, theirs):
                yield there + start, here + begin, length


def _joined(runs: Iterable[Run]) -> list[Run]:
    joined: list[Run] = []
    for there, here, length in runs:
        if not length:
            continue
        if joined and (joined[-1][0] + joined[-1][2], joined[-1][1] + joined[-1][2]) == (there, here):
            joined[-1] = (*joined[-1][:2], joined[-1][2] + length)
        else:
            joined.append((there, here, length))
    return joined


def _without_chance(runs: list[Run]) -> list[Run]:
    """Drop short runs between two larger changes, such as "of the" in two different sentences."""
    for most in range(1, CHANCE + 1):
        kept = runs[:1]
        for run, following in pairwise(runs[1:]):
            alone = min(_changed(kept[-1], run), _changed(run, following)) >= run[2]
            if run[2] > most or not alone:
                kept.append(run)
        runs = kept + runs[1:][-1:]
    return runs


def _changed(one: Run, other: Run) -> int:
    """Return the number of tokens between two runs, on the side that has more."""
    return max(other[0] - one[0] - one[2], other[1] - one[1] - one[2])


def _of_paragraphs(old: Text, new: Text, runs: list[Run]) -> list[Run]:
    """Split runs at paragraph ends. Keep short ones only between paragraphs that are mostly the same."""
    cut = [part for run in runs for part in _cut(old, new, run)]
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


def _cut(old: Text, new: Text, run: Run) -> Iterator[Run]:
    there, here, length = run
    while length:
        room = min(length, old.bounds[old.paragraph[there]][1] - there, new.bounds[new.paragraph[here]][1] - here)
        yield there, here, room
        there, here, length = there + room, here + room, length - room


def _elsewhere(old: Text, new: Text, ours: Units, theirs: Units, to: dict[int, int]) -> Iterator[Run]:
    """Find moved paragraphs or sentences: missing in one place, new in another, and unique in both texts."""
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
    """Return the units that occur only once, by their words."""
    keys = [text.key(unit) for unit in units]
    number = Counter(keys)
    return {key: unit for key, unit in zip(keys, units, strict=True) if number[key] == 1 and unit[0] < unit[1]}
