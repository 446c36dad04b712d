"""Three-way merge of two edits of the same text, with conflicts shown side by side."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from articles.text.diff import PIECE, opcodes

PARAGRAPH = re.compile(r"[^\n]*\n+|[^\n]+")  # With the blank lines after it, which would match anywhere on their own.


@dataclass(frozen=True, slots=True)
class Clash:
    """A conflict: a place that both sides changed differently."""

    base: str
    yours: str
    theirs: str
    merged: str = field(default="", compare=False)
    """Your text with their changes to other places in it, or empty if that is your text itself."""


@dataclass(frozen=True, slots=True)
class Merged:
    """The merged text in order: strings that are settled, and conflicts."""

    parts: list[str | Clash]

    @property
    def clashes(self) -> list[Clash]:
        return [part for part in self.parts if isinstance(part, Clash)]

    @property
    def text(self) -> str:
        """The merged text, with your version wherever there is a conflict."""
        return "".join(part.merged or part.yours if isinstance(part, Clash) else part for part in self.parts)


@dataclass(frozen=True, slots=True)
class _Hunk:
    """A change by one side: `base[low:high]` became `pieces[start:stop]`."""

    side: int
    low: int
    high: int
    start: int
    stop: int


def merge(base: str, yours: str, theirs: str, *, within_lines: bool = True) -> Merged:
    """Merge two edits of the same text by paragraphs, and by words within paragraphs that both sides changed.

    A paragraph with a conflict is shown whole, because fragments of it would be hard to place. Without `within_lines`,
    two changes of one line are a conflict: for results that nobody reviews before they are published.
    """
    parts = _merged(*(PARAGRAPH.findall(text) for text in (base, yours, theirs)))
    return Merged(_joined([_within(part) if isinstance(part, Clash) and within_lines else part for part in parts]))


def _within(clash: Clash) -> str | Clash:
    """Merge a paragraph by words. If that has a conflict too, the paragraph stays one and holds the merged text."""
    words = Merged(_merged(*(PIECE.findall(text) for text in (clash.base, clash.yours, clash.theirs))))
    return replace(clash, merged=words.text) if words.clashes else words.text


def _merged(base: list[str], *sides: list[str]) -> list[str | Clash]:
    """Merge lists of pieces with the diff3 algorithm (Khanna, Kunal and Pierce, 2007)."""
    hunks = sorted(
        (hunk for side, pieces in enumerate(sides) for hunk in _hunks(side, base, pieces)),
        key=lambda hunk: (hunk.low, hunk.high),
    )
    parts: list[str | Clash] = []
    done = 0
    while hunks:
        group = [hunks.pop(0)]
        high = group[0].high
        while hunks and hunks[0].low <= high:  # Adjacent changes are one place.
            group.append(hunks.pop(0))
            high = max(high, group[-1].high)
        low = group[0].low
        parts.append("".join(base[done:low]))
        replaced = [_replaced(side, pieces, group, base, low, high) for side, pieces in enumerate(sides)]
        parts += _decided("".join(base[low:high]), *replaced)
        done = high
    return [*parts, "".join(base[done:])]


def _hunks(side: int, base: list[str], pieces: list[str]) -> list[_Hunk]:
    return [_Hunk(side, *where) for tag, *where in opcodes(base, pieces) if tag != "equal"]


def _replaced(side: int, pieces: list[str], group: Sequence[_Hunk], base: list[str], low: int, high: int) -> str:
    """Return what a side has in place of `base[low:high]`."""
    own = [hunk for hunk in group if hunk.side == side]
    if not own:
        return "".join(base[low:high])
    return "".join(pieces[own[0].start - (own[0].low - low) : own[-1].stop + (high - own[-1].high)])


def _decided(base: str, yours: str, theirs: str) -> list[str | Clash]:
    if theirs in (yours, base):
        return [yours]
    return [theirs] if yours == base else [Clash(base, yours, theirs)]


def _joined(parts: list[str | Clash]) -> list[str | Clash]:
    joined: list[str | Clash] = []
    for part in parts:
        if isinstance(part, str) and joined and isinstance(joined[-1], str):
            joined[-1] += part
        elif part:
            joined.append(part)
    return joined
