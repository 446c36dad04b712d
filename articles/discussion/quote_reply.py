"""Quoting a comment in a reply to it."""

import re
from collections.abc import Iterator

from articles.text.excerpts import plain_text
from articles.text.markdown import without_quotations
from articles.text.quotations import own_text
from articles.text.sanitizing import clean_text

MAX_QUOTE_LENGTH = 1_000  # Characters. Leaves room for a reply four times as long.


def quote_markdown(markdown: str, html: str, words: str = "") -> str:
    """Return Markdown that quotes a comment, with an empty line after it for the reply.

    Args:
        markdown: The comment's text. Quotations in it are left out.
        html: The same, rendered.
        words: The selected text. If the comment doesn't contain it, the whole comment is quoted. Lines that the comment
            itself quotes from others become a quotation in the quotation.
    """
    chosen = clean_text(words).strip()
    if not chosen or _one_line(chosen) not in _one_line(plain_text(html)):
        if html and not own_text(html):
            return ""
        text = re.sub(r"\n{3,}", "\n\n", _cut(without_quotations(markdown).strip()))
        lines = text.split("\n") if text else []
    else:
        lines = list(_selected_lines(chosen, own_text(html)))
    return "\n".join([*(f"> {line}".rstrip() for line in lines), "", ""]) if lines else ""


def _selected_lines(chosen: str, own: str) -> Iterator[str]:
    """Yield the lines of a selection from the rendered text as Markdown; those of others as a quotation."""
    after_others = False
    for line in chosen.split("\n"):
        is_own = _one_line(line) in own
        if is_own and after_others and line.strip():
            yield ""  # Without an empty line it would continue the quotation.
        yield _escaped(line) if is_own else f"> {_escaped(line)}"
        after_others = not is_own


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _escaped(line: str) -> str:
    """Return plain text as Markdown that renders as this text."""
    line = re.sub(r"([\\`*_\[\]<>~&])", r"\\\1", line.strip())
    return re.sub(r"^(\d*)([-+.)])(?=\s|$)", r"\1\\\2", line)


def _cut(text: str) -> str:
    if len(text) <= MAX_QUOTE_LENGTH:
        return text
    return text[:MAX_QUOTE_LENGTH].rsplit(None, 1)[0].rstrip(",;:–— ") + " …"
