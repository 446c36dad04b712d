"""Lay out an article: its blocks and companions as one piece of HTML.

“Also on” boxes and pictures become placeholders that the page fills, since the target of a box can be withdrawn and
the licence of a picture can end at any time.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from html import unescape
from itertools import groupby

from django.template.loader import render_to_string
from django.utils.html import escape
from django.utils.translation import gettext as _

from articles.publishing.models import Article, Block, LostLink, PicturePlacement, PullQuote, RelatedLink
from articles.publishing.picture_html import NO_LINKS, feed_figure, figure, gallery
from articles.text import footnotes
from articles.text.directions import own_directions
from articles.text.excerpts import FOOTNOTE_LINK, plain_text
from articles.text.links import lost_link_html, with_any_marks
from articles.text.placeholders import fill, placeholder
from articles.text.sanitizing import trusted

PICTURE = "picture"  # Begins the name of a picture’s placeholder; the id of its placement follows.
GALLERY = "gallery"  # The same; the ids of several follow.
ALSO = "also"  # Begins the name of an “Also on” box’s placeholder; the id of its link follows.
OPENING_TAG = re.compile(r"<(p|h2|h3|ul|ol|blockquote|pre|hr|div|section)\b")
STANDALONE_QUOTE = '<blockquote class="pull"'  # Only the layout writes this class.
BLOCK_START = re.compile(r'^<\w+[^>]* id="p(\d+)"', re.MULTILINE)
PARAGRAPH_START = re.compile(r"<p\b")
TEXT_OR_TAG = re.compile(f"({FOOTNOTE_LINK.pattern}|<[^>]*>)")
BACK_LINK_TARGET = re.compile(r'(?<=<a class="footnote-back") href="#fnref-(\d+)(?:-(\d+))?"')


def lay_out(article: Article, *, for_feed: bool = False) -> str:
    """Return the body's HTML.

    Args:
        article: Saved, with its blocks and companions in the database.
        for_feed: Leave out what repeats the body or needs the page: asides, ids, marks and notes.
    """
    return compose(
        article.blocks.all(),
        pictures=article.placements.all(),
        quotes=article.pull_quotes.all(),
        related=article.related_links.all(),
        lost=article.lost_links.all(),
        place=article.place,
        language=article.language,
        for_feed=for_feed,
    )


def compose(
    blocks: Iterable[Block],
    *,
    pictures: Iterable[PicturePlacement] = (),
    quotes: Iterable[PullQuote] = (),
    related: Iterable[RelatedLink] = (),
    lost: Iterable[LostLink] = (),
    place: str = "",
    language: str = "",
    for_feed: bool = False,
) -> str:
    """Return the same from the parts, saved or not, as the preview needs it."""
    in_text = [placed for placed in pictures if not placed.is_lead]
    pictures_after = _by_block(in_text, "after_id")
    quotes_after = _by_block(quotes, "after_id")
    boxes_after = _by_block(related, "after_id")
    lost_in = _by_block(lost, "block_id")
    pieces: list[str] = []
    dateline = f'<span class="dateline">{escape(place)}</span> — ' if place else ""
    for block in blocks:
        if block.position is None:
            continue
        html = block.html
        if for_feed:
            html = footnotes.without_links(html)
        else:
            html = _name_footnotes(html) if html.startswith(footnotes.NOTES) else html
            html = mark_lost_links(html, lost_in[block.pk])
            html = OPENING_TAG.sub(rf'<\1 id="{block.anchor}"', html, count=1)
        if dateline and PARAGRAPH_START.match(html):
            html = html.replace(">", ">" + dateline, 1)
            dateline = ""
        pieces.append(html)
        pieces += _pictures(pictures_after.pop(block.pk, []), for_feed=for_feed)
        pieces += _render_quotes(quotes_after.pop(block.pk, []), language, for_feed=for_feed)
        if not for_feed:
            pieces += [placeholder(f"{ALSO}:{link.pk}") for link in boxes_after.pop(block.pk, [])]
    for placed in pictures_after.values():  # Those without a paragraph stand at the end, and so do such quotes.
        pieces += _pictures(placed, for_feed=for_feed)
    for left in quotes_after.values():
        pieces += _render_quotes(left, language, for_feed=for_feed)
    return "\n".join(pieces)


def _name_footnotes(html: str) -> str:
    """Name the notes and their links back to the text for screen readers. Their roles say what they are."""
    again = _("Back to reference %(number)s")

    def named(link: re.Match[str]) -> str:
        label = again % {"number": "-".join(filter(None, link.groups()))}
        return f'{link[0]} aria-label="{escape(label)}"'

    label = f'{footnotes.NOTES} aria-label="{escape(_("Footnotes"))}"'
    return label + BACK_LINK_TARGET.sub(named, html.removeprefix(footnotes.NOTES))


def _by_block[Row: (PicturePlacement, PullQuote, RelatedLink, LostLink)](
    rows: Iterable[Row], name: str
) -> dict[int | None, list[Row]]:
    found: dict[int | None, list[Row]] = defaultdict(list)
    for row in rows:
        found[getattr(row, name)].append(row)
    return found


def _pictures(placements: Iterable[PicturePlacement], *, for_feed: bool) -> Iterator[str]:
    """Yield the pictures after one block. Neighbours in a gallery share one placeholder."""
    if for_feed:
        yield from map(feed_figure, placements)
        return
    for role, group in groupby(placements, key=lambda placed: placed.role):
        ids = [str(placed.pk) for placed in group]
        if role == PicturePlacement.Role.GALLERY:
            yield placeholder(f"{GALLERY}:{','.join(ids)}")
        else:
            yield from (placeholder(f"{PICTURE}:{number}") for number in ids)


def _render_quotes(quotes: Iterable[PullQuote], language: str, *, for_feed: bool) -> list[str]:
    return [
        render_to_string(
            "publishing/_pull_quote.html", {"quote": quote, "language": language, "for_feed": for_feed}
        ).strip()
        for quote in quotes
        if not (for_feed and quote.repeats_the_body)
    ]


def mark_lost_links(html: str, lost_links: Iterable[LostLink]) -> str:
    """Wrap the text of each lost link, found as the recorded occurrence in the block's text, never inside a tag."""
    parts = TEXT_OR_TAG.split(html)
    texts = {index: unescape(part) for index, part in enumerate(parts) if part and index % 2 == 0}
    found: dict[int, list[tuple[int, int]]] = defaultdict(list)
    places: dict[str, list[tuple[int, int, int]]] = {}
    for link in lost_links:
        if link.words not in places:
            places[link.words] = list(_occurrences(link.words, texts))
        for index, start, end in places[link.words][link.occurrence : link.occurrence + 1]:
            found[index].append((start, end))
    note = escape(_("The original link is missing"))
    for index, spans in found.items():
        text, end, pieces = texts[index], 0, []
        for start, stop in sorted(spans):
            if start < end:
                continue
            words = _escape_text(text[start:stop])
            pieces.append(_escape_text(text[end:start]))
            pieces.append(lost_link_html(words, note))
            end = stop
        parts[index] = "".join(pieces) + _escape_text(text[end:])
    return "".join(parts)


