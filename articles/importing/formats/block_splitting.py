"""Cut a text into blocks, and tell paragraphs from the boxes that stand between them or were glued into them."""

import re
from dataclasses import dataclass
from enum import Enum, auto

from django.utils.translation import gettext as _

from articles.importing.formats.also_on_labels import WHOLE_LINK, Box, cut_glued, find_box, headline_like
from articles.importing.records import Decision, Kind

BLANK = re.compile(r"\n(?:[ \t\u00a0]*\n)+")
FENCE = re.compile(r"^ {0,3}(```+|~~~+)")
STRUCTURE = re.compile(r"^(?:#{1,6}\s|>|[-*+]\s|\d{1,9}[.)]\s|```|~~~| {4}|\t|(?:[-*_]\s*){3,}$|\[[^\]]+\]:\s)")
SETEXT = re.compile(r"\n\s{0,3}(?:=+|-+)\s*$")
QUOTE_MARK = re.compile(r"^>>\s?", re.MULTILINE)
SPEAKER_LINE = re.compile(r"\n\s*[—–-]{1,2}\s*(?P<speaker>[^,\n]{1,120}?)(?:,\s*(?P<role>[^\n]{1,160}))?\s*$")
LONGEST_WRAPPED = 120  # Characters: no text is wrapped at more, so longer lines are paragraphs of their own.
MOST_GLUED = 20  # Boxes cut out of one paragraph; more is not a paragraph.


class Is(Enum):
    TEXT = auto()
    VERBATIM = auto()
    """Markdown's own headings, lists, quotations and code: kept as they are."""
    QUOTE = auto()
    BOX = auto()


@dataclass(slots=True)
class Item:
    kind: Is
    text: str = ""
    box: Box | None = None
    speaker: str = ""
    role: str = ""
    confirmed: bool = False


def split(text: str, *, markdown: bool) -> tuple[list[str], list[Decision]]:
    """The blocks of a file, without the blank lines between them."""
    if markdown:
        return _split_markdown(text), []
    blocks: list[str] = []
    decisions = []
    for block in BLANK.split(text):
        lines = [line.strip() for line in block.split("\n") if line.strip()]
        if len(lines) > 1 and max(map(len, lines)) > LONGEST_WRAPPED:
            rule = _("Lines too long to be wrapped ones are paragraphs.")
            value = _("%(count)d lines: “%(words)s…”") % {"count": len(lines), "words": lines[0][:40]}
            decisions.append(Decision(kind=Kind.REPAIR, subject="paragraph", value=value, rule=rule, confidence=0.9))
            blocks += lines
        elif lines:
            blocks.append("\n".join(lines))
    return blocks, decisions


def _split_markdown(text: str) -> list[str]:
    blocks: list[list[str]] = [[]]
    fence = ""
    for line in text.split("\n"):
        mark = FENCE.match(line)
        if mark and not fence:
            fence = mark[1][:3]
        elif mark and line.strip().startswith(fence):
            fence = ""
        if line.strip() or fence:
            blocks[-1].append(line.rstrip())
        elif blocks[-1]:
            blocks.append([])
    return ["\n".join(lines) for lines in blocks if lines]


def arrange(blocks: list[str], *, markdown: bool) -> tuple[list[Item], list[Decision]]:
    """What each block is. Pull quotes that are not marked as such are still paragraphs."""
    items: list[Item] = []
    decisions: list[Decision] = []
    waiting: Box | None = None  # A label whose headline has not come yet.
    for block in blocks:
        if waiting is not None:
            taken = _complete(waiting, block)
            if taken is None:
                decisions.append(_lost_title(waiting))
            else:
                items.append(Item(Is.BOX, box=taken))
            waiting = None
            if taken is not None:
                continue
        if markdown and block.startswith(">>"):
            items.append(_marked_quote(block))
        elif markdown and (STRUCTURE.match(block) or SETEXT.search(block)):
            items.append(Item(Is.VERBATIM, block))
        else:
            waiting = _lines(block, items, decisions)
    if waiting is not None:
        decisions.append(_lost_title(waiting))
    return items, decisions


def _marked_quote(block: str) -> Item:
    text = QUOTE_MARK.sub("", block)
    speaker = SPEAKER_LINE.search(text)
    if speaker and text[: speaker.start()].strip():
        words = " ".join(text[: speaker.start()].split())
        return Item(Is.QUOTE, words, speaker=speaker["speaker"].strip(), role=speaker["role"] or "", confirmed=True)
    return Item(Is.QUOTE, " ".join(text.split()), confirmed=True)


def _complete(label: Box, block: str) -> Box | None:
    """The label with the next block as its headline, if that can be one: an ordinary paragraph is never eaten."""
    if find_box(block) is not None:
        return None
    raw = f"{label.raw}\n{block}"
    link = WHOLE_LINK.match(block.strip())
    if link and headline_like(link["text"]):
        return Box(label.label, _bare(link["text"]), raw, url=link["target"], site=label.site, confidence=0.9)
    if "\n" in block or not label.sign or not headline_like(block) or "](" in block:
        return None
    return Box(label.label, _bare(block), raw, site=label.site, confidence=0.7)


def _bare(text: str) -> str:
    box = find_box(f"Read more: {text}")
    return box.headline if box else " ".join(text.split())


def _lost_title(label: Box) -> Decision:
    rule = _("A label whose headline is lost; the next paragraph is none.")
    return Decision(kind=Kind.DISCARD, subject="related", value=label.raw, rule=rule, confidence=0.85)


def _lines(block: str, items: list[Item], decisions: list[Decision]) -> Box | None:
    """Sort the lines of a block into paragraphs and boxes. A label at its end waits for its headline: given back."""
    lines = block.split("\n")
    text: list[str] = []
    number = 0
    while number < len(lines):
        line = lines[number]
        box = find_box(line)
        number += 1
        if box is None or (text and not _stands_out(box, text[-1])):
            text.append(line)
            continue
        _paragraph("\n".join(text), items, decisions)
        text = []
        if not box.headline:
            if number == len(lines):
                return box
            completed = _complete(Box(box.label, "", box.raw, site=box.site, sign=box.sign or ":"), lines[number])
            if completed is None:
                decisions.append(_lost_title(box))
                continue
            box = completed
            number += 1
        while number < len(lines) and not box.url and lines[number][:1].islower() and headline_like(lines[number]):
            wrapped = find_box(f"{box.raw}\n{lines[number]}")  # The headline goes on in the next line.
            if wrapped is None:
                break
            box = wrapped
            number += 1
        items.append(Item(Is.BOX, box=box))
    return _paragraph("\n".join(text), items, decisions)


def _stands_out(box: Box, line_before: str) -> bool:
    """In the middle of a block, “read more” may be the rest of a wrapped sentence."""
    return bool(box.sign) or (box.label[:1].isupper() and line_before.rstrip()[-1:] in ".!?…”\"'’")


def _paragraph(text: str, items: list[Item], decisions: list[Decision]) -> Box | None:
    if not text.strip():
        return None
    boxes: list[Box] = []
    waiting: Box | None = None
    for _turn in range(MOST_GLUED):
        text, box = cut_glued(text)
        if box is None:
            break
        if not box.confidence:
            rule = _("The label stands in a paragraph, and where its headline ends is not certain.")
            decisions.append(Decision(kind=Kind.WARNING, subject="related", value=box.label, rule=rule))
            break
        if not box.headline:
            waiting = box
            break
        boxes.append(box)
    items.append(Item(Is.TEXT, text))
    items += [Item(Is.BOX, box=box) for box in boxes]
    return waiting
