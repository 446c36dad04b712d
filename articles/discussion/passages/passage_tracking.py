"""Passages that comments respond to: selecting them, and tracking where they are in the current article.

Locations are always computed from the revision that was read to the current one, not edit by edit: anchors can't drift,
and responses return when a text is restored.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import takewhile

from django.db.models import QuerySet

from articles.discussion import comment_html
from articles.discussion.models import Comment, Passage
from articles.publishing.models import Article, Block, PullQuote, Revision
from articles.publishing.plain_text import CurrentText, PlainText, current_text, revision_text
from articles.text.alignment import Text
from articles.text.anchoring import Anchor, Outcome, TextMapping, anchor_at
from articles.web.local_cache import current_cache

KEY_PATTERN = re.compile(
    r"(?P<revision>\d{1,9})-(?P<quote>q?)(?P<number>\d{1,6})-(?P<start>\d{1,7})-(?P<stop>\d{1,7})", re.ASCII
)
ELEMENT_ID = re.compile(r"p(?P<block>\d{1,18})|quote-(?P<quote>\d{1,18})", re.ASCII)
# Typographic characters as people type them, one for one.
TYPED_FORMS = str.maketrans("‘’‚“”„«»–—\u00a0", '\'\'\'"""""-- ')
BATCH_SIZE = 500  # Passages per statement.


@dataclass(frozen=True, slots=True)
class Selection:
    """A paragraph or pull quote of a published revision, or some words of it, to respond to."""

    revision: Revision
    in_quote: bool
    anchor: Anchor
    line: str
    """The whole paragraph or pull quote."""

    @property
    def whole(self) -> bool:
        return self.anchor.exact == self.line

    @property
    def part(self) -> str:
        """Key of the paragraph or pull quote in the revision that was read."""
        return f"{self.revision.number}-{'q' if self.in_quote else ''}{self.anchor.paragraph}"

    @property
    def key(self) -> str:
        """Key of the selection in forms."""
        return f"{self.part}-{self.anchor.start}-{self.anchor.stop}"

    @property
    def words(self) -> str:
        return self.anchor.exact

    @property
    def line_before(self) -> str:
        return self.line[: self.anchor.start]

    @property
    def line_after(self) -> str:
        return self.line[self.anchor.stop :]


def selection_in(
    article: Article, revision: int, number: int, *, in_quote: bool = False, words: str = "", before: str = ""
) -> Selection | None:
    """Return a paragraph or pull quote of a public revision, or some words of it; None if there is none.

    Args:
        revision: Number of the revision that the reader has read.
        number: Index of the paragraph or pull quote, from 0.
        in_quote: Whether it is a pull quote.
        words: The selected words. If they can't be found, the whole is selected.
        before: The text before them, to tell occurrences apart.
    """
    read = _public_revisions(article).filter(number=revision).first()
    whole = _select_whole(read, number, in_quote=in_quote)
    return narrow(whole, words, before) or whole if whole else None


def selection_at(article: Article, place: str) -> Selection | None:
    """Select the whole element with this id in the current version; None if there is no such element."""
    named = ELEMENT_ID.fullmatch(place)
    if named is None:
        return None
    now, in_quote = current_text(article), named["quote"] is not None
    rows: Sequence[Block | PullQuote] = now.quotes if in_quote else now.blocks
    wanted = int(named["quote"] or named["block"])
    for number, row in enumerate(rows):
        if row.pk == wanted:
            return _select_whole(_public_revisions(article).order_by("-number").first(), number, in_quote=in_quote)
    return None


def narrow(selection: Selection, words: str, before: str = "") -> Selection | None:
    """Return a selection of some words of the same paragraph; None if it doesn't have them."""
    span = _find(selection.line, " ".join(words.split()), " ".join(before.split()))
    if span is None:
        return None
    return replace(selection, anchor=anchor_at(selection.line, selection.anchor.paragraph, *span))


def selection_from_key(article: Article, key: str) -> Selection | None:
    """Return the selection that a form names; None if the article never had it."""
    named = KEY_PATTERN.fullmatch(key)
    if named is None:
        return None
    number, start, stop = (int(named[name]) for name in ("number", "start", "stop"))
    read = _public_revisions(article).filter(number=named["revision"]).first()
    whole = _select_whole(read, number, in_quote=bool(named["quote"]))
    span = _widen_to_words(whole.line, start, stop) if whole else None
    if whole is None or span is None:
        return None
    selection = replace(whole, anchor=anchor_at(whole.line, number, *span))
    return selection if selection.key == key else None


def _public_revisions(article: Article) -> QuerySet[Revision]:
    """Return the revisions that readers saw: only these may be quoted."""
    return article.revisions.filter(removed_at=None).seen()


