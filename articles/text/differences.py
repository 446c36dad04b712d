"""Compare two texts word by word, readable in black and white."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from articles.text.sequences import Effort, opcodes

PIECE = re.compile(r"\s+|[^\s]+")
TYPOS_MOST = 5  # Words; a change of spelling in more of them is worth a look.
TYPO_FROM = 4  # Letters; one letter makes “not” of “now”.
STRAIGHT = str.maketrans("‘’“”–—", "''\"\"--")
ENDS = ".,;:!?"

Kind = Literal["same", "added", "removed"]


@dataclass(frozen=True, slots=True)
class Change:
    kind: Kind
    text: str


@dataclass(frozen=True, slots=True)
class Extent:
    """How much a change is, in words, and whether it is only spacing or letters within a few words."""

    added: int
    removed: int
    minor: bool


@dataclass(frozen=True, slots=True)
class Stretch:
    """Paragraphs in a row that changed, or that did not, as HTML."""

    changed: bool
    paragraphs: list[SafeString]


def changes(old: str, new: str) -> list[Change]:
    """From the old text to the new one: by lines first, then by words within the lines that differ.

    What would take too long to compare is shown whole, as removed and added.
    """
    before, after = old.splitlines(keepends=True), new.splitlines(keepends=True)
    effort = Effort()  # For all of it, whatever it is cut into.
    found: list[Change] = []
    for tag, a, b, c, d in opcodes(before, after, effort):
        gone, come = "".join(before[a:b]), "".join(after[c:d])
        if tag == "equal":
            found.append(Change("same", gone))
        else:
            found += _by_words(gone, come, effort)
    return _joined(found)


def extent(old: str, new: str) -> Extent:
    """How much lies between two texts, counted in words."""
    found = changes(old, new)
    return Extent(
        added=sum(len(change.text.split()) for change in found if change.kind == "added"),
        removed=sum(len(change.text.split()) for change in found if change.kind == "removed"),
        minor=_is_minor(old.split(), new.split()),
    )


def _is_minor(before: list[str], after: list[str]) -> bool:
    """Whether nothing but spacing and the spelling of a few words differs. When in doubt: no."""
    if len(before) != len(after):
        return False
    differing = [(old, new) for old, new in zip(before, after, strict=True) if old != new]
    return len(differing) <= TYPOS_MOST and all(is_typo(old, new) for old, new in differing)


def is_typo(old: str, new: str) -> bool:
    """Whether a word is the other one with one slip of a finger inside it, which can hardly change what is said.

    Numbers, names, first and last letters may: “million” and “billion”, “send” and “sent” are no typing errors.
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


def _by_words(old: str, new: str, effort: Effort) -> list[Change]:
    before, after = PIECE.findall(old), PIECE.findall(new)
    found: list[Change] = []
    gone = come = ""
    for tag, a, b, c, d in opcodes(before, after, effort):
        was, now = "".join(before[a:b]), "".join(after[c:d])
        if tag != "equal":
            gone, come = gone + was, come + now
        elif (gone or come) and "\n" not in was and not was.strip() and b < len(before) and d < len(after):
            # A lone space between changed words belongs to them: “[old words] new words” and not word by word.
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
    """The comparison as HTML: `del` and `ins`, named for those who hear the page."""
    return format_html_join("", "{}", ((marked(change.kind, change.text),) for change in changes(old, new)))


def marked(kind: Kind, text: str) -> SafeString:
    """A piece of a comparison as HTML: told apart by lines, by weight and aloud, never by colour alone."""
    if kind == "same":
        return format_html("{}", text)
    tag, word = ("del", _("removed")) if kind == "removed" else ("ins", _("added"))
    return format_html('<{0}><span class="unseen">[{1}: </span>{2}<span class="unseen">]</span></{0}>', tag, word, text)


def stretches(
    old: Sequence[str], new: Sequence[str], *, show: Callable[[Kind, str], SafeString] = marked
) -> list[Stretch]:
    """Two texts of paragraphs compared, paragraph by paragraph.

    Args:
        old: The former text, one line for each paragraph.
        new: The later one.
        show: What sets a piece of a paragraph.
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
            if change.kind != "same" and kinds - {change.kind}:  # One paragraph was cut in two, or two are one now.
                pieces.append(show(change.kind, "¶"))
                kinds.add(change.kind)
            close()
    close()
    return [
        Stretch(changed, [html for _changed, html in group])
        for changed, group in groupby(found, key=lambda pair: pair[0])
    ]
