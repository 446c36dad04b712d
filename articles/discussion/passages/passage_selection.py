"""Select a picture, paragraph or pull quote of an article, or some words of it, to respond to."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import takewhile

from django.db.models import QuerySet

from articles.pictures.models import Picture
from articles.publishing.models import Article, Block, PullQuote, Revision
from articles.publishing.plain_text import current_text, revision_text
from articles.text.alignment import Text
from articles.text.anchoring import Anchor, anchor_at
from articles.web.local_cache import site_cache

KEY_PATTERN = re.compile(
    r"(?P<revision>\d{1,9})-(?P<quote>q?)(?P<number>\d{1,6})-(?P<start>\d{1,7})-(?P<stop>\d{1,7})", re.ASCII
)
PICTURE_KEY = re.compile(r"(?P<revision>\d{1,9})-picture-(?P<picture>\d{1,18})", re.ASCII)
ELEMENT_ID = re.compile(r"p(?P<block>\d{1,18})|quote-(?P<quote>\d{1,18})|picture-(?P<picture>\d{1,18})", re.ASCII)
# Typographic characters as people type them, one for one.
TYPED_FORMS = str.maketrans("‘’‚“”„«»–—\u00a0\u202f", '\'\'\'"""""--  ')


@dataclass(frozen=True, slots=True)
class Selection:
    """A picture, paragraph or pull quote of a published revision, or some words of it, to respond to."""

    revision: Revision
    in_quote: bool
    anchor: Anchor
    line: str
    """The whole paragraph or pull quote; the words of a picture."""
    picture: Picture | None = None

    @property
    def whole(self) -> bool:
        return self.anchor.exact == self.line

    @property
    def part(self) -> str:
        """Key of the paragraph, pull quote or picture in the revision that was read."""
        if self.picture is not None:
            return f"{self.revision.number}-picture-{self.picture.pk}"
        return f"{self.revision.number}-{'q' if self.in_quote else ''}{self.anchor.paragraph}"

    @property
    def key(self) -> str:
        """Key of the selection in forms."""
        if self.picture is not None:
            return self.part
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
    if named["picture"]:
        picture = Picture.objects.filter(placements__article=article, pk=named["picture"]).first()
        return _select_picture(_public_revisions(article).order_by("-number").first(), picture)
    now, in_quote = current_text(article), named["quote"] is not None
    rows: Sequence[Block | PullQuote] = now.quotes if in_quote else now.blocks
    wanted = int(named["quote"] or named["block"])
    for number, row in enumerate(rows):
        if row.pk == wanted:
            return _select_whole(_public_revisions(article).order_by("-number").first(), number, in_quote=in_quote)
    return None


def narrow(selection: Selection, words: str, before: str = "") -> Selection | None:
    """Return a selection of some words of the same paragraph; None if it doesn't have them. A picture stays whole."""
    if selection.picture is not None:
        return selection
    span = _find(selection.line, " ".join(words.split()), " ".join(before.split()))
    if span is None:
        return None
    return replace(selection, anchor=anchor_at(selection.line, selection.anchor.paragraph, *span))


def selection_from_key(article: Article, key: str) -> Selection | None:
    """Return the selection that a form names; None if the article never had it."""
    if named := PICTURE_KEY.fullmatch(key):
        read = _public_revisions(article).filter(number=named["revision"]).first()
        picture = Picture.objects.filter(pk=named["picture"]).first()
        return _select_picture(read, picture)
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
    text = site_cache().get_or_set(("plain text", read.pk), lambda: revision_text(read), size=size, shows=())
    lines = text.lines(in_quote=in_quote)
    if number >= len(lines) or not lines[number]:
        return None
    return Selection(read, in_quote, anchor_at(lines[number], number, 0, len(lines[number])), lines[number])


def _select_picture(read: Revision | None, picture: Picture | None) -> Selection | None:
    """Return a picture with its caption; None if the revision that was read doesn't have it."""
    if read is None or picture is None:
        return None
    for number, placed in enumerate(read.companions.get("pictures", [])):
        if placed["picture"] == picture.pk:
            words = " ".join((placed["caption"] or picture.caption or placed["alt"] or picture.alt).split())
            return Selection(read, False, Anchor(paragraph=number, start=0, exact=words), words, picture)
    return None


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
