"""Text anchors: find a quoted passage in a later revision by the diff of the two texts, not by similarity.

A text is a list of paragraphs, each a line of plain text. Text that the diff reports as removed is removed, even if
the same or similar text occurs elsewhere.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from articles.text.alignment import Text, align

CONTEXT = 32  # Characters of context saved on each side of an anchor.
# A changed passage is found only if this share of its words, or of its paragraph, is unchanged.
MIN_UNCHANGED = 0.5


class Outcome(StrEnum):
    """What happened to the anchored text."""

    EXACT = "exact"  # Unchanged in its paragraph.
    MOVED = "moved"  # Unchanged in another paragraph, or its paragraph was moved.
    CHANGED = "changed"  # Other text has taken its place.
    REMOVED = "removed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Anchor:
    """A range of one paragraph's text, with its context."""

    paragraph: int
    start: int
    exact: str
    prefix: str = ""
    suffix: str = ""

    @property
    def stop(self) -> int:
        return self.start + len(self.exact)

    def matches(self, text: str) -> bool:
        """Return whether the anchor was made from this paragraph."""
        return bool(self.exact) and self == anchor_at(text, self.paragraph, self.start, self.stop)


@dataclass(frozen=True, slots=True)
class Place:
    """Where the anchored text is now, or the text in its place."""

    outcome: Outcome
    paragraph: int | None = None
    start: int | None = None
    text: str = ""


REMOVED = Place(Outcome.REMOVED)


def anchor_at(text: str, paragraph: int, start: int, stop: int) -> Anchor:
    return Anchor(
        paragraph=paragraph,
        start=start,
        exact=text[start:stop],
        prefix=text[max(0, start - CONTEXT) : start],
        suffix=text[stop : stop + CONTEXT],
    )


class TextMapping:
    """A mapping between two versions of a text, which can locate any number of anchors."""

    def __init__(self, old: Sequence[str], new: Sequence[str]) -> None:
        self._same = list(old) == list(new)
        self._old, self._new = Text(old), Text(new)
        self._to, self._moved = ({}, set()) if self._same else align(self._old, self._new)
        self._unchanged = {token: target for token, target in self._to.items() if token not in self._moved}
        self._in_order = sorted(self._unchanged)  # Their targets are in order as well.
        self._successors: dict[int, Counter[int]] = {}
        for token, target in self._to.items():
            successors = self._successors.setdefault(self._old.paragraph[token], Counter())
            successors[self._new.paragraph[target]] += 1

    def locate(self, anchor: Anchor) -> Place:
        """Return where an anchor's text is in the new version."""
        if not 0 <= anchor.paragraph < len(self._old.lines) or not anchor.matches(self._old.lines[anchor.paragraph]):
            return REMOVED
        if self._same:
            return Place(Outcome.EXACT, anchor.paragraph, anchor.start, anchor.exact)
        tokens = self._old.tokens_in(anchor.paragraph, anchor.start, anchor.stop)
        if not tokens:
            return REMOVED
        return self._whole(anchor, tokens) or self._replaced(anchor, tokens) or REMOVED

    def _whole(self, anchor: Anchor, tokens: range) -> Place | None:
        """Return the place if all words are still adjacent in one paragraph."""
        first = self._to.get(tokens[0])
        if first is None or any(self._to.get(token) != first + step for step, token in enumerate(tokens)):
            return None
        place = self._place(range(first, first + len(tokens)))
        if place is None or place.text != anchor.exact:
            return None
        moved = tokens[0] in self._moved or place.paragraph != self._successor(anchor.paragraph)
        return replace(place, outcome=Outcome.MOVED if moved else Outcome.EXACT)

    def _replaced(self, anchor: Anchor, tokens: range) -> Place | None:
        """Return the text between the nearest unchanged words on both sides."""
        there = self._paragraph_of(anchor.paragraph, tokens)
        if there is None:
            return None
        first, stop = self._new.bounds[there]
        before, after = bisect_left(self._in_order, tokens[0]), bisect_left(self._in_order, tokens[-1] + 1)
        if before > 0:
            first = max(first, self._unchanged[self._in_order[before - 1]] + 1)
        if after < len(self._in_order):
            stop = min(stop, self._unchanged[self._in_order[after]])
        place = self._place(range(first, stop))
        return replace(place, outcome=Outcome.EXACT) if place is not None and place.text == anchor.exact else place

    def _paragraph_of(self, paragraph: int, tokens: range) -> int | None:
        """Return the paragraph of the replaced words; None if neither they nor their paragraph are mostly unchanged."""
        first, stop = self._old.bounds[paragraph]
        own = Counter(self._new.paragraph[self._unchanged[token]] for token in tokens if token in self._unchanged)
        unchanged = sum(token in self._unchanged for token in range(first, stop)) >= MIN_UNCHANGED * (stop - first)
        if not unchanged and own.total() < MIN_UNCHANGED * len(tokens):
            return None
        if own:
            return _most(own)
        for token in (*range(tokens[0] - 1, first - 1, -1), *range(tokens[-1] + 1, stop)):
            if token in self._unchanged:
                return self._new.paragraph[self._unchanged[token]]
        return None

    def _successor(self, paragraph: int) -> int | None:
        """Return the new paragraph that has most of an old paragraph's words."""
        successors = self._successors.get(paragraph)
        return _most(successors) if successors else None

    def _place(self, tokens: range) -> Place | None:
        if not tokens or self._new.paragraph[tokens[0]] != self._new.paragraph[tokens[-1]]:
            return None
        paragraph = self._new.paragraph[tokens[0]]
        start, stop = self._new.spans[tokens[0]][0], self._new.spans[tokens[-1]][1]
        return Place(Outcome.CHANGED, paragraph, start, self._new.lines[paragraph][start:stop])


def _most(counted: Counter[int]) -> int:
    """Return the most frequent number, the lowest of equals."""
    return min(counted, key=lambda number: (-counted[number], number))
