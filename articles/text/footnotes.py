"""Footnotes of the Markdown dialect: `[^1]` in the text, and `[^1]: …` in a paragraph of its own, wherever it stands.

The notes come at the end of the article, numbered in the order in which the text refers to them. A note to which
nothing refers comes last and has no number in the text: no word is lost. Ids begin with “fn”, which nothing else on a
page does.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_block import StateBlock
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

LABEL_LENGTH = 50  # Characters; a longer text in brackets is no label.
REFERENCE = re.compile(rf"\[\^([^\s\[\]\\]{{1,{LABEL_LENGTH}}})\]")
DEFINITION = re.compile(rf"{REFERENCE.pattern}:[ \t]*")
NOTE_OPEN = "footnote_open"
INDENT = 4  # Blanks before the further paragraphs of a note.
NOTES = '<section class="footnotes"'  # Begins the notes' HTML.
REFERENCE_LINK = re.compile(r'<a class="footnote-ref"[^>]*>(\d+)</a>')
BACK_LINK = re.compile(r' <a class="footnote-back"[^>]*>[^<]*</a>')
NOTE_ID = re.compile(r'<li id="fn-\d+"')


@dataclass(slots=True)
class _Note:
    tokens: list[Token] = field(default_factory=list)
    found: bool = False
    level: int = 0
    number: int = 0
    references: int = 0


def add_to(dialect: MarkdownIt) -> None:
    """Add footnotes to a Markdown parser."""
    dialect.block.ruler.before("reference", "footnote", _definition_rule, {"alt": ["paragraph", "reference"]})
    dialect.inline.ruler.before("link", "footnote_ref", _reference_rule)
    dialect.core.ruler.push("footnotes", _collect)
    dialect.add_render_rule("footnote_ref", _render_reference)
    dialect.add_render_rule("footnote_back", _render_back_link)


def without_links(html: str) -> str:
    """Return HTML with the notes' numbers as text, for feeds: a feed reader shows many articles on a page."""
    if REFERENCE_LINK.search(html):
        html = REFERENCE_LINK.sub(r"\1", html)
    return NOTE_ID.sub("<li", BACK_LINK.sub("", html)) if html.startswith(NOTES) else html


def _notes(env: EnvType) -> dict[str, _Note]:
    notes: dict[str, _Note] = env.setdefault("footnotes", {})
    return notes


def _definition_rule(state: StateBlock, first: int, end: int, silent: bool) -> bool:
    if state.is_code_block(first):
        return False
    start = state.bMarks[first] + state.tShift[first]
    found = DEFINITION.match(state.src, start, state.eMarks[first])
    if found is None:
        return False
    if silent:
        return True
    opening = state.push(NOTE_OPEN, "", 1)
    opening.meta = {"label": found[1].lower()}
    _notes(state.env).setdefault(found[1].lower(), _Note())
    # The rest of the line is read as the first of the note, indented like those that follow.
    saved = state.bMarks[first], state.tShift[first], state.sCount[first], state.parentType
    state.bMarks[first], state.tShift[first] = found.end(), 0
    state.blkIndent += INDENT
    state.sCount[first] = state.blkIndent
    state.parentType = "footnote"
    state.md.block.tokenize(state, first, end)
    state.blkIndent -= INDENT
    state.bMarks[first], state.tShift[first], state.sCount[first], state.parentType = saved
    opening.map = [first, state.line]
    state.push("footnote_close", "", -1)
    return True


def _reference_rule(state: StateInline, silent: bool) -> bool:
    """Read a reference to a note that exists; any other text in brackets stays as it is, and so it does in a link."""
    if state.linkLevel or not state.src.startswith("[^", state.pos):
        return False
    found = REFERENCE.match(state.src, state.pos, state.posMax)
    if found is None or found[1].lower() not in _notes(state.env):
        return False
    if not silent:
        state.push("footnote_ref", "", 0).meta = {"label": found[1].lower()}
    state.pos = found.end()
    return True


