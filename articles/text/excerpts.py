"""Plain text from HTML, and the first words of a text."""

import re
from html import unescape

TAG = re.compile(r"<[^>]*>")
BREAKS = re.compile(r"</(?:p|li|h2|h3|blockquote|pre)>|<br>|<hr>")


def plain(html: str) -> str:
    """The text of our own clean HTML, block ends as newlines."""
    return unescape(TAG.sub("", BREAKS.sub("\n", html))).strip()


def excerpt(text: str, length: int = 160) -> str:
    """At most `length` characters, cut between words."""
    line = " ".join(text.split())
    if len(line) <= length:
        return line
    return line[:length].rsplit(" ", 1)[0].rstrip(",;:–— ") + "…"


def count_words(text: str) -> int:
    return len(text.split())
