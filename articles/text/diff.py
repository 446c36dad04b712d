"""Differences between texts: of words, lines or other items, in numbers and as HTML that needs no colour.

RapidFuzz finds a longest common subsequence (LCS), with a bit-parallel algorithm in C++ (Hyyrö, 2004). Everything that
compares texts uses this module, so that no text, however it is made, can keep a worker busy.
"""

import re
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
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


# Two texts, as readers see their differences -------------------------------------------------------------------------

PIECE = re.compile(r"\s+|[^\s]+")
TYPOS_MAX = 5  # Words. If the spelling of more words changes, the change isn't minor.
TYPO_FROM = 4  # Letters. In shorter words, one letter makes another word: "not" and "now".
STRAIGHT = str.maketrans("‘’‚‹›“”„«»–—", "'''''\"\"\"\"\"--")
PUNCTUATION = ".,;:!?"

Kind = Literal["same", "added", "removed"]


@dataclass(frozen=True, slots=True)
class Change:
    kind: Kind
    text: str


@dataclass(frozen=True, slots=True)
class Extent:
    """The size of a change in words, and whether it is minor: only spacing, or typing errors in a few words."""

    added: int
    removed: int
    minor: bool


@dataclass(frozen=True, slots=True)
class Stretch:
    """Consecutive paragraphs, as HTML, that all changed or all stayed the same."""

    changed: bool
    paragraphs: list[SafeString]


def changes(old: str, new: str) -> list[Change]:
    """Return the changes from the old text to the new one: a diff by lines, then by words within changed lines.

    Lines too long to compare (see `CELLS_MAX`) are shown whole, as removed and added.
    """
    before, after = old.splitlines(keepends=True), new.splitlines(keepends=True)
    found: list[Change] = []
    for tag, a, b, c, d in opcodes(before, after):
        gone, come = "".join(before[a:b]), "".join(after[c:d])
        if tag == "equal":
            found.append(Change("same", gone))
        else:
            found += _by_words(gone, come)
    return _joined(found)


def extent(old: str, new: str) -> Extent:
    """Return the size of the difference between two texts, in words."""
    found = changes(old, new)
    return Extent(
        added=sum(len(change.text.split()) for change in found if change.kind == "added"),
        removed=sum(len(change.text.split()) for change in found if change.kind == "removed"),
        minor=_is_minor(old.split(), new.split()),
    )


def _is_minor(before: list[str], after: list[str]) -> bool:
    """Return whether only spacing and the spelling of a few words differ. If in doubt, it's not minor."""
    if len(before) != len(after):
        return False
    differing = [(old, new) for old, new in zip(before, after, strict=True) if old != new]
    return len(differing) <= TYPOS_MAX and all(is_typo(old, new) for old, new in differing)


def is_typo(old: str, new: str) -> bool:
    """Return whether two words differ by one typing error that can't change the meaning.

    A typing error is one letter inserted, left out or replaced, or two letters swapped, inside a lower-case word.
    Changes in numbers, in names and of the first or last letter can change the meaning: "million" and "billion",
    "send" and "sent".
    """
    if old.translate(STRAIGHT) == new.translate(STRAIGHT):
        return True
    shorter, longer = sorted((old, new), key=len)
    if len(shorter) < TYPO_FROM or len(longer) - len(shorter) > 1:
        return False
    if not (old.isalpha() and new.isalpha() and old.islower() and new.islower()):
        return old[-1] == new[-1] and old[-1] in PUNCTUATION and is_typo(old[:-1], new[:-1])
    if old[0] != new[0] or old[-1] != new[-1]:
        return False
    start = next((at for at, (a, b) in enumerate(zip(shorter, longer, strict=False)) if a != b), len(shorter))
    rest, other = shorter[start:], longer[start:]
    if len(shorter) < len(longer):
        return rest == other[1:]
    return rest[1:] == other[1:] or (rest[:2] == other[1::-1] and rest[2:] == other[2:])


def _by_words(old: str, new: str) -> list[Change]:
    before, after = PIECE.findall(old), PIECE.findall(new)
    found: list[Change] = []
    gone = come = ""
    for tag, a, b, c, d in opcodes(before, after):
        was, now = "".join(before[a:b]), "".join(after[c:d])
        if tag != "equal":
            gone, come = gone + was, come + now
        elif (gone or come) and "\n" not in was and not was.strip() and b < len(before) and d < len(after):
            # A single space between changed words belongs to the change, so that the words are shown as one change.
            gone, come = gone + was, come + now
        else:
            found += [Change("removed", gone), Change("added", come), Change("same", was)]
            gone = come = ""
    return [*found, Change("removed", gone), Change("added", come)]


def _joined(found: list[Change]) -> list[Change]:
    joined: list[Change] = []
    for change in found:
        if not change.text:
            continue
        if joined and joined[-1].kind == change.kind:
            joined[-1] = Change(change.kind, joined[-1].text + change.text)
        else:
            joined.append(change)
    return joined


def difference(old: str, new: str) -> SafeString:
    """Return the comparison as HTML: `del` and `ins` elements, labelled for screen readers."""
    return format_html_join("", "{}", ((marked(change.kind, change.text),) for change in changes(old, new)))


def marked(kind: Kind, text: str) -> SafeString:
    """Return one change as HTML: marked by lines, weight and a label for screen readers, never by colour alone."""
    if kind == "same":
        return format_html("{}", text)
    tag, word = ("del", _("removed")) if kind == "removed" else ("ins", _("added"))
    return format_html(
        '<{0}><span class="sr-only">[{1}: </span>{2}<span class="sr-only">]</span></{0}>', tag, word, text
    )


def stretches(
    old: Sequence[str], new: Sequence[str], *, show: Callable[[Kind, str], SafeString] = marked
) -> list[Stretch]:
    """Compare two texts of one line per paragraph, and group their paragraphs into changed and unchanged stretches.

    `show` renders a part of a paragraph, given its kind, as HTML.
    """
    found: list[tuple[bool, SafeString]] = []
    pieces: list[SafeString] = []
    kinds: set[Kind] = set()

    def close() -> None:
        if pieces:
            found.append((kinds != {"same"}, format_html_join("", "{}", ((piece,) for piece in pieces))))
        pieces.clear()
        kinds.clear()

    for change in changes("\n".join(old) + "\n", "\n".join(new) + "\n"):
        for line in change.text.splitlines(keepends=True):
            if words := line.rstrip("\n"):
                pieces.append(show(change.kind, words))
                kinds.add(change.kind)
            if not line.endswith("\n"):
                continue
            if change.kind != "same" and kinds - {change.kind}:  # A paragraph was split, or two were joined.
                pieces.append(show(change.kind, "¶"))
                kinds.add(change.kind)
            close()
    close()
    return [
        Stretch(changed, [html for _changed, html in group])
        for changed, group in groupby(found, key=lambda pair: pair[0])
    ]