def _collect(state: StateCore) -> None:
    """Move the notes to the end of the text, and number them."""
    notes = _notes(state.env)
    if not notes:
        return
    found: list[_Note] = []
    maps: list[list[int]] = []
    open_notes: list[_Note] = []
    text: list[Token] = []
    for token in state.tokens:
        if token.type == NOTE_OPEN:
            note = notes[token.meta["label"]]
            if note.found:  # A second one of the same name: nothing can refer to it.
                note = _Note()
            note.found, note.level = True, token.level
            found.append(note)
            if not open_notes and token.map:
                maps.append(token.map)
            open_notes.append(note)
        elif token.type == "footnote_close":
            open_notes.pop()
        elif open_notes:
            open_notes[-1].tokens.append(token)
        else:
            text.append(token)
    state.tokens = [*text, *_section(_number(text, found, notes), maps)]


def _number(text: list[Token], found: list[_Note], notes: dict[str, _Note]) -> list[_Note]:
    numbered: list[_Note] = []

    def refer(tokens: list[Token]) -> None:
        for token in tokens:
            for child in token.children or []:
                if child.type != "footnote_ref":
                    continue
                note = notes[child.meta["label"]]
                if not note.number:
                    numbered.append(note)
                    note.number = len(numbered)
                note.references += 1
                child.meta = {"number": note.number, "reference": note.references}

    refer(text)
    read = 0
    for note in [None, *found]:
        if note is not None and not note.number:
            numbered.append(note)
            note.number = len(numbered)
        while read < len(numbered):  # Notes may refer to further ones.
            refer(numbered[read].tokens)
            read += 1
    return numbered


def _section(notes: list[_Note], maps: list[list[int]]) -> Iterator[Token]:
    attributes: dict[str, str | int | float] = {"class": "footnotes", "role": "doc-endnotes"}
    yield Token(
        "footnotes_open", "section", 1, attrs=attributes, block=True, map=maps[0] if maps else None, meta={"maps": maps}
    )
    yield Token("ordered_list_open", "ol", 1, level=1, block=True)
    for note in notes:
        level = max(1, note.level)  # Where it stood in the text: tells whether that was nested too deep.
        yield Token("list_item_open", "li", 1, attrs={"id": f"fn-{note.number}"}, level=level, block=True)
        yield from _with_back_links(note)
        yield Token("list_item_close", "li", -1, level=level, block=True)
    yield Token("ordered_list_close", "ol", -1, level=1, block=True)
    yield Token("footnotes_close", "section", -1, block=True)


def _with_back_links(note: _Note) -> list[Token]:
    links = [
        Token("footnote_back", "", 0, meta={"number": note.number, "reference": number})
        for number in range(1, note.references + 1)
    ]
    if links and note.tokens and note.tokens[-1].type == "paragraph_close":
        last = note.tokens[-2]
        last.children = [*(last.children or []), *links]
        return note.tokens
    if not links:
        return note.tokens
    paragraph = Token("inline", "", 0, level=3, children=links)
    opening, closing = Token("paragraph_open", "p", 1, level=2), Token("paragraph_close", "p", -1, level=2)
    return [*note.tokens, opening, paragraph, closing]


def _reference_id(meta: dict[str, Any]) -> str:
    number, reference = meta["number"], meta["reference"]
    return f"fnref-{number}" if reference == 1 else f"fnref-{number}-{reference}"


def _render_reference(self: RendererHTML, tokens: list[Token], at: int, options: OptionsDict, env: EnvType) -> str:
    meta = tokens[at].meta
    attributes = f'class="footnote-ref" id="{_reference_id(meta)}" href="#fn-{meta["number"]}" role="doc-noteref"'
    return f"<sup><a {attributes}>{meta['number']}</a></sup>"


def _render_back_link(self: RendererHTML, tokens: list[Token], at: int, options: OptionsDict, env: EnvType) -> str:
    """Render a link back to the text. The variation selector keeps the arrow from being drawn as an emoji."""
    meta = tokens[at].meta
    number = "" if meta["reference"] == 1 else meta["reference"]
    shown = f"↩\ufe0e{number}"
    return f' <a class="footnote-back" href="#{_reference_id(meta)}" role="doc-backlink">{shown}</a>'
