"""Assemble the body's Markdown and its companions with their block positions."""

from collections import Counter
from dataclasses import dataclass, field, replace

from django.utils.translation import gettext as _

from articles.importing.formats.block_splitting import BlockKind, Item, doubt_about
from articles.importing.formats.inline_markup import (
    Composed,
    compose,
    is_valid_target,
    locate_lost_links,
    to_markdown,
)
from articles.importing.records import Decision, Kind
from articles.publishing.companions import Lost, Quote, Related
from articles.text.markdown import RenderedBlock, render_blocks

# Characters, as the database keeps.
URL_LENGTH = 500
WORDS_LENGTH = 300
CONTEXT = 60  # Characters on each side of a change: enough to be unique in an article.
CODE = ("```", "~~~", "    ", "\t")


@dataclass(slots=True)
class Assembly:
    """The body as it is built. Positions are indexes of pieces until it is rendered."""

    markdown: bool
    pieces: list[str] = field(default_factory=list)
    composed: list[Composed] = field(default_factory=list)
    quotes: list[tuple[Item, int]] = field(default_factory=list)
    boxes: list[tuple[Item, int]] = field(default_factory=list)
    lost: list[Lost] = field(default_factory=list)
    rendered: list[RenderedBlock] = field(default_factory=list)
    block_of: list[int] = field(default_factory=list)

    def add(self, item: Item) -> None:
        last = len(self.pieces) - 1
        if item.kind is BlockKind.QUOTE:
            self.quotes.append((item, last))
        elif item.kind is BlockKind.BOX:
            self.boxes.append((item, last))
        else:
            self._add_text(item)

    def _add_text(self, item: Item) -> None:
        code = item.kind is BlockKind.VERBATIM and item.text.startswith(CODE)
        made = Composed(item.text) if code else compose(item.text, markdown=self.markdown)
        text, places = locate_lost_links(made.text) if made.targets else (made.text, [])
        for (words, occurrence), target in zip(places, made.targets, strict=False):
            self.lost.append(Lost(words=words, raw=target, block=len(self.pieces), occurrence=occurrence))
        self.pieces.append(text)
        self.composed.append(made)

    @property
    def body(self) -> str:
        return "\n\n".join(self.pieces)

    def render(self) -> None:
        self.rendered = render_blocks(self.body)
        self.block_of = _positions(self.pieces, self.rendered)

    def placed_quotes(self) -> list[Quote]:
        return [
            Quote(
                text=item.text,
                speaker=item.speaker,
                role=item.role,
                speaker_confirmed=item.confirmed or not item.speaker,
                after=self.block_of[max(0, piece)],
            )
            for item, piece in self.quotes
        ]

    def placed_boxes(self) -> list[Related]:
        """Boxes after the last paragraph go to the end of the article."""
        related = []
        for item, piece in self.boxes:
            if (box := item.box) is None:
                continue
            leads = is_valid_target(box.url) and box.url.lower().startswith("http") and len(box.url) <= URL_LENGTH
            after = None if piece == len(self.pieces) - 1 else self.block_of[max(0, piece)]
            url = box.url if leads else ""
            related.append(Related(label=box.label, headline=box.headline, raw=box.raw, url=url, after=after))
        return related

    def placed_lost(self) -> list[Lost]:
        return [
            replace(lost, words=lost.words[:WORDS_LENGTH], raw=lost.raw[:URL_LENGTH], block=self.block_of[lost.block])
            for lost in self.lost
        ]

    def targets(self) -> list[str]:
        return [target for made in self.composed for target in made.targets]

    def decisions(self) -> list[Decision]:
        return [*self._about_emphasis(), *self._about_lost(), *self._about_boxes()]

    def _about_emphasis(self) -> list[Decision]:
        quoted = [words for made in self.composed for words in made.quoted]
        if not quoted:
            return []
        if sum(made.other_emphasis for made in self.composed):
            confidence = 0.85
            rule = _("Italics inside quotation marks were read as quotations; other italics were kept.")
        else:
            confidence = 0.95
            rule = _("All italic text is inside quotation marks, so italics were read as quotation style.")
        return [Decision(Kind.GUESS, "emphasis", " ".join(f"“{words}”" for words in quoted), rule, confidence)]

    def _about_lost(self) -> list[Decision]:
        rule = _("The link has no target, so its text was kept without it.")
        return [Decision(Kind.WARNING, "link", f"{lost.words} ({lost.raw or '–'})", rule) for lost in self.lost]

    def _about_boxes(self) -> list[Decision]:
        decisions = []
        for item, _piece in self.boxes:
            if box := item.box:
                linked, bare = _("A link with a label before it."), _("A known label with a headline after it.")
                rule = linked if box.url else bare
                value = f"{box.label} | {box.headline}"
                change = self._box_in_text(box.raw, item.paragraph)
                doubt = doubt_about(box)
                decisions.append(Decision(Kind.GUESS, "related", value, rule, box.confidence, *change, doubt))
        return decisions

    def _box_in_text(self, raw: str, paragraph: tuple[str, str] | None) -> tuple[str, str]:
        """Return the Markdown that stood where a box was taken out, and what stands there now."""
        if paragraph is None:
            return to_markdown(raw, markdown=self.markdown), ""
        before, after = (to_markdown(text, markdown=self.markdown) for text in paragraph)
        return change_between(before, after)

    def source(self) -> tuple[str, float]:
        """Return the source that the “Also on” labels name, with a confidence: a proposal for the editor."""
        sites = Counter(item.box.site.lower() for item, _piece in self.boxes if item.box and item.box.site)
        if not sites:
            return "", 0
        site, times = sites.most_common(1)[0]
        return site, 0.6 if times == 1 else 0.75


def change_between(before: str, after: str) -> tuple[str, str]:
    """Return the parts in which two texts differ, with some of what is equal around them, to find them again."""
    same = _shared_length(before, after)
    most = min(len(before), len(after)) - same
    rest = min(most, _shared_length(before[::-1], after[::-1]))
    start = max(0, same - CONTEXT)
    return before[start : len(before) - max(0, rest - CONTEXT)], after[start : len(after) - max(0, rest - CONTEXT)]


def _shared_length(one: str, two: str) -> int:
    """Return how many characters both texts begin with."""
    differ = (at for at, (mine, yours) in enumerate(zip(one, two, strict=False)) if mine != yours)
    return next(differ, min(len(one), len(two)))


def _positions(pieces: list[str], rendered: list[RenderedBlock]) -> list[int]:
    """Return the rendered block at the end of each piece. The counts differ if a Markdown list contains blank lines."""
    if len(pieces) == len(rendered):
        return list(range(len(pieces)))
    body = "\n\n".join(pieces)
    starts: list[int] = []
    at = 0
    for block in rendered:
        start = body.find(block.source, at)
        at = start if start >= 0 else at
        starts.append(at)
        at += len(block.source)
    positions, end, number = [], -2, 0
    for piece in pieces:
        end += len(piece) + 2
        while number + 1 < len(starts) and starts[number + 1] < end:
            number += 1
        positions.append(number)
    return positions
