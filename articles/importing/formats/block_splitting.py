"""Split a text into blocks, and separate paragraphs from “Also on” boxes between or inside them."""

import re
from dataclasses import dataclass
from enum import Enum, auto

from django.utils.translation import gettext as _

from articles.importing.formats.also_on_labels import (
    AMBIGUOUS_LABELS,
    WHOLE_LINK,
    Box,
    extract_box,
    find_box,
    looks_like_headline,
)
from articles.importing.records import Decision, Kind

BLANK = re.compile(r"\n(?:[ \t\u00a0]*\n)+")
FENCE = re.compile(r"^ {0,3}(```+|~~~+)")
STRUCTURE = re.compile(r"^(?:#{1,6}\s|>|[-*+]\s|\d{1,9}[.)]\s|```|~~~| {4}|\t|(?:[-*_]\s*){3,}$|\[[^\]]+\]:\s)")
TABLE = re.compile(r"^[^\n]*\|[^\n]*\n[ \t]*[|:-][|: \t-]*(?:\n|$)")
SETEXT = re.compile(r"\n\s{0,3}(?:=+|-+)\s*$")
QUOTE_MARK = re.compile(r"^>>\s?", re.MULTILINE)
SPEAKER_LINE = re.compile(r"\n\s*[—–-]{1,2}\s*(?P<speaker>[^,\n]{1,120}?)(?:,\s*(?P<role>[^\n]{1,160}))?\s*$")
MAX_WRAPPED_LINE = 120  # Characters: no text is wrapped at more, so longer lines are separate paragraphs.
SURE_BOX = 0.8  # Confidence below which a box holds the file.
MAX_BOXES = 20  # Extracted from one paragraph; text with more is not a paragraph.


class BlockKind(Enum):
    TEXT = auto()
    VERBATIM = auto()
    """Markdown headings, lists, quotations and code, kept unchanged."""
    QUOTE = auto()
    BOX = auto()


@dataclass(slots=True)
class Item:
    kind: BlockKind
    text: str = ""
    box: Box | None = None
    speaker: str = ""
    role: str = ""
    confirmed: bool = False
    paragraph: tuple[str, str] | None = None
    """Of a box that was glued into a paragraph: the paragraph with and without it."""


def split_blocks(text: str, *, markdown: bool) -> tuple[list[str], list[Decision]]:
    """Return the blocks of a file, without the blank lines between them."""
    if markdown:
        return _split_markdown(text), []
    blocks: list[str] = []
    decisions = []
    for block in BLANK.split(text):
        lines = [line.strip() for line in block.split("\n") if line.strip()]
        if len(lines) > 1 and max(map(len, lines)) > MAX_WRAPPED_LINE:
            rule = _("Lines too long to be wrapped text were read as paragraphs.")
            value = _("%(count)d lines: “%(words)s…”") % {"count": len(lines), "words": lines[0][:40]}
            decisions.append(Decision(Kind.REPAIR, "paragraph", value, rule, 0.9))
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


def classify_blocks(blocks: list[str], *, markdown: bool) -> tuple[list[Item], list[Decision]]:
    """Classify the blocks. Unmarked pull quotes are still paragraphs here."""
    items: list[Item] = []
    decisions: list[Decision] = []
    waiting: Box | None = None  # A label still without its headline.
    for block in blocks:
        if waiting is not None:
            taken = _complete_box(waiting, block)
            if taken is None:
                decisions.append(_lost_headline(waiting))
            else:
                items.append(Item(BlockKind.BOX, box=taken))
            waiting = None
            if taken is not None:
                continue
        if markdown and block.startswith(">>"):
            items.append(_marked_quote(block))
        elif markdown and (STRUCTURE.match(block) or SETEXT.search(block) or TABLE.match(block)):
            items.append(Item(BlockKind.VERBATIM, block))
        else:
            waiting = _sort_lines(block, items, decisions)
    if waiting is not None:
        decisions.append(_lost_headline(waiting))
    return items, decisions


