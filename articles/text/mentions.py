"""Mentions of readers in comments, @like-this: a markdown-it rule that turns them into links.

There are no mentions in code, links and quotations (which are someone else's words), after a letter (an email address)
or after a backslash. Scripts without spaces between words need one after the name.
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

from articles.text.slugs import name_keys
from articles.text.unicode_folding import JOINERS

NAME_MAX_LENGTH = 40  # Characters of a name, as in `accounts.usernames`.
PUNCTUATION = ".-_"  # Allowed inside a name, not at its ends.
MENTION = re.compile(rf"(?<![\w.@/-])@(?=[^\W_])[^\s@]{{1,{NAME_MAX_LENGTH + 1}}}")


class Mentionable(NamedTuple):
    """A reader who can be mentioned: the name as they write it, and the URL of their profile page."""

    name: str
    url: str


def candidate_names(mention: str) -> Iterator[str]:
    """Yield the names that a mention may mean, the longest first: “@ana.see” means “ana.see” or else “ana”."""
    name = mention.removeprefix("@")
    end = next((at for at, letter in enumerate(name) if not _fits(letter)), len(name))
    while name := name[:end].rstrip(PUNCTUATION):
        if len(name) <= NAME_MAX_LENGTH:
            yield name
        end = max(name.rfind(mark) for mark in PUNCTUATION)
        if end < 0:
            return


def _fits(letter: str) -> bool:
    return letter in PUNCTUATION + JOINERS or letter.isalnum() or unicodedata.category(letter)[0] == "M"


def add_to(dialect: MarkdownIt) -> None:
    """Add mentions to a Markdown parser."""
    # Before escaped characters are joined with the text around them, so that “\@ana” is no mention.
    dialect.core.ruler.before("text_join", "mentions", _mentions_rule)
    dialect.add_render_rule("mention", _render)


def _mentions_rule(state: StateCore) -> None:
    quoted = 0
    for block in state.tokens:
        quoted += {"blockquote_open": 1, "blockquote_close": -1}.get(block.type, 0)
        if block.type == "inline" and block.children and not quoted and "@" in block.content:
            block.children = list(_split_text(block.children))


def _split_text(tokens: Sequence[Token]) -> Iterator[Token]:
    linked = 0
    for token in tokens:
        linked += {"link_open": 1, "link_close": -1}.get(token.type, 0)
        if token.type != "text" or linked:
            yield token
            continue
        done = 0
        for match in MENTION.finditer(token.content):
            if match.start() > done:
                yield Token("text", "", 0, content=token.content[done : match.start()], level=token.level)
            yield Token("mention", "", 0, content=match[0], level=token.level)
            done = match.end()
        if done < len(token.content):
            yield Token("text", "", 0, content=token.content[done:], level=token.level)


def find_mentions(tokens: Sequence[Token]) -> list[str]:
    return [child.content for token in tokens for child in token.children or [] if child.type == "mention"]


def resolve(mention: str, people: Mapping[str, Mentionable]) -> str:
    """Return the name that a mention means, as it was typed; empty if nobody has it."""
    return next((name for name in candidate_names(mention) if key_of(name, people)), "")


def key_of(name: str, people: Mapping[str, Mentionable]) -> str:
    """Return the key of the person with this name, in any spelling; empty if nobody has it."""
    return next((key for key in name_keys(name) if key in people), "")


def _render(self: RendererProtocol, tokens: Sequence[Token], at: int, options: OptionsDict, env: EnvType) -> str:
    """Render a link with the name as its owner writes it. A name that nobody has is rendered as text."""
    mention = tokens[at].content
    people: Mapping[str, Mentionable] = env.get("people", {})
    name = resolve(mention, people)
    if not name:
        return escapeHtml(mention)
    person = people[key_of(name, people)]
    link = f'<a href="{escapeHtml(person.url)}">@<bdi>{escapeHtml(person.name)}</bdi></a>'
    return link + escapeHtml(mention[len(name) + 1 :])
