"""Where words went when a text was edited: followed by the difference of the two texts, never by likeness.

A text is a list of paragraphs, each one line of plain words. Only what the difference says is believed: words that
it calls removed are removed, though the same words, or nearly the same, stand elsewhere.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from articles.text.courses import Text, courses

CONTEXT = 32  # Characters kept on each side of an anchor's words.
# Other words stand in their place only if this share of them, or of their paragraph, stayed: the place is no guess.
SURVIVES_FROM = 0.5


class Fate(StrEnum):
    """What became of the words."""

    EXACT = "exact"  # They stand in their paragraph, word for word.
    MOVED = "moved"  # They stand word for word in another paragraph, or their paragraph was put elsewhere.
    CHANGED = "changed"  # Other words stand in their place.
    REMOVED = "removed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Anchor:
    """Words of one paragraph, and what stood around them."""

    paragraph: int
    start: int
    exact: str
    prefix: str = ""
    suffix: str = ""

    @property
    def stop(self) -> int:
        return self.start + len(self.exact)

    def stands_in(self, text: str) -> bool:
        """Whether a paragraph is the one that the words were taken from."""
        return bool(self.exact) and self == anchor_at(text, self.paragraph, self.start, self.stop)


@dataclass(frozen=True, slots=True)
class Place:
    """Where the words stand now, or what stands in their place."""

    fate: Fate
    paragraph: int | None = None
    start: int | None = None
    words: str = ""


GONE = Place(Fate.REMOVED)


def anchor_at(text: str, paragraph: int, start: int, stop: int) -> Anchor:
    return Anchor(
        paragraph=paragraph,
        start=start,
        exact=text[start:stop],
        prefix=text[max(0, start - CONTEXT) : start],
        suffix=text[stop : stop + CONTEXT],
    )


class Journey:
    """The way from one text to another, for any number of anchors in the first."""

    def __init__(self, old: Sequence[str], new: Sequence[str]) -> None:
        self._same = list(old) == list(new)
        self._old, self._new = Text(old), Text(new)
        self._to, self._moved = ({}, set()) if self._same else courses(self._old, self._new)
        self._stayed = {token: target for token, target in self._to.items() if token not in self._moved}
        self._in_order = sorted(self._stayed)  # So are their targets.
        self._heirs: dict[int, Counter[int]] = {}
        for token, target in self._to.items():
            heirs = self._heirs.setdefault(self._old.paragraph[token], Counter())
            heirs[self._new.paragraph[target]] += 1

    def follow(self, anchor: Anchor) -> Place:
        """Where an anchor's words are in the new text."""
        if not 0 <= anchor.paragraph < len(self._old.lines) or not anchor.stands_in(self._old.lines[anchor.paragraph]):
            return GONE
        if self._same:
            return Place(Fate.EXACT, anchor.paragraph, anchor.start, anchor.exact)
        tokens = self._old.tokens_in(anchor.paragraph, anchor.start, anchor.stop)
        if not tokens:
            return GONE
        return self._whole(anchor, tokens) or self._replaced(anchor, tokens) or GONE

    def _whole(self, anchor: Anchor, tokens: range) -> Place | None:
        """All the words, next to each other in one paragraph."""
        first = self._to.get(tokens[0])
        if first is None or any(self._to.get(token) != first + step for step, token in enumerate(tokens)):
            return None
        place = self._place(range(first, first + len(tokens)))
        if place is None or place.words != anchor.exact:
            return None
        moved = tokens[0] in self._moved or place.paragraph != self._heir(anchor.paragraph)
        return replace(place, fate=Fate.MOVED if moved else Fate.EXACT)

    def _replaced(self, anchor: Anchor, tokens: range) -> Place | None:
        """What stands now between the words that stayed on both sides."""
        there = self._paragraph_of(anchor.paragraph, tokens)
        if there is None:
            return None
        first, stop = self._new.bounds[there]
        before, after = bisect_left(self._in_order, tokens[0]), bisect_left(self._in_order, tokens[-1] + 1)
        if before > 0:
            first = max(first, self._stayed[self._in_order[before - 1]] + 1)
        if after < len(self._in_order):
            stop = min(stop, self._stayed[self._in_order[after]])
        place = self._place(range(first, stop))
        return replace(place, fate=Fate.EXACT) if place is not None and place.words == anchor.exact else place

    def _paragraph_of(self, paragraph: int, tokens: range) -> int | None:
        """In which paragraph their place is; None where neither they nor their paragraph survive in the main."""
        first, stop = self._old.bounds[paragraph]
        own = Counter(self._new.paragraph[self._stayed[token]] for token in tokens if token in self._stayed)
        survives = sum(token in self._stayed for token in range(first, stop)) >= SURVIVES_FROM * (stop - first)
        if not survives and own.total() < SURVIVES_FROM * len(tokens):
            return None
        if own:
            return _most(own)
        for token in (*range(tokens[0] - 1, first - 1, -1), *range(tokens[-1] + 1, stop)):
            if token in self._stayed:
                return self._new.paragraph[self._stayed[token]]
        return None

    def _heir(self, paragraph: int) -> int | None:
        """The paragraph that continues another: the one with most of its words."""
        heirs = self._heirs.get(paragraph)
        return _most(heirs) if heirs else None

    def _place(self, tokens: range) -> Place | None:
        if not tokens or self._new.paragraph[tokens[0]] != self._new.paragraph[tokens[-1]]:
            return None
        paragraph = self._new.paragraph[tokens[0]]
        start, stop = self._new.spans[tokens[0]][0], self._new.spans[tokens[-1]][1]
        return Place(Fate.CHANGED, paragraph, start, self._new.lines[paragraph][start:stop])


def _most(counted: Counter[int]) -> int:
    """The one that was counted most often, the first of several."""
    return min(counted, key=lambda number: (-counted[number], number))
