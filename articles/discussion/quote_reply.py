"""Quoting a comment in a reply to it."""

import re

from articles.text.excerpts import plain_text
from articles.text.sanitizing import clean_text

MAX_QUOTE_LENGTH = 1_000  # Characters. Leaves room for a reply four times as long.


def quote_markdown(markdown: str, html: str, words: str = "") -> str:
    """Return Markdown that quotes a comment, with an empty line after it for the reply.

    Args:
        markdown: The comment's text. Quotations in it are left out.
        html: The same, rendered.
        words: The selected text. If the comment doesn't contain it, the whole comment is quoted.
    """
    chosen = clean_text(words).strip()
    if not chosen or " ".join(chosen.split()) not in " ".join(plain_text(html).split()):
        chosen = "\n".join(line for line in markdown.split("\n") if not line.lstrip().startswith(">"))
    else:
        # Selected from the rendered text, so these aren't Markdown.
        chosen = re.sub(r"([\\`*_\[\]<>])", r"\\\1", chosen)
    chosen = re.sub(r"\n{3,}", "\n\n", _cut(chosen.strip()))
    if not chosen:
        return ""
    return "\n".join(f"> {line}".rstrip() for line in chosen.split("\n")) + "\n\n"


def _cut(text: str) -> str:
    if len(text) <= MAX_QUOTE_LENGTH:
        return text
    return text[:MAX_QUOTE_LENGTH].rsplit(None, 1)[0].rstrip(",;:–— ") + " …"
