"""Parse a text or Markdown file into a record. `encodings` decodes its bytes; each other module reads one part."""

import hashlib
from dataclasses import replace
from pathlib import PurePath

from django.utils.translation import gettext as _

from articles.errors import Refused
from articles.importing.formats.article_head import Head, parse_head
from articles.importing.formats.assembling import Assembly, change_between
from articles.importing.formats.block_splitting import BlockKind, Item, classify_blocks, doubts_about, split_blocks
from articles.importing.formats.conservation_check import find_misplaced_words
from articles.importing.formats.encodings import decode_file, lost_letters
from articles.importing.formats.front_matter import split_front_matter
from articles.importing.formats.inline_markup import strip_markup, to_markdown
from articles.importing.formats.languages import guess_language
from articles.importing.formats.other_formats import foreign_parts, require_plain_text
from articles.importing.formats.pull_quote_detection import PullQuoteDetector, is_attribution, propose_speaker
from articles.importing.formats.torn_paragraphs import MIN_CONFIDENCE, name_pairs, tear_confidence
from articles.importing.records import Decision, Kind, Record

MARKDOWN = (".md", ".markdown")
TEXT = (".txt",)
SURE = 0.8  # Confidence below which a guess that takes words out of the text holds the file.
ENDS_SHOWN = 30  # Characters on each side of a joined tear.


def parse_file(name: str, data: bytes) -> Record:
    """Read one file.

    Raises:
        Refused: It is not a text file, or contains no article.
    """
    raw, encoding, decisions = decode_file(data)
    require_plain_text(raw)
    markdown = PurePath(name).suffix.lower() in MARKDOWN
    matter, text = split_front_matter(raw)
    blocks, cut = split_blocks(text, markdown=markdown)
    head, left = parse_head(blocks, matter=matter)
    if not left:
        raise Refused(_("no body text after the headline"))
    items, arranged = classify_blocks(left, markdown=markdown)
    decisions += [*head.decisions, *cut, *arranged]
    doubts = doubts_about(items, arranged)
    doubts += _find_quotes(items, head.headline, decisions, markdown=markdown)
    _join_torn_paragraphs(items, decisions, cut=bool(cut), markdown=markdown)
    assembly = Assembly(markdown)
    for item in items:
        assembly.add(item)
    if not assembly.pieces:
        raise Refused(_("no body text after the headline"))
    assembly.render()
    decisions += assembly.decisions()
    source, confidence = ("", 0.0) if "source" in head.front else assembly.source()
    if source:
        rule = _("The label of an “Also on” link names it.")
        decisions.append(Decision(Kind.GUESS, "source", source, rule, confidence))
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
        topics=tuple(matter.topics) if matter else (),
        decisions=tuple(decisions),
        language=guess_language(assembly.body),
        doubts=(*(matter.doubts if matter else ()), *head.doubts, *foreign_parts(text), *lost_letters(raw), *doubts),
    )
    places = _places(record, head, assembly)
    return replace(
        record,
        misplaced=find_misplaced_words(text, places, record.body, assembly.rendered),
        decisions=(*(matter.decisions if matter else ()), *record.decisions),
    )


def _places(record: Record, head: Head, assembly: Assembly) -> list[str]:
    """Return all results that contain words of the text, with the keys of its “Key: value” lines."""
    keys = [decision.subject for decision in head.decisions if decision.subject not in ("date", "headline")]
    return [
        *head.written,
        *(f"{key} {value}" for key, value in head.lines.items()),
        *keys,
        record.body,
        *assembly.targets(),
        *(quote.text for quote in record.quotes),
        *(f"{quote.speaker} {quote.role}" for quote in record.quotes if quote.speaker_confirmed),
        *(box.raw for box in record.related),
        *(decision.value for decision in record.decisions if decision.kind is Kind.DISCARD),
    ]


