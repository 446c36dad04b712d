"""Tables of the Markdown dialect: rows of cells between pipes, as in GitHub's Markdown.

Where GitHub drops the cells that a row has too many, here they are part of its last cell, so that no word is lost. A
row with too few stays short: filling it would let a small text become a very large page.
"""

import re
from itertools import islice

from markdown_it import MarkdownIt
from markdown_it.common.utils import escapeHtml
from markdown_it.renderer import RendererHTML
from markdown_it.rules_block import StateBlock
from markdown_it.rules_block.table import escapedSplit
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

ALIGNMENT = re.compile(r":?-+:?")
DELIMITERS = re.compile(r"[|:-][|: \t-]*[|:-]|\|")  # The second line of a table.
GAP = re.compile(r"[^\S\n]*\|[^\S\n]*")
TABLE = '<div class="table"'  # Begins a table's HTML.


def add_to(dialect: MarkdownIt) -> None:
    """Add tables to a Markdown parser. They can end a paragraph, as a list can."""
    dialect.block.ruler.before("paragraph", "pipe_table", _table_rule, {"alt": ["paragraph", "reference"]})
    dialect.add_render_rule("table_open", _render_open)
    dialect.add_render_rule("table_close", _render_close)


def _table_rule(state: StateBlock, first: int, end: int, silent: bool) -> bool:
    if first + 2 > end or state.sCount[first + 1] < state.blkIndent:
        return False
    if state.is_code_block(first) or state.is_code_block(first + 1):
        return False
    alignments = _alignments(_line(state, first + 1))
    names = _cells(_line(state, first)) if alignments else []
    if not names or len(names) != len(alignments):
        return False
    if silent:
        return True
    row_headers = not names[0]  # With nothing above them, the first cells name their rows.
    table = state.push("table_open", "table", 1)
    state.push("thead_open", "thead", 1)
    _push_row(state, first, names, alignments, heads=len(names))
    state.push("thead_close", "thead", -1)
    line = first + 2
    while line < end and not _ends_table(state, line, end):
        if line == first + 2:
            state.push("tbody_open", "tbody", 1)
        cells = _cells(_line(state, line))
        cells[len(names) - 1 :] = [" | ".join(cells[len(names) - 1 :])] if len(cells) >= len(names) else []
        _push_row(state, line, cells, alignments, heads=1 if row_headers else 0)
        line += 1
    if line > first + 2:
        state.push("tbody_close", "tbody", -1)
    state.push("table_close", "table", -1)
    table.map = [first, line]
    state.line = line
    return True


def _line(state: StateBlock, line: int) -> str:
    return state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]].strip()


def _cells(line: str) -> list[str]:
    """Return the cells of a row: a pipe at its start or end is no cell, and “\\|” is a pipe in a cell."""
    cells = escapedSplit(line) if "|" in line else [line]
    if len(cells) > 1 and not cells[0]:
        del cells[0]
    if len(cells) > 1 and not cells[-1]:
        del cells[-1]
    return [cell.strip() for cell in cells]


def _alignments(line: str) -> list[str]:
    """Return the class of each column, from the line below the head; nothing if it isn't one."""
    if not DELIMITERS.fullmatch(line):
        return []
    marks = [mark.strip() for mark in line.removeprefix("|").removesuffix("|").split("|")]
    if not all(ALIGNMENT.fullmatch(mark) for mark in marks):
        return []
    return [
        "center" if mark[0] == mark[-1] == ":" else "right" if mark[-1] == ":" else "left" if mark[0] == ":" else ""
        for mark in marks
    ]


def _ends_table(state: StateBlock, line: int, end: int) -> bool:
    if state.sCount[line] < state.blkIndent or not _line(state, line) or state.is_code_block(line):
        return True
    return any(rule(state, line, end, True) for rule in state.md.block.ruler.getRules("blockquote"))


def _push_row(state: StateBlock, line: int, cells: list[str], alignments: list[str], *, heads: int) -> None:
    in_head = heads == len(alignments) and state.tokens[-1].type == "thead_open"
    state.push("tr_open", "tr", 1)
    for number, (cell, alignment) in enumerate(zip(cells, alignments, strict=False)):
        tag = "th" if number < heads and cell else "td"
        opening = state.push(f"{tag}_open", tag, 1)
        if tag == "th":
            opening.attrs["scope"] = "col" if in_head else "row"
        if alignment:
            opening.attrs["class"] = alignment
        inline = state.push("inline", "", 0)
        inline.content, inline.map, inline.children = cell, [line, line + 1], []
        state.push(f"{tag}_close", tag, -1)
    state.push("tr_close", "tr", -1)


def _render_open(self: RendererHTML, tokens: list[Token], at: int, options: OptionsDict, env: EnvType) -> str:
    """Render the box in which a wide table scrolls by itself, also with the keyboard, named by the table's head."""
    names = []
    for token in islice(tokens, at, None):
        if token.type == "thead_close":
            break
        words = "".join(child.content for child in token.children or [] if child.type in ("text", "code_inline"))
        names.append(" ".join(words.split()))
    label = escapeHtml(", ".join(filter(None, names)))
    name = f' role="group" aria-label="{label}"' if label else ""
    return f'{TABLE}>\n<div{name} tabindex="0">\n<table>\n'


def _render_close(self: RendererHTML, tokens: list[Token], at: int, options: OptionsDict, env: EnvType) -> str:
    return "</table>\n</div>\n</div>\n"
