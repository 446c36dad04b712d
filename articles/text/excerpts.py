"""Plain text of HTML, excerpts and word counts."""

import re
from html import unescape

from articles.text.letters import cut

TAG = re.compile(r"<[^>]*>")
BREAKS = re.compile(r"</(?:p|li|h2|h3|blockquote|pre)>|<br>|<hr>")


def plain_text(html: str) -> str:
    """Return the text of our own sanitised HTML, with a newline after each block."""
    return unescape(TAG.sub("", BREAKS.sub("\n", html))).strip()


def excerpt(text: str, length: int = 160) -> str:
    """Return at most `length` characters and an ellipsis, cut between words or, where these have no blanks, letters."""
    line = " ".join(text.split())
    if len(line) <= length:
        return line
    return cut(line, length).rstrip(",;:–—、，；： ") + "…"


def count_words(text: str) -> int:
    return len(text.split())
