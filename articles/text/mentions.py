"""Readers called by name in a comment, @like-this: where the calls stand in its Markdown, and what they become.

A call is no call in code, in a link, in a quotation (those are somebody else's words), after a letter (an address of
mail) or after a backslash. Scripts written without blanks need one after the name.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from markdown_it import MarkdownIt
from markdown_it.common.utils import escapeHtml
from markdown_it.renderer import RendererProtocol
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

from articles.text.slugs import name_key

LONGEST = 40  # Characters of a name, as `accounts.naming` allows.
MARKS = ".-_"  # May stand inside a name, not at its ends.
CALL = re.compile(rf"(?<![\w.@/-])@(?=[^\W_])[^\s@]{{1,{LONGEST + 1}}}")


class Person(NamedTuple):
    """Somebody who can be called: the name as they write it, and the address of their page."""

    name: str
    address: str


def names_in(call: str) -> Iterator[str]:
    """What a call may mean, the longest first: “@ana.see” calls “ana.see” or, if nobody has this name, “ana”."""
    name = call.removeprefix("@")
    end = next((at for at, letter in enumerate(name) if not _fits(letter)), len(name))
    while name := name[:end].rstrip(MARKS):
        if len(name) <= LONGEST:
            yield name
        end = max(name.rfind(mark) for mark in MARKS)
        if end < 0:
            return


def _fits(letter: str) -> bool:
    return letter in MARKS or letter.isalnum() or unicodedata.category(letter)[0] == "M"


def learn(dialect: MarkdownIt) -> MarkdownIt:
    """Teach a dialect of Markdown to set calls apart."""
    # Before escaped characters are joined with their neighbours: “\@ana” stays a word.
    dialect.core.ruler.before("text_join", "calls", _set_apart)
    dialect.add_render_rule("call", _render)
    return dialect


def _set_apart(state: StateCore) -> None:
    quoted = 0
    for block in state.tokens:
        quoted += {"blockquote_open": 1, "blockquote_close": -1}.get(block.type, 0)
        if block.type == "inline" and block.children and not quoted and "@" in block.content:
            block.children = list(_cut(block.children))


def _cut(tokens: Sequence[Token]) -> Iterator[Token]:
    linked = 0
    for token in tokens:
        linked += {"link_open": 1, "link_close": -1}.get(token.type, 0)
        if token.type != "text" or linked:
            yield token
            continue
        done = 0
        for match in CALL.finditer(token.content):
            if match.start() > done:
                yield Token("text", "", 0, content=token.content[done : match.start()], level=token.level)
            yield Token("call", "", 0, content=match[0], level=token.level)
            done = match.end()
        if done < len(token.content):
            yield Token("text", "", 0, content=token.content[done:], level=token.level)


def calls_in(tokens: Sequence[Token]) -> list[str]:
    return [child.content for token in tokens for child in token.children or [] if child.type == "call"]


def meant(call: str, people: Mapping[str, Person]) -> str:
    """The name that a call means, as it was typed; empty if nobody has it."""
    return next((name for name in names_in(call) if name_key(name) in people), "")


def _render(self: RendererProtocol, tokens: Sequence[Token], at: int, options: OptionsDict, env: EnvType) -> str:
    """A link under the name that its owner chose, however it was typed; a name that nobody has stays a word."""
    call = tokens[at].content
    people: Mapping[str, Person] = env.get("people", {})
    name = meant(call, people)
    if not name:
        return escapeHtml(call)
    person = people[name_key(name)]
    link = f'<a href="{escapeHtml(person.address)}">@<bdi>{escapeHtml(person.name)}</bdi></a>'
    return link + escapeHtml(call[len(name) + 1 :])
