"""Responding to a passage: which words of which text were read, and where they are now.

Where words are now is asked anew of the text that was read and the text that stands, whatever happened in between: so
no history of edits can make an anchor drift, and a text that is put back has its responses again, word for word.
"""

import re
from dataclasses import dataclass
from itertools import takewhile

from articles.discussion import cards
from articles.discussion.models import Comment, Passage
from articles.publishing.models import Article, Revision
from articles.publishing.wording import Present, Wording, as_of, present
from articles.text.anchoring import Anchor, Fate, Journey, anchor_at
from articles.text.courses import Text

KEY = re.compile(
    r"(?P<revision>\d{1,9})-(?P<quote>q?)(?P<number>\d{1,6})-(?P<start>\d{1,7})-(?P<stop>\d{1,7})", re.ASCII
)
FOLLOWED_AT_ONCE = 500  # Passages written in one statement.


@dataclass(frozen=True, slots=True)
class Excerpt:
    """Words of a text that readers have seen, chosen to be responded to."""

    revision: Revision
    in_quote: bool
    anchor: Anchor

    @property
    def key(self) -> str:
        """Names the excerpt in a form and in an address."""
        part = f"{'q' if self.in_quote else ''}{self.anchor.paragraph}"
        return f"{self.revision.number}-{part}-{self.anchor.start}-{self.anchor.stop}"

    @property
    def words(self) -> str:
        return self.anchor.exact


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
    found = _line_of(article, revision, number, in_quote=in_quote)
    if found is None:
        return None
    read, line = found
    start, stop = _narrowed(line, " ".join(words.split()), " ".join(before.split())) or (0, len(line))
    return Excerpt(read, in_quote, anchor_at(line, number, start, stop))


def excerpt_named(article: Article, key: str) -> Excerpt | None:
    """The excerpt that a form brings back; None if it never was one of this article's."""
    named = KEY.fullmatch(key)
    if named is None:
        return None
    number, start, stop = (int(named[name]) for name in ("number", "start", "stop"))
    found = _line_of(article, int(named["revision"]), number, in_quote=bool(named["quote"]))
    span = _of_whole_words(found[1], start, stop) if found else None
    if found is None or span is None:
        return None
    excerpt = Excerpt(found[0], bool(named["quote"]), anchor_at(found[1], number, *span))
    return excerpt if excerpt.key == key else None


def _line_of(article: Article, revision: int, number: int, *, in_quote: bool) -> tuple[Revision, str] | None:
    """Only what readers saw may be quoted: the other revisions are the desk's."""
    read = Revision.objects.filter(article=article, public=True, number=revision).first()
    lines = _lines(as_of(read), in_quote=in_quote) if read else []
    if read is None or number >= len(lines) or not lines[number]:
        return None
    return read, lines[number]


def _lines(wording: Wording, *, in_quote: bool) -> list[str]:
    return wording.quotes if in_quote else wording.paragraphs


def _narrowed(line: str, words: str, before: str) -> tuple[int, int] | None:
    """Where the words stand in a line, from the beginning of a word to the end of one."""
    places = [found.start() for found in re.finditer(re.escape(words), line)] if words else []
    if not places:
        return None

    def shared(place: int) -> int:
        """How much of what stood before the selection stands before this place."""
        pairs = zip(reversed(line[:place].rstrip()), reversed(before), strict=False)
        return len(list(takewhile(lambda pair: pair[0] == pair[1], pairs)))

    start = max(places, key=shared)
    return _of_whole_words(line, start, start + len(words))


def _of_whole_words(line: str, start: int, stop: int) -> tuple[int, int] | None:
    touched = [span for span in Text([line]).spans if span[0] < stop and span[1] > start]
    return (touched[0][0], touched[-1][1]) if touched else None


def attach(comment: Comment, excerpt: Excerpt) -> Passage:
    """Keep what a comment responds to, and where it is by now. The caller holds the lock on the article."""
    passage = Passage(
        comment=comment,
        revision=excerpt.revision,
        in_quote=excerpt.in_quote,
        number=excerpt.anchor.paragraph,
        start=excerpt.anchor.start,
        exact=excerpt.anchor.exact,
        prefix=excerpt.anchor.prefix,
        suffix=excerpt.anchor.suffix,
    )
    _Follower(present(comment.article)).follow(passage, excerpt.revision)
    passage.save(force_insert=True)
    return passage


def follow_all(article: Article) -> int:
    """Say for every response to an article where its words are now. Part of every save of the article.

    Returns:
        How many of them stand otherwise than before.
    """
    passages = list(Passage.objects.filter(comment__article=article).select_related("comment"))
    if not passages:
        return 0
    follower = _Follower(present(article))
    revisions = Revision.objects.in_bulk({passage.revision_id for passage in passages})
    # The address of the article stands in the cards: one of them tells for all whether it is another one now.
    address = f'"{article.get_absolute_url()}#'
    elsewhere = any(address not in passage.comment.card_html for passage in passages if passage.place)
    changed = [passage for passage in passages if follower.follow(passage, revisions[passage.revision_id])]
    fields = ["state", "block", "quote", "start_now", "words_now"]
    Passage.objects.bulk_update(changed, fields, batch_size=FOLLOWED_AT_ONCE)
    stale = passages if elsewhere else changed
    cards.remake_all(Comment.objects.filter(pk__in=[passage.pk for passage in stale]))
    return len(changed)


class _Follower:
    """The present text, and the ways to it from each text that was read."""

    def __init__(self, now: Present) -> None:
        self._now, self._wording = now, now.wording
        self._journeys: dict[tuple[int, bool], Journey] = {}

    def follow(self, passage: Passage, read: Revision) -> bool:
        """Set where the words are; whether that is news."""
        before = _standing(passage)
        place = self._journey(read, in_quote=passage.in_quote).follow(passage.anchor)
        passage.state = Passage.State(place.fate)
        passage.block = passage.quote = None
        if place.fate != Fate.REMOVED and place.paragraph is not None:
            if passage.in_quote:
                passage.quote = self._now.quotes[place.paragraph]
            else:
                passage.block = self._now.blocks[place.paragraph]
        passage.start_now, passage.words_now = place.start, place.words
        return _standing(passage) != before

    def _journey(self, read: Revision, *, in_quote: bool) -> Journey:
        key = read.pk, in_quote
        if key not in self._journeys:
            old, new = _lines(as_of(read), in_quote=in_quote), _lines(self._wording, in_quote=in_quote)
            self._journeys[key] = Journey(old, new)
        return self._journeys[key]


def _standing(passage: Passage) -> tuple[object, ...]:
    return passage.state, passage.block_id, passage.quote_id, passage.start_now, passage.words_now
