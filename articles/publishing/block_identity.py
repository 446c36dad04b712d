"""Match the paragraphs of an edited article with their stored blocks, so that each keeps its id."""

from collections import Counter
from itertools import chain

from articles.publishing.models import Article, Block, LostLink, PicturePlacement, PullQuote, RelatedLink
from articles.text.diff import matching_runs, opcodes, similarity
from articles.text.markdown import RenderedBlock

SAME_BLOCK_FROM = 0.5  # An edited paragraph with at least this share of its words unchanged is the same paragraph.


def update_blocks(article: Article, rendered: list[RenderedBlock]) -> dict[int, Block | None]:
    """Save the rendered blocks, and reuse the rows of those whose text is the same or similar.

    Pictures, pull quotes and related links after a removed block move to the nearest remaining block before it.

    Returns:
        The block that each removed block's companions moved to, by the removed block's id.
    """
    old = list(article.blocks.filter(position__isnull=False))
    same = pair_blocks(old, rendered)
    now = [same.get(position) or Block(article=article) for position in range(len(rendered))]
    changed: list[Block] = []
    for position, (row, block) in enumerate(zip(now, rendered, strict=True)):
        if (row.position, row.source, row.html) != (position, block.source, block.html):
            changed.append(row)
        row.position, row.source, row.html = position, block.source, block.html
    stays = [row.pk for row in now if row.pk and row not in changed]
    if changed or len(stays) < len(old):
        article.blocks.filter(position__isnull=False).exclude(pk__in=stays).update(position=None)
        Block.objects.bulk_update([row for row in changed if row.pk], ["position", "source", "html"])
        Block.objects.bulk_create([row for row in changed if not row.pk])
    return _move_companions(old, now)


def successors_of(old: list[Block], now: list[Block]) -> dict[int, Block | None]:
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


def _move_companions(old: list[Block], now: list[Block]) -> dict[int, Block | None]:
    successors = successors_of(old, now)
    for gone, successor in successors.items():
        for model in (PicturePlacement, PullQuote, RelatedLink):
            model.objects.filter(after=gone).update(after=successor)
    if successors:  # The removed text contained the links.
        LostLink.objects.filter(block__in=successors).delete()
    return successors


def pair_blocks(old: list[Block], new: list[RenderedBlock]) -> dict[int, Block]:
    """Return the old block that each new position continues: unchanged, edited or moved."""
    pairs: dict[int, Block] = {}
    for tag, old_from, old_to, new_from, new_to in opcodes([row.source for row in old], [row.source for row in new]):
        if tag == "equal":
            pairs.update({new_from + i: old[old_from + i] for i in range(old_to - old_from)})
        elif tag == "replace":
            pairs.update({new_from + i: row for i, row in _edited(old[old_from:old_to], new[new_from:new_to]).items()})
    _pair_moved(pairs, old, new)
    return pairs


def _edited(old: list[Block], new: list[RenderedBlock]) -> dict[int, Block]:
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


def _pair_moved(pairs: dict[int, Block], old: list[Block], new: list[RenderedBlock]) -> None:
    """Pair the blocks whose text is unchanged but in another position."""
    taken = {block.pk for block in pairs.values()}
    free: dict[str, list[Block]] = {}
    for block in old:
        if block.pk not in taken:
            free.setdefault(block.source, []).append(block)
    for position, rendered in enumerate(new):
        if position not in pairs and free.get(rendered.source):
            pairs[position] = free[rendered.source].pop(0)
