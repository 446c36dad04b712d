"""A comment's words as a quotation in the form that answers it."""

import re

from articles.text.excerpts import plain_text
from articles.text.sanitizing import clean_text

QUOTE_MOST = 1_000  # Characters; whoever needs more can link to it. Leaves room for an answer of four times as much.


def quotation_of(markdown: str, html: str, words: str = "") -> str:
    """Markdown that quotes a comment, with an empty line after it for the answer.

    Args:
        markdown: The comment's words. What they quote themselves is left out: that is somebody else's.
        html: The same, rendered.
        words: The part that was chosen. Where these words don't stand in the comment, all of it is quoted.
    """
    chosen = clean_text(words).strip()
    if not chosen or " ".join(chosen.split()) not in " ".join(plain_text(html).split()):
        chosen = "\n".join(line for line in markdown.split("\n") if not line.lstrip().startswith(">"))
    else:
        chosen = re.sub(r"([\\`*_\[\]<>])", r"\\\1", chosen)  # They were read, not typed: no mark is meant.
    chosen = re.sub(r"\n{3,}", "\n\n", _cut(chosen.strip()))
    if not chosen:
        return ""
    return "\n".join(f"> {line}".rstrip() for line in chosen.split("\n")) + "\n\n"


def _cut(text: str) -> str:
    if len(text) <= QUOTE_MOST:
        return text
    return text[:QUOTE_MOST].rsplit(None, 1)[0].rstrip(",;:–— ") + " …"
