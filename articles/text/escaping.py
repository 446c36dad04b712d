"""Escape plain text, so that Markdown shows it as it is."""

import re

ENTITY = re.compile(r"&(?=#?\w+;)")
EDGE_UNDERSCORE = re.compile(r"(?<![^\W_])_|_(?![^\W_])")
SPECIAL = re.compile(r"[\\`*\[\]<]")
LINE_START = re.compile(r"^(#{1,6}(?=\s|$)|>|[-+](?=\s|$)|=+\s*$|-+\s*$|~~~)", re.MULTILINE)
TABLE_LINE = re.compile(r"^(?=[|:-][|: \t-]*$)", re.MULTILINE)  # Below a line with a pipe, it would begin a table.
NUMBER_START = re.compile(r"^(\d{1,9})([.)])(?=\s|$)", re.MULTILINE)


def escape_inline(text: str) -> str:
    """Escape what is markup anywhere in a line."""
    return ENTITY.sub(r"\\&", EDGE_UNDERSCORE.sub(r"\\_", SPECIAL.sub(r"\\\g<0>", text)))


def escape_line_starts(markdown: str) -> str:
    """Escape what is markup at the beginning of a line: headings, quotations, lists, rules, tables."""
    markdown = LINE_START.sub(r"\\\1", TABLE_LINE.sub(r"\\", markdown))
    return NUMBER_START.sub(r"\1\\\2", markdown)
