"""What two sequences have in common, within a bounded effort: no text, however made, takes longer than a limit.

Python's own matcher is cubic for texts that repeat themselves: a comment of 2,000 equal words would take minutes.
"""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Literal

Tag = Literal["equal", "replace", "delete", "insert"]
type Opcode = tuple[Tag, int, int, int, int]
"""What becomes of `old[a:b]`: it is `new[c:d]`, as difflib's opcodes have it."""

EFFORT = 600_000  # Steps; about a third of a second. Enough for five hundred words in a row that all changed.


@dataclass(slots=True)
class Effort:
    """What is left to be spent on one comparison, in steps of the search."""

    left: int = EFFORT


def opcodes(old: Sequence[Hashable], new: Sequence[Hashable], effort: Effort | None = None) -> list[Opcode]:
    """From one sequence to the other, by the fewest insertions and deletions (Myers, 1986).

    Where that would take more than the effort, all between the common beginning and the common end is replaced.
    """
    start = 0
    while start < min(len(old), len(new)) and old[start] == new[start]:
        start += 1
    end = 0
    while end < min(len(old), len(new)) - start and old[-1 - end] == new[-1 - end]:
        end += 1
    a, b = old[start : len(old) - end], new[start : len(new) - end]
    runs = [(0, 0, start)]
    if a and b:
        runs += [(start + x, start + y, size) for x, y, size in _runs(a, b, effort or Effort())]
    runs.append((len(old) - end, len(new) - end, end))
    return _between(runs, len(old), len(new))


def likeness(old: Sequence[Hashable], new: Sequence[Hashable], effort: Effort | None = None) -> float:
    """How much of both is common and in order, from 0 to 1."""
    same = sum(b - a for tag, a, b, _c, _d in opcodes(old, new, effort) if tag == "equal")
    return 2 * same / (len(old) + len(new)) if old or new else 1.0


def _runs(a: Sequence[Hashable], b: Sequence[Hashable], effort: Effort) -> list[tuple[int, int, int]]:
    """Where equal runs stand in both, and how long they are; none if the effort does not reach."""
    n, m = len(a), len(b)
    reach: dict[int, int] = {1: 0}  # By diagonal (x - y), how far along `a` so many edits lead.
    trace: list[dict[int, int]] = []
    for edits in range(n + m + 1):
        trace.append(reach)
        now: dict[int, int] = {}
        # No diagonal beyond the two ends.
        for k in range(-edits + 2 * max(0, edits - m), edits - 2 * max(0, edits - n) + 1, 2):
            down = k == -edits or (k != edits and reach.get(k - 1, -1) < reach.get(k + 1, -1))
            x = begin = reach[k + 1] if down else reach[k - 1] + 1
            y = x - k
            while x < n and y < m and a[x] == b[y]:
                x, y = x + 1, y + 1
            now[k] = x
            effort.left -= 1 + x - begin
            if x >= n and y >= m:
                return _back(trace, n, m)
        if effort.left < 0:
            return []
        reach = now
    return []


def _back(trace: list[dict[int, int]], x: int, y: int) -> list[tuple[int, int, int]]:
    """The way from the end to the beginning: its diagonals are the equal runs."""
    runs: list[tuple[int, int, int]] = []
    for edits in range(len(trace) - 1, -1, -1):
        reach, k = trace[edits], x - y
        down = k == -edits or (k != edits and reach.get(k - 1, -1) < reach.get(k + 1, -1))
        before = k + 1 if down else k - 1
        px = reach[before] if edits else 0
        py = px - before if edits else 0
        begin = px if down or not edits else px + 1
        if x > begin:
            runs.append((begin, begin - k, x - begin))
        x, y = px, py
    return runs[::-1]


def _between(runs: list[tuple[int, int, int]], n: int, m: int) -> list[Opcode]:
    found: list[Opcode] = []
    i = j = 0
    for x, y, size in [*runs, (n, m, 0)]:
        if i < x or j < y:
            found.append(("replace" if i < x and j < y else "delete" if i < x else "insert", i, x, j, y))
        if size:
            if found and found[-1][0] == "equal":
                _tag, a, _b, c, _d = found.pop()
                found.append(("equal", a, x + size, c, y + size))
            else:
                found.append(("equal", x, x + size, y, y + size))
        i, j = x + size, y + size
    return found
