"""Responding to a passage: which words of which text were read, and where they are now.

Where words are now is asked anew of the text that was read and the text that stands, whatever happened in between: so
no history of edits can make an anchor drift, and a text that is put back has its responses again, word for word.
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

KEY = re.compile(
    r"(?P<revision>\d{1,9})-(?P<quote>q?)(?P<number>\d{1,6})-(?P<start>\d{1,7})-(?P<stop>\d{1,7})", re.ASCII
)
PLACE = re.compile(r"p(?P<block>\d{1,18})|quote-(?P<quote>\d{1,18})", re.ASCII)
# Signs that people type otherwise than the paper sets them; one letter for one letter.
AS_TYPED = str.maketrans("‘’‚“”„«»–—\u00a0", '\'\'\'"""""-- ')
FOLLOWED_AT_ONCE = 500  # Passages written in one statement.


@dataclass(frozen=True, slots=True)
class Excerpt:
    """Words of a text that readers have seen, chosen to be responded to."""

    revision: Revision
    in_quote: bool
    anchor: Anchor
    line: str
    """All that the paragraph said."""

    @property
    def whole(self) -> bool:
        return self.anchor.exact == self.line

    @property
    def part(self) -> str:
        """Names the paragraph or the quote of the text that was read."""
        return f"{self.revision.number}-{'q' if self.in_quote else ''}{self.anchor.paragraph}"

    @property
    def key(self) -> str:
        """Names the excerpt in a form and in an address."""
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


def excerpt_of(
    article: Article, revision: int, number: int, *, in_quote: bool = False, words: str = "", before: str = ""
) -> Excerpt | None:
    """A paragraph or a pull quote of a public revision, or some words of it; None if there is no such thing.

    Args:
        article: One that the reader may see.
        revision: The number of the text that the reader has before them.
        number: Of the paragraph or the quote, from 0.
        in_quote: Which of the two.
        words: As the reader selected them; where they can't be found, it is the whole.
        before: What stood before them, to tell one occurrence from another.
    """
    read = _public(article).filter(number=revision).first()
    whole = _whole(read, number, in_quote=in_quote)
    return narrowed(whole, words, before) or whole if whole else None


def excerpt_at(article: Article, place: str) -> Excerpt | None:
    """All that the element with this id says in the text that readers have now; None if there is no such element."""
    named = PLACE.fullmatch(place)
    if named is None:
        return None
    now, in_quote = current_text(article), named["quote"] is not None
    rows: Sequence[Block | PullQuote] = now.quotes if in_quote else now.blocks
    wanted = int(named["quote"] or named["block"])
    numbers = [number for number, row in enumerate(rows) if row.pk == wanted]
    return _whole(_public(article).order_by("-number").first(), numbers[0], in_quote=in_quote) if numbers else None


def narrowed(excerpt: Excerpt, words: str, before: str = "") -> Excerpt | None:
    """Some words of the same paragraph; None if they do not stand there."""
    span = _span_of(excerpt.line, " ".join(words.split()), " ".join(before.split()))
    if span is None:
        return None
    return replace(excerpt, anchor=anchor_at(excerpt.line, excerpt.anchor.paragraph, *span))


def excerpt_named(article: Article, key: str) -> Excerpt | None:
    """The excerpt that a form brings back; None if it never was one of this article's."""
    named = KEY.fullmatch(key)
    if named is None:
        return None
    number, start, stop = (int(named[name]) for name in ("number", "start", "stop"))
    whole = _whole(_public(article).filter(number=named["revision"]).first(), number, in_quote=bool(named["quote"]))
    span = _of_whole_words(whole.line, start, stop) if whole else None
    if whole is None or span is None:
        return None
    excerpt = replace(whole, anchor=anchor_at(whole.line, number, *span))
    return excerpt if excerpt.key == key else None


def _public(article: Article) -> QuerySet[Revision]:
    """Only what readers saw may be quoted: the other revisions are the desk's."""
    return Revision.objects.filter(article=article, removed_at=None).seen()


def _whole(read: Revision | None, number: int, *, in_quote: bool) -> Excerpt | None:
    if read is None:
        return None
    # To set a long text takes tens of milliseconds; a revision never changes.
    wording = current_cache().get_or_set(
        ("wording", read.pk), lambda: revision_text(read), size=2 * len(read.body) + 1024
    )
    lines = _lines(wording, in_quote=in_quote)
    if number >= len(lines) or not lines[number]:
        return None
    return Excerpt(read, in_quote, anchor_at(lines[number], number, 0, len(lines[number])), lines[number])


