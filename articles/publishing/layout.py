"""Set an article: its blocks with what stands beside them, as one piece of HTML.

“Also on” boxes become marks that the page fills in, since their targets come and go without this article's doing.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable

from django.template.loader import render_to_string
from django.utils.html import escape
from django.utils.translation import gettext as _

from articles.publishing.models import Article, Block, LostLink, PullQuote, RelatedLink
from articles.text.cleaning import trusted
from articles.text.excerpts import plain

ALSO_MARK = re.compile(r"<!--also:(\d+)-->")
OPENING_TAG = re.compile(r"<(p|h2|h3|ul|ol|blockquote|pre|hr)\b")
TEXT_OR_TAG = re.compile(r"(<[^>]*>)")


def lay_out(article: Article, *, for_feed: bool = False) -> str:
    """The body's HTML.

    Args:
        article: Saved, with its blocks and companions in the database.
        for_feed: Leave out what only repeats the body or needs the page: asides, ids, marks and notes.
    """
    quotes: dict[int | None, list[PullQuote]] = defaultdict(list)
    for quote in article.pull_quotes.all():
        quotes[quote.after_id].append(quote)
    boxes: dict[int | None, list[RelatedLink]] = defaultdict(list)
    for link in article.related_links.all():
        boxes[link.after_id].append(link)
    lost: dict[int | None, list[LostLink]] = defaultdict(list)
    for lost_link in article.lost_links.all():
        lost[lost_link.block_id].append(lost_link)

    pieces: list[str] = []
    first = True
    for block in article.blocks.all():
        if block.position is None:
            continue
        html = block.html
        if not for_feed:
            html = mark_lost(html, lost[block.pk])
            html = OPENING_TAG.sub(rf'<\1 id="{block.anchor}"', html, count=1)
        if first and article.place and html.startswith("<p"):
            dateline = f'<span class="dateline">{escape(article.place)}</span> — '
            html = html.replace(">", ">" + dateline, 1)
        first = False
        pieces.append(html)
        pieces += _quotes(quotes.pop(block.pk, []), for_feed=for_feed)
        if not for_feed:
            pieces += [f"<!--also:{link.pk}-->" for link in boxes.pop(block.pk, [])]
    for left in quotes.values():  # Quotes whose paragraph went away stay in the text, at its end.
        pieces += _quotes(left, for_feed=for_feed)
    return "\n".join(pieces)


def _quotes(quotes: Iterable[PullQuote], *, for_feed: bool) -> list[str]:
    return [
        render_to_string("publishing/_pull_quote.html", {"quote": quote, "for_feed": for_feed}).strip()
        for quote in quotes
        if not (for_feed and quote.repeats_the_body)
    ]


def mark_lost(html: str, lost_links: Iterable[LostLink]) -> str:
    """Wrap the words of each lost link, found as the recorded occurrence in the block's text, never inside a tag."""
    for link in lost_links:
        words = escape(link.words)
        seen = 0
        parts = TEXT_OR_TAG.split(html)
        for index, part in enumerate(parts):
            if part.startswith("<"):
                continue
            at = -1
            while (at := part.find(words, at + 1)) >= 0:
                if seen == link.occurrence:
                    note = escape(_("The link of the original is lost"))
                    marked = f'<span class="lost" title="{note}">{words}<span class="unseen"> ({note})</span></span>'
                    parts[index] = part[:at] + marked + part[at + len(words) :]
                    html = "".join(parts)
                    break
                seen += 1
            else:
                continue
            break
    return html


def fill_boxes(html: str, box: Callable[[int], str]) -> str:
    """Put the “Also on” boxes into laid-out HTML; `box` gives the HTML for a link's id, or nothing."""
    return trusted(ALSO_MARK.sub(lambda mark: box(int(mark[1])), html))


def plain_body(blocks: Iterable[Block]) -> str:
    """The words of the text alone, for matching quotes and counting."""
    return "\n".join(plain(block.html) for block in blocks if block.position is not None)