def doubts_about(items: list[Item], decisions: list[Decision]) -> list[str]:
    """Return why a file must be held: where a box ends is unsure, or a paragraph is the headline of another article."""
    doubts = [
        _("It’s uncertain where the headline after “%(label)s” ends.") % {"label": decision.value}
        for decision in decisions
        if decision.kind is Kind.WARNING and decision.subject == "related"
    ]
    for item in items:
        link = WHOLE_LINK.match(item.text.strip()) if item.kind is BlockKind.TEXT else None
        if link and not link["target"].strip("#"):
            words = {"words": link["text"][:60]}
            doubts.append(_("A paragraph is only a link without a target: “%(words)s”") % words)
    return doubts


def doubt_about(box: Box) -> str:
    """Return why a box holds the file; empty if it is surely one."""
    bare = box.label.lower() in AMBIGUOUS_LABELS and not box.sign
    if not bare and box.confidence >= SURE_BOX:
        return ""
    return _("An “Also on” box was guessed: “%(words)s”") % {"words": f"{box.label} | {box.headline}"[:80]}


def _marked_quote(block: str) -> Item:
    text = QUOTE_MARK.sub("", block)
    speaker = SPEAKER_LINE.search(text)
    if speaker and text[: speaker.start()].strip():
        words = " ".join(text[: speaker.start()].split())
        return Item(
            BlockKind.QUOTE, words, speaker=speaker["speaker"].strip(), role=speaker["role"] or "", confirmed=True
        )
    return Item(BlockKind.QUOTE, " ".join(text.split()), confirmed=True)


def _complete_box(label: Box, block: str) -> Box | None:
    """Return the label with the next block as its headline, if that can be one and not an ordinary paragraph."""
    if find_box(block) is not None:
        return None
    raw = f"{label.raw}\n{block}"
    link = WHOLE_LINK.match(block.strip())
    if link and looks_like_headline(link["text"]):
        return Box(label.label, _bare_headline(link["text"]), raw, url=link["target"], site=label.site, confidence=0.9)
    if "\n" in block or not label.sign or not looks_like_headline(block) or "](" in block:
        return None
    return Box(label.label, _bare_headline(block), raw, site=label.site, confidence=0.7)


def _bare_headline(text: str) -> str:
    box = find_box(f"Read more: {text}")
    return box.headline if box else " ".join(text.split())


def _lost_headline(label: Box) -> Decision:
    rule = _("A label without its headline; the next paragraph isn’t one.")
    return Decision(Kind.DISCARD, "related", label.raw, rule, 0.85)


def _sort_lines(block: str, items: list[Item], decisions: list[Decision]) -> Box | None:
    """Sort the lines of a block into paragraphs and boxes. Return a label at its end that has no headline yet."""
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
            completed = _complete_box(Box(box.label, "", box.raw, site=box.site, sign=box.sign or ":"), lines[number])
            if completed is None:
                decisions.append(_lost_headline(box))
                continue
            box = completed
            number += 1
        while (
            number < len(lines) and not box.url and lines[number][:1].islower() and looks_like_headline(lines[number])
        ):
            wrapped = find_box(f"{box.raw}\n{lines[number]}")  # The headline continues on the next line.
            if wrapped is None:
                break
            box = wrapped
            number += 1
        items.append(Item(BlockKind.BOX, box=box))
    return _paragraph("\n".join(text), items, decisions)


def _stands_out(box: Box, line_before: str) -> bool:
    """Return whether a box inside a block is one: “read more” may be the rest of a wrapped sentence."""
    return bool(box.sign) or (box.label[:1].isupper() and line_before.rstrip()[-1:] in ".!?…”\"'’")


def _paragraph(text: str, items: list[Item], decisions: list[Decision]) -> Box | None:
    if not text.strip():
        return None
    boxes: list[Item] = []
    waiting: Box | None = None
    for _turn in range(MAX_BOXES):
        whole = text
        text, box = extract_box(text)
        if box is None:
            break
        if not box.confidence:
            rule = _("The label is inside a paragraph, so the end of its headline is uncertain.")
            decisions.append(Decision(Kind.WARNING, "related", box.label, rule))
            break
        if not box.headline:
            waiting = box
            break
        boxes.append(Item(BlockKind.BOX, box=box, paragraph=(whole, text)))
    items += [Item(BlockKind.TEXT, text), *boxes]
    return waiting
