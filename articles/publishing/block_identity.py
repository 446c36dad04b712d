"""Match the paragraphs of an edited article with their stored blocks, so that each keeps its id."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

from articles.publishing.models import Article, Block, LostLink, PicturePlacement, PullQuote, RelatedLink
from articles.text.diff import matching_runs, opcodes, similarity
from articles.text.markdown import RenderedBlock

SAME_BLOCK_FROM = 0.5  # An edited paragraph with at least this share of its words unchanged is the same paragraph.


@dataclass(frozen=True, slots=True)
class NewText:
    """The blocks of a new text."""

    blocks: list[Block]
    changed: list[Block]
    """Those whose text or position changed, and new ones."""
    vacated: set[int]
    """Ids of the blocks that leave their position."""
    successors: dict[int, Block | None]
    """For each removed block, by id, the one to which its companions move."""


def current_blocks(article: Article) -> list[Block]:
    """Return the blocks of the saved text in order."""
    return list(article.blocks.filter(position__isnull=False)) if article.pk else []


def continue_blocks(article: Article, old: Sequence[Block], rendered: list[RenderedBlock]) -> NewText:
    """Return the blocks of a new text, which reuse the rows of those with the same or a similar one. Saves nothing."""
    same = pair_blocks(old, rendered)
    now = [same.get(position) or Block(article=article) for position in range(len(rendered))]
    changed: list[Block] = []
    vacated = {row.pk for row in old}
    for position, (row, block) in enumerate(zip(now, rendered, strict=True)):
        if row.position == position:
            vacated.discard(row.pk)
        if (row.position, row.source, row.html) != (position, block.source, block.html):
            changed.append(row)
        row.position, row.source, row.html = position, block.source, block.html
    return NewText(now, changed, vacated, successors_of(old, now))


def update_blocks(article: Article, rendered: list[RenderedBlock], *, old: Sequence[Block] | None = None) -> NewText:
    """Save the rendered blocks.

    Pictures, pull quotes and related links after a removed block move to the nearest remaining block before it.

    Args:
        old: The current blocks; None loads them.
    """
    text = continue_blocks(article, current_blocks(article) if old is None else old, rendered)
    if text.vacated:  # A position is taken by one block only.
        article.blocks.filter(pk__in=text.vacated).update(position=None)
    Block.objects.bulk_update([row for row in text.changed if row.pk], ["position", "source", "html"])
    Block.objects.bulk_create([row for row in text.changed if not row.pk])
    _move_companions(text.successors)
    return text


def successors_of(old: Sequence[Block], now: list[Block]) -> dict[int, Block | None]:
    """Return the successor of each removed block by id: the nearest remaining block before it, else the first."""
    surviving = {row.pk for row in now}
    successors: dict[int, Block | None] = {}
    anchor: Block | None = None
    for row in old:
        if row.pk in surviving:
            anchor = row
        else:
            successors[row.pk] = anchor or (now[0] if now else None)
    return successors


def _move_companions(successors: dict[int, Block | None]) -> None:
    for gone, successor in successors.items():
        for model in (PicturePlacement, PullQuote, RelatedLink):
            model.objects.filter(after=gone).update(after=successor)
    if successors:  # The removed text contained the links.
        LostLink.objects.filter(block__in=successors).delete()


def place_rows(rows: Iterable[Any], moved: Mapping[int, Block | None]) -> None:
    """Let rows that name a block as the one before them follow the one that it became. Saves nothing.

    A negative id is that of a block that wasn't saved yet; unless it became one, the row stands at the end.
    """
    for row in rows:
        after: int | None = getattr(row, "after_id", None)
        if after is not None and (after in moved or after < 0):
            row.after = moved.get(after)


def pair_blocks(old: Sequence[Block], new: list[RenderedBlock]) -> dict[int, Block]:
    """Return the old block that each new position continues: unchanged, edited or moved."""
    pairs: dict[int, Block] = {}
    for tag, old_from, old_to, new_from, new_to in opcodes([row.source for row in old], [row.source for row in new]):
        if tag == "equal":
            pairs.update({new_from + i: old[old_from + i] for i in range(old_to - old_from)})
        elif tag == "replace":
            pairs.update({new_from + i: row for i, row in _edited(old[old_from:old_to], new[new_from:new_to]).items()})
    _pair_moved(pairs, old, new)
    return pairs


def _edited(old: Sequence[Block], new: list[RenderedBlock]) -> dict[int, Block]:
    """Return the old block of each edited one, by position.

    One diff of all words finds the only candidate for each block, the one with most of its words. To compare each
    block with each other would be quadratic in their number. Beyond `CELLS_MAX`, an edited block is a new one.
    """
    ours, theirs = ([row.source.split() for row in rows] for rows in (old, new))
    homes, places = ([number for number, words in enumerate(side) for _word in words] for side in (ours, theirs))
    shared: dict[int, Counter[int]] = {}
    for start, begin, size in matching_runs([*chain(*ours)], [*chain(*theirs)]):
        for home, place in zip(homes[start : start + size], places[begin : begin + size], strict=True):
            shared.setdefault(place, Counter())[home] += 1
    pairs: dict[int, Block] = {}
    free = 0  # The order of blocks is kept.
    for place, counts in shared.items():
        home = counts.most_common(1)[0][0]
        if home >= free and similarity(ours[home], theirs[place]) >= SAME_BLOCK_FROM:
            pairs[place] = old[home]
            free = home + 1
    return pairs


def _pair_moved(pairs: dict[int, Block], old: Sequence[Block], new: list[RenderedBlock]) -> None:
    """Pair the blocks whose text is unchanged but in another position."""
    taken = {block.pk for block in pairs.values()}
    free: dict[str, list[Block]] = {}
    for block in old:
        if block.pk not in taken:
            free.setdefault(block.source, []).append(block)
    for position, rendered in enumerate(new):
        if position not in pairs and free.get(rendered.source):
            pairs[position] = free[rendered.source].pop(0)
