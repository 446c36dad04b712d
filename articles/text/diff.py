"""Diff two sequences of words, lines or other hashable items by their longest common subsequence (LCS).

RapidFuzz does the work, with a bit-parallel algorithm in C++ (Hyyrö, 2004). Everything that compares texts uses this
module, so that no text, however it is made, can keep a worker busy. What readers see is in `text.comparison`.
"""

from collections.abc import Hashable, Sequence
from typing import Literal

from rapidfuzz.distance import Indel, LCSseq

# Time and memory grow with the product of both lengths, whatever the items are: 20,000 x 20,000 words take 0.2 s and
# 50 MB, 40,000 x 40,000 take 1.3 s and 215 MB. A report of 50,000 characters has about 8,500 words.
CELLS_MAX = 20_000 * 20_000

ENDS = ".!?…。！？؟।"
CLOSES = "\"'”’»)]"

type Run = tuple[int, int, int]
"""A run of equal items: its start in the old sequence, its start in the new one, its length."""

Tag = Literal["equal", "replace", "delete", "insert"]
type Opcode = tuple[Tag, int, int, int, int]
"""How `old[a:b]` becomes `new[c:d]`, like an opcode of the standard library."""


def matching_runs(old: Sequence[Hashable], new: Sequence[Hashable]) -> list[Run]:
    """Return the runs that make up a longest common subsequence, in order. The last one is empty and marks both ends.

    Beyond `CELLS_MAX`, only the common prefix and the common suffix match.
    """
    # RapidFuzz compares hashes, which may collide; numbers given in the order of appearance can't.
    numbers: dict[Hashable, int] = {}
    one, other = ([numbers.setdefault(item, len(numbers)) for item in items] for items in (old, new))
    prefix = _common_prefix(one, other)
    suffix = _common_prefix(one[prefix:][::-1], other[prefix:][::-1])
    if (len(one) - prefix - suffix) * (len(other) - prefix - suffix) > CELLS_MAX:
        return [(0, 0, prefix), (len(one) - suffix, len(other) - suffix, suffix), (len(one), len(other), 0)]
    *runs, ends = [(run.a, run.b, run.size) for run in Indel.editops(one, other).as_matching_blocks()]
    return [*_readable(old, one, other, runs), ends]


def opcodes(old: Sequence[Hashable], new: Sequence[Hashable]) -> list[Opcode]:
    """Return the fewest insertions and deletions that turn one sequence into the other; see `matching_runs`."""
    found: list[Opcode] = []
    a = c = 0
    for b, d, size in matching_runs(old, new):
        if a < b or c < d:
            found.append(("replace" if a < b and c < d else "delete" if a < b else "insert", a, b, c, d))
        a, c = b + size, d + size
        if size:
            found.append(("equal", b, a, d, c))
    return found


def common_length(old: Sequence[int], new: Sequence[int], *, at_least: int) -> int:
    """Return the length of the longest common subsequence of two short sequences; 0 if it is less than `at_least`."""
    return int(LCSseq.similarity(old, new, score_cutoff=at_least))


def similarity(old: Sequence[Hashable], new: Sequence[Hashable]) -> float:
    """Return the share of both sequences that is common and in the same order, from 0 to 1."""
    same = sum(size for _old, _new, size in matching_runs(old, new))
    return 2 * same / (len(old) + len(new)) if old or new else 1.0


def _readable(items: Sequence[Hashable], one: list[int], other: list[int], runs: list[Run]) -> list[Run]:
    """Choose the most readable of several longest common subsequences.

    A single insertion or deletion can often move along: of "One. Two. Three", both ". Two" and "Two ." can be deleted.
    It moves so that two runs become one, else so that it starts after the end of a sentence, else as far as it can.
    """
    kept: list[Run] = []
    for b, d, length in runs:
        while kept:
            a, c, size = kept.pop()
            x, y = a + size, c + size
            right = next((n for n in range(length) if one[x + n] != other[y + n]), length)
            if right == length:
                b, d, length = a, c, size + length
                continue
            left = next((n for n in range(size) if one[b - 1 - n] != other[d - 1 - n]), size)
            if left == size:
                b, d, length = b - size, d - size, size + length
                continue
            shift = max(range(-left, right + 1), key=lambda by: (_ends_sentence(items[x + by - 1]), by))
            kept.append((a, c, size + shift))
            b, d, length = b + shift, d + shift, length - shift
            break
        kept.append((b, d, length))
    return kept


def _ends_sentence(item: Hashable) -> bool:
    text = item.rstrip() if isinstance(item, str) else ""
    return bool(text) and text.rstrip(CLOSES)[-1:] in ENDS  # A closing mark alone counts: "" is in every string.


def _common_prefix(one: list[int], other: list[int]) -> int:
    return next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