def _lines(wording: PlainText, *, in_quote: bool) -> list[str]:
    return wording.quotes if in_quote else wording.paragraphs


def _span_of(line: str, words: str, before: str) -> tuple[int, int] | None:
    """Where the words stand in a line, from the beginning of a word to the end of one."""
    if not words:
        return None
    places = [found.start() for found in re.finditer(re.escape(words), line)]
    places = places or [found.start() for found in re.finditer(re.escape(_as_typed(words)), _as_typed(line))]
    if not places:
        return None

    def shared(place: int) -> int:
        """How much of what stood before the selection stands before this place."""
        pairs = zip(reversed(line[:place].rstrip()), reversed(before), strict=False)
        return len(list(takewhile(lambda pair: pair[0] == pair[1], pairs)))

    start = max(places, key=shared)
    return _of_whole_words(line, start, start + len(words))


def _as_typed(text: str) -> str:
    return "".join(small if len(small := letter.lower()) == 1 else letter for letter in text.translate(AS_TYPED))


def _of_whole_words(line: str, start: int, stop: int) -> tuple[int, int] | None:
    touched = [span for span in Text([line]).spans if span[0] < stop and span[1] > start]
    return (touched[0][0], touched[-1][1]) if touched else None


def attach(comment: Comment, excerpt: Excerpt) -> Passage:
    """Keep what a comment responds to, and where it is by now. The caller holds the lock on the article."""
    passage = standing(comment.article, excerpt)
    passage.comment = comment
    passage.save(force_insert=True)
    return passage


def standing(article: Article, excerpt: Excerpt) -> Passage:
    """An excerpt with where it is by now, not saved."""
    passage = Passage(
        revision=excerpt.revision,
        in_quote=excerpt.in_quote,
        number=excerpt.anchor.paragraph,
        start=excerpt.anchor.start,
        exact=excerpt.anchor.exact,
        prefix=excerpt.anchor.prefix,
        suffix=excerpt.anchor.suffix,
    )
    _Follower(current_text(article)).follow(passage, excerpt.revision)
    return passage


def follow_all(article: Article) -> int:
    """Say for every response to an article where its words are now. Part of every save of the article.

    Returns:
        How many of them stand otherwise than before.
    """
    passages = list(Passage.objects.filter(comment__article=article).select_related("comment"))
    if not passages:
        return 0
    follower = _Follower(current_text(article))
    revisions = Revision.objects.in_bulk({passage.revision_id for passage in passages})
    # The address of the article stands in the cards: one of them tells for all whether it is another one now.
    address = f'"{article.get_absolute_url()}#'
    elsewhere = any(address not in passage.comment.html for passage in passages if passage.place)
    changed = [passage for passage in passages if follower.follow(passage, revisions[passage.revision_id])]
    fields = ["state", "block", "quote", "start_now", "words_now"]
    Passage.objects.bulk_update(changed, fields, batch_size=FOLLOWED_AT_ONCE)
    stale = passages if elsewhere else changed
    comment_html.store_many(Comment.objects.filter(pk__in=[passage.pk for passage in stale]))
    return len(changed)


class _Follower:
    """The present text, and the ways to it from each text that was read."""

    def __init__(self, now: CurrentText) -> None:
        self._now, self._wording = now, now.plain_text
        self._mappings: dict[tuple[int, bool], TextMapping] = {}

    def follow(self, passage: Passage, read: Revision) -> bool:
        """Set where the words are; whether that is news."""
        before = _standing(passage)
        place = self._mapping(read, in_quote=passage.in_quote).locate(passage.anchor)
        passage.state = Passage.State(place.outcome)
        passage.block = passage.quote = None
        if place.outcome != Outcome.REMOVED and place.paragraph is not None:
            if passage.in_quote:
                passage.quote = self._now.quotes[place.paragraph]
            else:
                passage.block = self._now.blocks[place.paragraph]
        passage.start_now, passage.words_now = place.start, place.text
        return _standing(passage) != before

    def _mapping(self, read: Revision, *, in_quote: bool) -> TextMapping:
        key = read.pk, in_quote
        if key not in self._mappings:
            old, new = _lines(revision_text(read), in_quote=in_quote), _lines(self._wording, in_quote=in_quote)
            self._mappings[key] = TextMapping(old, new)
        return self._mappings[key]


def _standing(passage: Passage) -> tuple[object, ...]:
    return passage.state, passage.block_id, passage.quote_id, passage.start_now, passage.words_now