def _find_quotes(items: list[Item], headline: str, decisions: list[Decision], *, markdown: bool) -> list[str]:
    """Convert detected pull quotes, unless the file marks its own. Return why the file must be held in any case."""
    doubts: list[str] = []
    if any(item.kind is BlockKind.QUOTE for item in items):
        return doubts
    _join_attributions(items)
    texts = [item for item in items if item.kind is BlockKind.TEXT]
    paragraphs = [item.text for item in texts]
    looking = PullQuoteDetector(paragraphs, headline)
    for index, item in enumerate(texts):
        verdict = looking.verdict(index)
        if verdict is None:
            continue
        original = to_markdown(item.text, markdown=markdown)
        item.kind, item.text = BlockKind.QUOTE, verdict.text
        taken = _("A paragraph was taken for a pull quote: “%(words)s…”") % {"words": item.text[:60]}
        doubt = taken if verdict.confidence < SURE else ""
        decisions.append(
            Decision(Kind.GUESS, "pull quote", item.text, verdict.rule, verdict.confidence, original, doubt=doubt)
        )
        if verdict.speaker:
            item.speaker, item.role, item.confirmed = verdict.speaker, verdict.role, True
            continue
        item.speaker, rule, confidence = propose_speaker(item.text, paragraphs[:index], headline)
        if item.speaker:
            decisions.append(Decision(Kind.GUESS, "speaker", item.speaker, rule, confidence))
    for index in looking.repeated:
        words = texts[index].text
        rule = _("Another paragraph has the same sentence: a refrain, or a pull quote. It stays in the text.")
        decisions.append(Decision(Kind.WARNING, "pull quote", words, rule))
    if looking.repeated:  # One reason holds the file as well as a hundred.
        words = texts[looking.repeated[0]].text[:60]
        doubts.append(_("A sentence is in the text twice: “%(words)s”") % {"words": words})
    return doubts


def _join_attributions(items: list[Item]) -> None:
    """Put a line such as “— Ada Marlow, harbour mistress” behind the quotation before it."""
    for number in range(len(items) - 1, 0, -1):
        before, item = items[number - 1], items[number]
        texts = before.kind is item.kind is BlockKind.TEXT
        if texts and is_attribution(strip_markup(item.text)) and strip_markup(before.text)[-1:] in "\"”»“'’":
            before.text = f"{before.text} {item.text}"
            del items[number]


def _join_torn_paragraphs(items: list[Item], decisions: list[Decision], *, cut: bool, markdown: bool) -> None:
    """Join torn paragraphs; a quote or box between them moves after. Never joins lists or headings.

    A sentence is surely torn if it goes on with a small letter, or inside a name. Other joins hold the file.
    """
    pairs = name_pairs(item.text for item in items if item.kind is BlockKind.TEXT)
    before: int | None = None
    number = 0
    while number < len(items):
        item = items[number]
        if item.kind is BlockKind.VERBATIM:
            before = None
        elif item.kind is BlockKind.TEXT:
            sure = tear_confidence(items[before].text, item.text, pairs) if before is not None else 0
            apart = before is not None and number - before > 1
            if before is not None and sure >= MIN_CONFIDENCE and (not apart or item.text[:1].islower()):
                ends = f"…{items[before].text[-ENDS_SHOWN:]} | {item.text[:ENDS_SHOWN]}…"
                rule = _("This paragraph has no end punctuation and the next one continues its sentence.")
                joined = f"{items[before].text.rstrip()} {item.text.lstrip()}"
                apart_again = (to_markdown(text, markdown=markdown) for text in (items[before].text, item.text))
                change = change_between("\n\n".join(apart_again), to_markdown(joined, markdown=markdown))
                inside_name = items[before].text.split()[-1].strip("*_")[:1].isupper() and (
                    sure >= SURE or item.text.split()[0].endswith(",")
                )
                doubtful = cut or not (item.text[:1].islower() or inside_name)
                doubt = _("Two paragraphs were joined: “%(ends)s”") % {"ends": ends} if doubtful else ""
                decisions.append(Decision(Kind.REPAIR, "paragraph", ends, rule, sure, *change, doubt))
                items[before].text = joined
                del items[number]
                continue
            before = number
        number += 1
