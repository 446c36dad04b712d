"""Two changes of one text, brought together: what does not clash is merged, what does is shown side by side."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from articles.text.differences import PIECE
from articles.text.sequences import Effort, opcodes

PARAGRAPH = re.compile(r"[^\n]*\n+|[^\n]+")  # With the blank lines behind it: those of all paragraphs are alike.


@dataclass(frozen=True, slots=True)
class Clash:
    """A place that both changed, each in another way."""

    base: str
    yours: str
    theirs: str
    merged: str = field(default="", compare=False)
    """Yours with what they changed in other places of it; empty where that is yours itself."""


@dataclass(frozen=True, slots=True)
class Merged:
    """The text in order: words on which all agree or that one of the two changed, and the places of both."""

    parts: list[str | Clash]

    @property
    def clashes(self) -> list[Clash]:
        return [part for part in self.parts if isinstance(part, Clash)]

    @property
    def text(self) -> str:
        """With yours where both changed something."""
        return "".join(part.merged or part.yours if isinstance(part, Clash) else part for part in self.parts)


@dataclass(frozen=True, slots=True)
class _Hunk:
    """A stretch of the base that one side replaced: where in the base, and where in that side's text."""

    side: int
    low: int
    high: int
    start: int
    stop: int


def merge(base: str, yours: str, theirs: str, *, within_lines: bool = True) -> Merged:
    """Merge two changes of one text, by paragraphs first; one that both changed is merged by words.

    A paragraph in which they clash is shown whole, since scraps of it could not be placed.

    Args:
        base: What both began with.
        yours: What became of it here.
        theirs: And there.
        within_lines: False where nobody reads the outcome before others do: two changes of one line then clash.
    """
    effort = Effort()
    parts: list[str | Clash] = []
    for part in _merged(effort, *(PARAGRAPH.findall(text) for text in (base, yours, theirs))):
        parts.append(_within(part, effort) if isinstance(part, Clash) and within_lines else part)
    return Merged(_joined(parts))


def _within(clash: Clash, effort: Effort) -> str | Clash:
    """A paragraph that both changed: merged if not in the same place, else with yours where both did."""
    words = Merged(_merged(effort, *(PIECE.findall(text) for text in (clash.base, clash.yours, clash.theirs))))
    return replace(clash, merged=words.text) if words.clashes else words.text


def _merged(effort: Effort, base: list[str], *sides: list[str]) -> list[str | Clash]:
    """Three-way merge of pieces, as diff3 has it (Khanna, Kunal and Pierce, 2007)."""
    hunks = sorted(
        (hunk for side, pieces in enumerate(sides) for hunk in _hunks(side, base, pieces, effort)),
        key=lambda hunk: (hunk.low, hunk.high),
    )
    parts: list[str | Clash] = []
    done = 0
    while hunks:
        group = [hunks.pop(0)]
        high = group[0].high
        while hunks and hunks[0].low <= high:  # Neighbours without a piece between them stand in one place.
            group.append(hunks.pop(0))
            high = max(high, group[-1].high)
        low = group[0].low
        parts.append("".join(base[done:low]))
        replaced = [_replaced(side, pieces, group, base, low, high) for side, pieces in enumerate(sides)]
        parts += _decided("".join(base[low:high]), *replaced)
        done = high
    return [*parts, "".join(base[done:])]


def _hunks(side: int, base: list[str], pieces: list[str], effort: Effort) -> list[_Hunk]:
    return [_Hunk(side, *where) for tag, *where in opcodes(base, pieces, effort) if tag != "equal"]


def _replaced(side: int, pieces: list[str], group: Sequence[_Hunk], base: list[str], low: int, high: int) -> str:
    """What a side has in place of a stretch of the base."""
    own = [hunk for hunk in group if hunk.side == side]
    if not own:
        return "".join(base[low:high])
    return "".join(pieces[own[0].start - (own[0].low - low) : own[-1].stop + (high - own[-1].high)])


def _decided(base: str, yours: str, theirs: str) -> list[str | Clash]:
    if yours == theirs or theirs == base:
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
