"""Check that an import neither lost nor repeated words: each word of the file has exactly one place."""

import re
from collections import Counter
from collections.abc import Iterable
from html import unescape
from urllib.parse import unquote

from django.utils.translation import gettext as _

from articles.text.excerpts import plain_text
from articles.text.footnotes import REFERENCE as FOOTNOTE_REFERENCE
from articles.text.markdown import RenderedBlock

WORD = re.compile(r"[^\W_]+")
ATTRIBUTE = re.compile(r'(?:href|title)="([^"]*)"')
URL = re.compile(r"(?:\b[a-zA-Z]\w{1,15}://|mailto:|www\.)\S+|\]\([^()]*(?:\([^()]*\)[^()]*)*\)")
# Markdown that is not text: list numbers, the language of code blocks, names of footnotes.
MARKS = re.compile(rf"^[ \t>]*\d{{1,9}}[.)](?=\s)|^[ \t]*(?:```+|~~~+).*$|{FOOTNOTE_REFERENCE.pattern}", re.MULTILINE)
MAX_WORDS_SHOWN = 8  # In the reason.


def find_misplaced_words(text: str, places: Iterable[str], body: str, rendered: Iterable[RenderedBlock]) -> str:
    """Return why the file must be held; empty if every word has its one place.

    Args:
        text: The whole file.
        places: All results: headline, date, front matter, body, quotes, boxes, discards.
        body: The body's Markdown, one of the places.
        rendered: The body's blocks as readers will see them.
    """
    wanted, have = _count(text), _count("\n".join(places))
    lost, twice = wanted - have, have - wanted
    if _letters(lost) - _letters(twice):
        return _("Missing from the article: %(words)s") % {"words": _named(lost)}
    if _letters(twice) - _letters(lost):
        return _("Repeated in the article: %(words)s") % {"words": _named(twice)}
    html = [block.html for block in rendered]
    seen = _count("\n".join(plain_text(piece) for piece in html))
    targets = _count(unquote(unescape(" ".join(" ".join(ATTRIBUTE.findall(piece)) for piece in html))))
    written = _count(unescape(URL.sub(" ", MARKS.sub("", body))))
    unseen = written - seen - targets
    if _letters(unseen) - _letters(seen - written):
        return _("Text that would not be shown: %(words)s") % {"words": _named(unseen)}
    return ""


def _count(text: str) -> Counter[str]:
    return Counter(WORD.findall(text.lower()))


def _letters(words: Counter[str]) -> Counter[str]:
    """Count letters where words differ: “toREAD” was split into two words, and “[not](#)ed” became one."""
    return Counter("".join(words.elements()))


def _named(words: Counter[str]) -> str:
    named = list(words.elements())
    return ", ".join(named[:MAX_WORDS_SHOWN]) + (" …" if len(named) > MAX_WORDS_SHOWN else "")