def _select_whole(read: Revision | None, number: int, *, in_quote: bool) -> Selection | None:
    if read is None:
        return None
    # Rendering a long text takes tens of milliseconds, and revisions never change.
    size = 2 * len(read.body) + 1024
    wording = current_cache().get_or_set(("wording", read.pk), lambda: revision_text(read), size=size)
    lines = _lines(wording, in_quote=in_quote)
    if number >= len(lines) or not lines[number]:
        return None
    return Selection(read, in_quote, anchor_at(lines[number], number, 0, len(lines[number])), lines[number])


def _lines(wording: PlainText, *, in_quote: bool) -> list[str]:
    return wording.quotes if in_quote else wording.paragraphs


def _find(line: str, words: str, before: str) -> tuple[int, int] | None:
    """Return the span of the words in a line, extended to whole words; None if it doesn't have them."""
    if not words:
        return None
    places = _occurrences(words, line) or _occurrences(_normalize_typed(words), _normalize_typed(line))
    if not places:
        return None

    def shared(place: int) -> int:
        """Return how many characters before this place match those before the selection."""
        pairs = zip(reversed(line[:place].rstrip()), reversed(before), strict=False)
        return len(list(takewhile(lambda pair: pair[0] == pair[1], pairs)))

    start = max(places, key=shared)
    return _widen_to_words(line, start, start + len(words))


def _occurrences(words: str, line: str) -> list[int]:
    return [found.start() for found in re.finditer(re.escape(words), line)]


def _normalize_typed(text: str) -> str:
    return "".join(small if len(small := letter.lower()) == 1 else letter for letter in text.translate(TYPED_FORMS))


def _widen_to_words(line: str, start: int, stop: int) -> tuple[int, int] | None:
    touched = [span for span in Text([line]).spans if span[0] < stop and span[1] > start]
    return (touched[0][0], touched[-1][1]) if touched else None


def attach(comment: Comment, selection: Selection) -> Passage:
    """Store the passage that a comment responds to. The caller has locked the article."""
    passage = locate(comment.article, selection)
    passage.comment = comment
    passage.save(force_insert=True)
    return passage


def locate(article: Article, selection: Selection) -> Passage:
    """Return an unsaved passage for a selection, with its current location."""
    passage = Passage(
        revision=selection.revision,
        in_quote=selection.in_quote,
        number=selection.anchor.paragraph,
        start=selection.anchor.start,
        exact=selection.anchor.exact,
        prefix=selection.anchor.prefix,
        suffix=selection.anchor.suffix,
    )
    _Locator(current_text(article)).locate(passage, selection.revision)
    return passage


def relocate_all(article: Article) -> int:
    """Update the locations of all passages of an article, in the transaction that saves it.

    Return how many passages changed their location or text.
    """
    passages = list(Passage.objects.filter(comment__article=article).select_related("comment"))
    if not passages:
        return 0
    locator = _Locator(current_text(article))
    revisions = article.revisions.in_bulk({passage.revision_id for passage in passages})
    # Stored comment HTML holds the article's URL, which may have changed with this save.
    link = f'"{article.get_absolute_url()}#'
    url_changed = any(link not in passage.comment.html for passage in passages if passage.place)
    changed = [passage for passage in passages if locator.locate(passage, revisions[passage.revision_id])]
    fields = ["state", "block", "quote", "current_start", "current_text"]
    Passage.objects.bulk_update(changed, fields, batch_size=BATCH_SIZE)
    stale = passages if url_changed else changed
    comment_html.store_many(Comment.objects.filter(pk__in=[passage.pk for passage in stale]))
    return len(changed)


class _Locator:
    """The current text, and the mappings to it from each revision that was read."""

    def __init__(self, now: CurrentText) -> None:
        self._now, self._wording = now, now.plain_text
        self._mappings: dict[tuple[int, bool], TextMapping] = {}

    def locate(self, passage: Passage, read: Revision) -> bool:
        """Set a passage's current location. Return whether it changed."""
        before = _location(passage)
        place = self._mapping(read, in_quote=passage.in_quote).locate(passage.anchor)
        passage.state = Passage.State(place.outcome)
        passage.block = passage.quote = None
        if place.outcome != Outcome.REMOVED and place.paragraph is not None:
            if passage.in_quote:
                passage.quote = self._now.quotes[place.paragraph]
            else:
                passage.block = self._now.blocks[place.paragraph]
        passage.current_start, passage.current_text = place.start, place.text
        return _location(passage) != before

    def _mapping(self, read: Revision, *, in_quote: bool) -> TextMapping:
        key = read.pk, in_quote
        if key not in self._mappings:
            old, new = _lines(revision_text(read), in_quote=in_quote), _lines(self._wording, in_quote=in_quote)
            self._mappings[key] = TextMapping(old, new)
        return self._mappings[key]


def _location(passage: Passage) -> tuple[object, ...]:
    return passage.state, passage.block_id, passage.quote_id, passage.current_start, passage.current_text
