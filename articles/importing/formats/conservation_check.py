"""Every word of a file must be found again in exactly one place of what was made of it."""

import re
from collections import Counter
from collections.abc import Iterable
from html import unescape
from urllib.parse import unquote

from django.utils.translation import gettext as _

from articles.text.excerpts import plain_text
from articles.text.markdown import RenderedBlock

WORD = re.compile(r"[^\W_]+")
ATTRIBUTE = re.compile(r'(?:href|title)="([^"]*)"')
ADDRESS = re.compile(r"(?:\b[a-zA-Z]\w{1,15}://|mailto:|www\.)\S+|\]\([^()]*(?:\([^()]*\)[^()]*)*\)")
# Words of Markdown that are no words of the text: the numbers of lists, the language of code.
MARKS = re.compile(r"^[ \t>]*\d{1,9}[.)](?=\s)|^[ \t]*(?:```+|~~~+).*$", re.MULTILINE)
SHOWN = 8  # Words named in the reason.


def misplaced(text: str, places: Iterable[str], body: str, rendered: Iterable[RenderedBlock]) -> str:
    """Why the file must be held for a person; empty if all its words are where they belong.

    Args:
        text: The whole file.
        places: All that was made of it: headline, date, front lines, body, quotes, boxes, discards.
        body: The Markdown of the body, one of the places.
        rendered: What readers will see of the body.
    """
    wanted = _count(text)
    have: Counter[str] = Counter()
    for place in places:
        have += _count(place)
    lost, twice = wanted - have, have - wanted
    if _letters(lost) - _letters(twice):
        return _("Words of the file got lost: %(words)s") % {"words": _named(lost)}
    if _letters(twice) - _letters(lost):
        return _("Words of the file stand twice: %(words)s") % {"words": _named(twice)}
    html = [block.html for block in rendered]
    seen = _count("\n".join(plain_text(piece) for piece in html))
    targets = _count(unquote(unescape(" ".join(" ".join(ATTRIBUTE.findall(piece)) for piece in html))))
    written = _count(unescape(ADDRESS.sub(" ", MARKS.sub("", body))))
    unseen = written - seen - targets
    if _letters(unseen) - _letters(seen - written):
        return _("Words of the text would not be shown: %(words)s") % {"words": _named(unseen)}
    return ""


def _count(text: str) -> Counter[str]:
    return Counter(WORD.findall(text.lower()))


def _letters(words: Counter[str]) -> Counter[str]:
    """Compared where the words differ: “toREAD” was cut into two, and “[not](#)ed” became one."""
    return Counter("".join(words.elements()))


def _named(words: Counter[str]) -> str:
    named = list(words.elements())
    return ", ".join(named[:SHOWN]) + (" …" if len(named) > SHOWN else "")
