"""Text and Markdown files in the seed's shape: bytes in, record out."""

import hashlib
from dataclasses import replace
from pathlib import PurePath

from django.utils.translation import gettext as _

from articles.errors import Refused
from articles.importing.formats.article_head import Head, take_head
from articles.importing.formats.assembling import Assembly, guess
from articles.importing.formats.block_splitting import Is, Item, arrange, split
from articles.importing.formats.conservation_check import misplaced
from articles.importing.formats.encodings import read_text
from articles.importing.formats.inline_markup import unmarked
from articles.importing.formats.pull_quote_detection import PullQuotes, propose_speaker
from articles.importing.formats.torn_paragraphs import ENOUGH, name_pairs, torn
from articles.importing.records import Decision, Kind, Record

MARKDOWN = (".md", ".markdown")
TEXT = (".txt",)
ENDS_SHOWN = 30  # Characters of each side of a mended tear.


def read(name: str, data: bytes) -> Record:
    """Read one file.

    Raises:
        Refused: It is no text, or there is no article in it; the reason is one line.
    """
    raw, encoding, decisions = read_text(data)
    markdown = PurePath(name).suffix.lower() in MARKDOWN
    blocks, cut = split(raw, markdown=markdown)
    head, left = take_head(blocks, markdown=markdown)
    if not left:
        raise Refused(_("headline only: no text follows"))
    items, arranged = arrange(left, markdown=markdown)
    decisions += [*head.decisions, *cut, *arranged]
    _find_quotes(items, head.headline, decisions)
    _mend(items, decisions)
    assembly = Assembly(markdown)
    for item in items:
        assembly.add(item)
    if not assembly.pieces:
        raise Refused(_("headline only: no text follows"))
    assembly.render()
    decisions += assembly.decisions()
    source, confidence = ("", 0.0) if "source" in head.front else assembly.source()
    if source:
        decisions.append(guess("source", source, _("The label of an “Also on” link names it."), confidence))
    record = Record(
        name=name,
        digest=hashlib.sha256(data).hexdigest(),
        encoding=encoding,
        raw=raw,
        headline=head.headline,
        date=head.date,
        front=head.front,
        authors=head.authors,
        body=assembly.body,
        paragraphs=len(assembly.rendered),
        quotes=tuple(assembly.placed_quotes()),
        related=tuple(assembly.placed_boxes()),
        lost=tuple(assembly.placed_lost()),
        source_proposed=source,
        decisions=tuple(decisions),
    )
    places = _places(record, head, assembly)
    return replace(record, misplaced=misplaced(raw, places, record.body, assembly.rendered))


def _places(record: Record, head: Head, assembly: Assembly) -> list[str]:
    """Everything that was made of the file's words. The keys of front lines are said once by being understood."""
    keys = [decision.subject for decision in head.decisions if decision.subject != "date"]
    return [
        head.headline,
        head.date.raw if head.date else "",
        *(f"{key} {value}" for key, value in head.front.items()),
        *keys,
        record.body,
        *assembly.targets(),
        *(f"{quote.text} {quote.speaker} {quote.role}" if quote.confirmed else quote.text for quote in record.quotes),
        *(box.raw for box in record.related),
        *(decision.value for decision in record.decisions if decision.kind is Kind.DISCARD),
    ]


def _find_quotes(items: list[Item], headline: str, decisions: list[Decision]) -> None:
    """Turn paragraphs that are pull quotes into such, unless the file marks its own."""
    if any(item.kind is Is.QUOTE for item in items):
        return
    texts = [item for item in items if item.kind is Is.TEXT]
    paragraphs = [item.text for item in texts]
    looking = PullQuotes(paragraphs, headline)
    for index, item in enumerate(texts):
        verdict = looking.verdict(index)
        if verdict is None:
            continue
        item.kind, item.text = Is.QUOTE, unmarked(item.text)
        decisions.append(guess("pull quote", item.text, verdict.rule, verdict.confidence))
        item.speaker, rule, confidence = propose_speaker(item.text, paragraphs[:index], headline)
        if item.speaker:
            decisions.append(guess("speaker", item.speaker, rule, confidence))


def _mend(items: list[Item], decisions: list[Decision]) -> None:
    """Join torn paragraphs; a quote or box in the tear goes behind. Lists and headings are never joined."""
    pairs = name_pairs(item.text for item in items if item.kind is Is.TEXT)
    before: int | None = None
    number = 0
    while number < len(items):
        item = items[number]
        if item.kind is Is.VERBATIM:
            before = None
        elif item.kind is Is.TEXT:
            sure = torn(items[before].text, item.text, pairs) if before is not None else 0
            apart = before is not None and number - before > 1
            if before is not None and sure >= ENOUGH and (not apart or item.text[:1].islower()):
                ends = f"…{items[before].text[-ENDS_SHOWN:]} | {item.text[:ENDS_SHOWN]}…"
                rule = _("The paragraph ends without a mark and the next one goes on with its sentence.")
                decisions.append(
                    Decision(kind=Kind.REPAIR, subject="paragraph", value=ends, rule=rule, confidence=sure)
                )
                items[before].text = f"{items[before].text.rstrip()} {item.text.lstrip()}"
                del items[number]
                continue
            before = number
        number += 1
