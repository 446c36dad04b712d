"""Links in rendered HTML and in its Markdown: extract, replace, add and unlink."""

import re
from collections.abc import Collection, Iterator, Mapping
from html import escape, unescape
from urllib.parse import unquote

from markdown_it.common.normalize_url import normalizeLinkText

from articles.text.excerpts import plain_text
from articles.text.markdown import render_article

LINK = re.compile(r'<a href="([^"]*)"[^>]*>(.*?)</a>', re.DOTALL)
# A quotation mark of any language; French ones bring a no-break space.
ANY_MARK = re.compile("[«‹][\u00a0\u202f]?|[\u00a0\u202f]?[»›]|[\"'“”„‘’‚「」『』]")
MAX_SPELLINGS = 200  # Spellings of all URLs to replace; the time for a search grows with their number.
# A URL must not be matched inside a longer one: “…/a” isn't part of “…/ab” or of “archive/…/a”.
URL_START, URL_END = r"(?<![\w/=])", r"(?![\w/%&=?#~+@-]|[.,;:!]\w)"


def extract_links(html: str) -> Iterator[tuple[str, str]]:
    """Yield the URL and the text of each link."""
    for found in LINK.finditer(html):
        yield unescape(found[1]), plain_text(found[2])


def with_any_marks(words: str) -> re.Pattern[str]:
    """Return a pattern that finds these words, with whatever quotation marks."""
    return re.compile(f"(?:{ANY_MARK.pattern})".join(map(re.escape, ANY_MARK.split(words))))


def unlink_dead(html: str, dead: Collection[str], note: str) -> str:
    """Return our own sanitised HTML with dead links replaced by their text and a note, which is plain text."""
    note = escape(note)

    def as_text(found: re.Match[str]) -> str:
        return lost_link_html(found[2], note) if unescape(found[1]) in dead else found[0]

    return LINK.sub(as_text, html) if dead else html


def lost_link_html(words: str, note: str) -> str:
    """Return the HTML of a link's text with a note, also for screen readers. Both arguments are HTML."""
    return f'<span class="dead-link" title="{note}">{words}<span class="sr-only"> ({note})</span></span>'


def replace_links(source: str, to: Mapping[str, str]) -> str | None:
    """Return an article's Markdown with some URLs replaced, or None if that would change anything else.

    `to` has the new URLs by the old ones, both as in the HTML.
    """
    before = render_article(source)
    spellings = {spelling: new for old, new in to.items() for spelling in _spellings(old)}
    if not spellings or len(spellings) > MAX_SPELLINGS:
        return None
    any_spelling = "|".join(map(re.escape, sorted(spellings, key=len, reverse=True)))
    changed = re.sub(f"{URL_START}(?:{any_spelling}){URL_END}", lambda found: spellings[found[0]], source)
    after = render_article(changed)
    wanted = [to.get(address, address) for address, _words in extract_links(before)]
    rest_unchanged = LINK.sub("", before) == LINK.sub("", after)
    return changed if rest_unchanged and [address for address, _words in extract_links(after)] == wanted else None


def _spellings(address: str) -> set[str]:
    """Return how a URL may be written in Markdown: as it is, decoded, or with entities."""
    return {address, unquote(address), normalizeLinkText(address), escape(address)}


def add_link(source: str, words: str, occurrence: int, address: str) -> str | None:
    """Return a paragraph's Markdown with a link added; None if the text isn't there or is part of other markup.

    Occurrences of the words to link are counted from 0.
    """
    wanted = with_any_marks(words)
    at = end = -1
    for _number in range(occurrence + 1):
        found = wanted.search(source, at + 1)
        if found is None:
            return None
        at, end = found.span()
    changed = f"{source[:at]}[{source[at:end]}]({address}){source[end:]}"
    before, after = render_article(source), render_article(changed)
    made = len(list(extract_links(after))) == len(list(extract_links(before))) + 1
    return changed if made and plain_text(before) == plain_text(after) else None
