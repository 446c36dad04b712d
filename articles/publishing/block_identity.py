"""Give each paragraph of a text its identity, kept over edits."""

from collections import Counter

from articles.publishing.models import Article, Block, LostLink, PullQuote, RelatedLink
from articles.text.markdown import RenderedBlock
from articles.text.sequences import Effort, likeness, opcodes

SAME_BLOCK_FROM = 0.5  # Share of equal words from which an edited paragraph is the same paragraph.
WORDS_COMPARED = 2_000  # Of one paragraph; a longer one is compared by its beginning, so that a save stays quick.
EFFORT = 1_200_000  # Steps for all paragraphs of a save. Beyond, an edited one is a new one.


def settle_blocks(article: Article, rendered: list[RenderedBlock]) -> dict[int, Block | None]:
    """Give each rendered block its row: the same as before where the text is the same or nearly so.

    What followed a removed paragraph follows the nearest one before it that is still there.

    Returns:
        For each block that was removed, by id, the block that took over what followed it.
    """
    old = list(article.blocks.filter(position__isnull=False))
    same = pair(old, rendered)
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
    return _hand_over(old, now)


def heirs_of(old: list[Block], now: list[Block]) -> dict[int, Block | None]:
    """Who takes over what followed a removed block: the nearest before it that is still there, else the first."""
    surviving = {row.pk for row in now}
    heirs: dict[int, Block | None] = {}
    anchor: Block | None = None
    for row in old:
        if row.pk in surviving:
            anchor = row
        else:
            heirs[row.pk] = anchor or (now[0] if now else None)
    return heirs


def _hand_over(old: list[Block], now: list[Block]) -> dict[int, Block | None]:
    heirs = heirs_of(old, now)
    for gone, heir in heirs.items():
        PullQuote.objects.filter(after=gone).update(after=heir)
        RelatedLink.objects.filter(after=gone).update(after=heir)
    if heirs:  # The words are gone, and the links with them.
        LostLink.objects.filter(block__in=heirs).delete()
    return heirs


def pair(old: list[Block], new: list[RenderedBlock]) -> dict[int, Block]:
    """Which old block each new position continues, keyed by position."""
    pairs: dict[int, Block] = {}
    effort = Effort(EFFORT)
    found = opcodes([block.source for block in old], [block.source for block in new], effort)
    for tag, old_from, old_to, new_from, new_to in found:
        if tag == "equal":
            pairs.update({new_from + i: old[old_from + i] for i in range(old_to - old_from)})
        elif tag == "replace":
            _pair_edited(pairs, old, range(old_from, old_to), new, range(new_from, new_to), effort)
    _pair_moved(pairs, old, new)
    return pairs


def _pair_edited(
    pairs: dict[int, Block], old: list[Block], where: range, new: list[RenderedBlock], positions: range, effort: Effort
) -> None:
    start = where.start
    for position in positions:
        for index in range(start, where.stop):
            if _alike(old[index].source, new[position].source, effort):
                pairs[position] = old[index]
                start = index + 1
                break


def _pair_moved(pairs: dict[int, Block], old: list[Block], new: list[RenderedBlock]) -> None:
    """A paragraph moved elsewhere word for word is the same paragraph."""
    taken = {block.pk for block in pairs.values()}
    free: dict[str, list[Block]] = {}
    for block in old:
        if block.pk not in taken:
            free.setdefault(block.source, []).append(block)
    for position, rendered in enumerate(new):
        if position not in pairs and free.get(rendered.source):
            pairs[position] = free[rendered.source].pop(0)


def _alike(one: str, other: str, effort: Effort) -> bool:
    """Compared by words, so that a long paragraph costs little; quick bounds first."""
    if effort.left < 0:
        return False
    ours, theirs = one.split()[:WORDS_COMPARED], other.split()[:WORDS_COMPARED]
    needed = SAME_BLOCK_FROM * (len(ours) + len(theirs)) / 2
    effort.left -= len(ours) + len(theirs)
    if min(len(ours), len(theirs)) < needed or (Counter(ours) & Counter(theirs)).total() < needed:
        return False
    return likeness(ours, theirs, effort) >= SAME_BLOCK_FROM
