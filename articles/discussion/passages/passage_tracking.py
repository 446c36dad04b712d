"""Track where the passages that comments respond to are in the current article.

Locations are always computed from the revision that was read to the current one, not edit by edit: anchors can't drift,
and responses return when a text is restored.
"""

from functools import cached_property

from articles.discussion import comment_html
from articles.discussion.models import Comment, Passage
from articles.discussion.passages.passage_selection import Selection
from articles.publishing.models import Article, PicturePlacement, Revision
from articles.publishing.plain_text import current_text, revision_text
from articles.text.anchoring import Outcome, TextMapping

BATCH_SIZE = 500  # Passages per statement.


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
        in_picture=selection.picture is not None,
        picture=selection.picture,
        number=selection.anchor.paragraph,
        start=selection.anchor.start,
        exact=selection.anchor.exact,
        prefix=selection.anchor.prefix,
        suffix=selection.anchor.suffix,
    )
    _Locator(article).locate(passage, selection.revision)
    return passage


def relocate_all(article: Article) -> int:
    """Update the locations of all passages of an article, in the transaction that saves it.

    Return how many passages changed their location or text.
    """
    passages = list(Passage.objects.filter(comment__article=article).select_related("comment"))
    if not passages:
        return 0
    locator = _Locator(article)
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
    """The current text and pictures, and the mappings to the text from each revision that was read."""

    def __init__(self, article: Article) -> None:
        self._now = current_text(article)
        self._wording = self._now.plain_text
        self._article = article
        self._mappings: dict[tuple[int, bool], TextMapping] = {}

    @cached_property
    def _placements(self) -> list[PicturePlacement]:
        return list(self._article.placements.all())

    def locate(self, passage: Passage, read: Revision) -> bool:
        """Set a passage's current location. Return whether it changed."""
        before = _location(passage)
        if passage.in_picture:
            # A new caption doesn't change what the comment is about.
            is_there = any(placed.picture_id == passage.picture_id for placed in self._placements)
            passage.state = Passage.State.EXACT if is_there else Passage.State.REMOVED
            passage.current_start = 0 if is_there else None
            passage.current_text = passage.exact if is_there else ""
            return _location(passage) != before
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
            old, new = revision_text(read).lines(in_quote=in_quote), self._wording.lines(in_quote=in_quote)
            self._mappings[key] = TextMapping(old, new)
        return self._mappings[key]


def _location(passage: Passage) -> tuple[object, ...]:
    return passage.state, passage.block_id, passage.quote_id, passage.current_start, passage.current_text
