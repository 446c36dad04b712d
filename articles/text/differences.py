"""Compare two texts word by word, readable in black and white."""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

PIECE = re.compile(r"\s+|[^\s]+")
# Beyond this many words in one changed stretch the comparison would take seconds; the stretch is shown whole.
WORDS_COMPARED = 4_000

Kind = Literal["same", "added", "removed"]


@dataclass(frozen=True, slots=True)
class Change:
    kind: Kind
    text: str


def changes(old: str, new: str) -> list[Change]:
    """From the old text to the new one: by lines first, then by words within the lines that differ."""
    before, after = old.splitlines(keepends=True), new.splitlines(keepends=True)
    found: list[Change] = []
    for tag, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        gone, come = "".join(before[a:b]), "".join(after[c:d])
        if tag == "equal":
            found.append(Change("same", gone))
        else:
            found += _by_words(gone, come)
    return _joined(found)


def _by_words(old: str, new: str) -> list[Change]:
    before, after = PIECE.findall(old), PIECE.findall(new)
    if not before or not after or max(len(before), len(after)) > WORDS_COMPARED:
        return [Change("removed", old), Change("added", new)]
    found: list[Change] = []
    for tag, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            found.append(Change("same", "".join(before[a:b])))
        else:
            found += [Change("removed", "".join(before[a:b])), Change("added", "".join(after[c:d]))]
    return found


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
    marks: dict[Kind, str] = {
        "same": "{1}",
        "removed": '<del><span class="unseen">[{0}: </span>{1}<span class="unseen">]</span></del>',
        "added": '<ins><span class="unseen">[{0}: </span>{1}<span class="unseen">]</span></ins>',
    }
    words: dict[Kind, str] = {"same": "", "removed": _("removed"), "added": _("added")}
    return format_html_join(
        "", "{}", ((format_html(marks[change.kind], words[change.kind], change.text),) for change in changes(old, new))
    )
