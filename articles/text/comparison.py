"""Two texts compared by words as readers see it (`text.diff` does the work): data, and HTML that needs no colour."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from articles.text.diff import opcodes

PIECE = re.compile(r"\s+|[^\s]+")
TYPOS_MAX = 5  # Words. If the spelling of more words changes, the change isn't minor.
TYPO_FROM = 4  # Letters. In shorter words, one letter makes another word: "not" and "now".
STRAIGHT = str.maketrans("‘’‚‹›“”„«»–—", "'''''\"\"\"\"\"--")
ENDS = ".,;:!?"

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
        return old[-1] == new[-1] and old[-1] in ENDS and is_typo(old[:-1], new[:-1])
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