def _occurrences(words: str, texts: dict[int, str]) -> Iterator[tuple[int, int, int]]:
    """Yield the index of a text, and where in it the words start and end. All quotation marks are equal."""
    pattern = with_any_marks(words)
    for index, text in texts.items():
        at = -1
        while found := pattern.search(text, at + 1):
            at = found.start()
            yield index, at, found.end()


def _escape_text(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def fill_places(
    html: str,
    *,
    box: Callable[[int], str],
    pictures: Iterable[PicturePlacement] = (),
    picture_links: Mapping[int, str] = NO_LINKS,
    language: str = "",
) -> str:
    """Put the “Also on” boxes and pictures into laid-out HTML; `box` gives the HTML for a link's id, or nothing.

    Paragraphs get their directions here, so that the texts of earlier releases have them too.
    """
    placements = {placed.pk: placed for placed in pictures}

    def place(name: str) -> str:
        kind, _colon, numbers = name.partition(":")
        if kind == ALSO:
            return box(int(numbers))
        # One may be gone, if a stored text is filled while it changes.
        found = [placements[number] for number in map(int, numbers.split(",")) if number in placements]
        if kind == GALLERY:
            return gallery(found, language=language, links=picture_links)
        return "".join(figure(placed, language=language, links=picture_links) for placed in found)

    return own_directions(fill(html, place))


def insert_after_blocks(html: str, pieces: Mapping[int | None, str]) -> str:
    """Insert HTML after blocks (by block id) and their companions; pieces for unknown blocks go to the end."""
    starts = [(int(found[1]), found.start()) for found in BLOCK_START.finditer(html)]
    ends = [start for _block, start in starts[1:]] + [len(html)]
    last = starts[-1][0] if starts else None
    known = {block for block, _start in starts}
    for (block, _start), end in reversed(list(zip(starts, ends, strict=True))):
        added = pieces.get(block, "")
        if block == last:
            added += "".join(piece for place, piece in pieces.items() if place not in known)
        html = html[:end].rstrip("\n") + "\n" + added.strip("\n") + "\n" + html[end:] if added else html
    return trusted(html)


def plain_body(blocks: Iterable[Block]) -> str:
    """Return the plain text of the body, for matching quotes and counting words."""
    return "\n".join(plain_text(block.html) for block in blocks if block.position is not None)
