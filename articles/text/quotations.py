"""Quotations in a text: what a comment quotes from others, and quotation marks inside quotation marks.

Comments quote with Markdown, so a quotation is a `<blockquote>` of their sanitised HTML, whatever its lines begin with.
"""

import re
from itertools import pairwise

from django.utils.translation import gettext as _

from articles.text.excerpts import excerpt, plain_text

# Innermost quotations first. No other element of a comment has this name, and text has no "<".
BLOCKQUOTE = re.compile(r"<blockquote>((?:(?!<blockquote>).)*?)</blockquote>", re.DOTALL)
GAP = "\ue000"  # A private-use character in the place of each quotation.
CLOSED_BY = {"“": "”", "„": "“”", "”": "”"}  # Opening marks: English, German or Polish, Swedish.
INSIDE = {"“": "‘", "„": "‚", "”": "’", "‘": "“"}
STRAIGHT_PAIR = re.compile(r'(?<!\w)"([^"\n]+)"(?!\w)')


def own_text(html: str) -> str:
    """Return the text of a comment in one line, without what it quotes from others. “…” stands for a quotation."""
    html, quotations = html.replace(GAP, ""), 1
    while quotations:
        html, quotations = BLOCKQUOTE.subn(f"<br>{GAP}<br>", html)
    parts = (" ".join(part.split()) for part in plain_text(html).split(GAP))
    return " … ".join(filter(None, parts))


def comment_excerpt(html: str, length: int) -> str:
    """Return an excerpt of a comment's own words. If it only quotes others, the excerpt says so."""
    if words := own_text(html):
        return excerpt(words, length)
    if words := excerpt(plain_text(html), length):
        return _("Quotation: %(words)s") % {"words": words}
    return ""


def text_with_quotations(html: str) -> str:
    """Return the text of a comment, in which lines that it quotes from others begin with “>”."""
    quotations = 1
    while quotations:
        html, quotations = BLOCKQUOTE.subn(_marked, html)
    return plain_text(html)


def _marked(quotation: re.Match[str]) -> str:
    lines = plain_text(quotation[1]).replace("&", "&amp;").replace("<", "&lt;").split("\n")
    return "<br>".join(["", *(f"&gt; {line}".rstrip() for line in lines), ""])


def nested(text: str) -> str:
    """Return a text for use in double quotation marks: its own marks are single, and those inside them double.

    A mark whose partner was cut off gets one, so that each pair is complete.
    """
    pieces: list[str] = []
    is_open: list[str] = []  # The opening marks, as they were.
    cut_off = 0  # Opening marks that are missing.
    before = " "
    text = STRAIGHT_PAIR.sub("“\\1”", text)
    for mark, after in pairwise(f"{text} "):
        double = next((opening for opening in reversed(is_open) if opening != "‘"), "")
        if mark in CLOSED_BY.get(double, ""):
            del is_open[len(is_open) - is_open[::-1].index(double) - 1 :]
            pieces.append("‘" if mark == "“" else "’")
        elif mark == "‘" and not double:
            pieces.append(mark)
        elif mark in "“„‘" or (mark == "”" and after.isalnum() and not before.isalnum()):  # The last is Swedish.
            is_open.append(mark)
            pieces.append(INSIDE[mark])
        elif mark == "”":
            cut_off += 1
            pieces.append("’")
        elif mark == "’" and is_open[-1:] == ["‘"] and not after.isalnum():
            is_open.pop()
            pieces.append("”")
        else:
            pieces.append(mark)
        before = mark
    return "‘" * cut_off + "".join(pieces) + ("’" if "“" in is_open else "")
