"""Where the links of our own clean HTML lead, and the same links led elsewhere in their Markdown."""

import re
from collections.abc import Collection, Iterator, Mapping
from html import escape, unescape
from urllib.parse import unquote

from markdown_it.common.normalize_url import normalizeLinkText

from articles.text.excerpts import plain
from articles.text.markdown import render_article

LINK = re.compile(r'<a href="([^"]*)"[^>]*>(.*?)</a>', re.DOTALL)
STRAIGHT = str.maketrans("‘’“”", "''\"\"")
# What goes on before or behind an address is another one: “…/a” is no part of “…/ab”, nor of “archive/…/a”.
FORMS_MOST = 200  # Ways to write an address, its places on the page included; the search is as long as their number.
BEGINS, ENDS = r"(?<![\w/=])", r"(?![\w/%&=?#~+@-]|[.,;:!]\w)"


def links_in(html: str) -> Iterator[tuple[str, str]]:
    """Each link's address, and its words."""
    for found in LINK.finditer(html):
        yield unescape(found[1]), plain(found[2])


def without_dead(html: str, dead: Collection[str], note: str) -> str:
    """Set the words of links to these addresses as text with a note: a link that leads nowhere is a trap.

    Args:
        html: Ours.
        dead: Addresses as they stand there.
        note: What readers are told of each.
    """
    note = escape(note)

    def as_text(found: re.Match[str]) -> str:
        return as_lost(found[2], note) if unescape(found[1]) in dead else found[0]

    return LINK.sub(as_text, html) if dead else html


def as_lost(words: str, note: str) -> str:
    """Words, in HTML, that are no link any more, with a note (in HTML as well) for eyes and ears."""
    return f'<span class="lost" title="{note}">{words}<span class="unseen"> ({note})</span></span>'


def led_elsewhere(source: str, to: Mapping[str, str]) -> str | None:
    """An article's Markdown with links led to other addresses and nothing else changed; None if that can't be done.

    Args:
        source: The Markdown.
        to: By the address as it stands in the HTML, the one to put in its place.
    """
    before = render_article(source)
    forms = {form: new for old, new in to.items() for form in _written(old)}
    if not forms or len(forms) > FORMS_MOST:
        return None
    any_form = "|".join(map(re.escape, sorted(forms, key=len, reverse=True)))
    changed = re.sub(f"{BEGINS}(?:{any_form}){ENDS}", lambda found: forms[found[0]], source)
    after = render_article(changed)
    wanted = [to.get(address, address) for address, _words in links_in(before)]
    same_beside = LINK.sub("", before) == LINK.sub("", after)
    return changed if same_beside and [address for address, _words in links_in(after)] == wanted else None


def _written(address: str) -> set[str]:
    """How an address may stand in Markdown: as it is, decoded, or with its entities."""
    return {address, unquote(address), normalizeLinkText(address), escape(address)}


def with_link(source: str, words: str, occurrence: int, address: str) -> str | None:
    """A paragraph's Markdown with words of it made a link; None if they are not found, or stand in other markup.

    Args:
        source: The paragraph's Markdown.
        words: As they stand in its text.
        occurrence: Which of them, from 0.
        address: Where they shall lead.
    """
    straight, wanted = source.translate(STRAIGHT), words.translate(STRAIGHT)
    at = -1
    for _number in range(occurrence + 1):
        at = straight.find(wanted, at + 1)
        if at < 0:
            return None
    end = at + len(wanted)
    changed = f"{source[:at]}[{source[at:end]}]({address}){source[end:]}"
    before, after = render_article(source), render_article(changed)
    made = len(list(links_in(after))) == len(list(links_in(before))) + 1
    return changed if made and plain(before) == plain(after) else None
