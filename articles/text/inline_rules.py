"""Inline rules of the Markdown parser that take linear time where its own take quadratic time.

Both give the same result as the parser's own rules, except that a URL of more than `MAX_URL_LENGTH` stays text, and
that apostrophes before decades, years and the language's clipped words aren't read as quotation marks.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from functools import partial
from typing import NamedTuple

from linkify_it import LinkifyIt
from markdown_it import MarkdownIt
from markdown_it.common.utils import isMdAsciiPunct, isPunctChar, isWhiteSpace
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

MAX_URL_LENGTH = 2_000  # Characters; browsers and servers are sure to take this many.

SCHEME = re.compile(r"(?:^|[^a-z0-9.+-])(https?|ftp)$", re.IGNORECASE)
SCHEME_LENGTH = 6  # Characters: the longest scheme, and one before it.
QUOTE = re.compile(r"['\"]")
APOSTROPHE = "’"
DECADE = r"\d0['’]?s"  # '60s
YEAR = re.compile(r"'\d\d(?![\w.,]*\d)(?!\w)")  # '68, unless a quotation that begins there ends.
BREAKS = ("softbreak", "hardbreak")


def make_linear(dialect: MarkdownIt, elisions: Sequence[str] = ()) -> None:
    """Replace the parser's rules for bare URLs and for quotation marks in one dialect.

    `elisions` are words that begin with an apostrophe, without it.
    """
    clipped = re.compile(rf"'(?:{'|'.join((DECADE, *elisions))})(?!\w)(?P<end>(?<='n)')?", re.IGNORECASE)
    dialect.linkify = ShortLinkify(options={"fuzzy_link": False, "fuzzy_email": False, "fuzzy_ip": False})
    dialect.inline.ruler.at("linkify", link_bare_url)
    dialect.core.ruler.at("smartquotes", partial(make_quotes_typographic, clipped=clipped))


class ShortLinkify(LinkifyIt):  # type: ignore[misc]
    """Finds full URLs only: “paper.example” stays text. Looks no further than a URL is long."""

    def test_schema_at(self, text: str, name: str, position: int) -> int:
        start = max(0, position - SCHEME_LENGTH - 1)
        window = text[start : position + MAX_URL_LENGTH]
        length: int = super().test_schema_at(window, name, position - start)
        return length if length < MAX_URL_LENGTH else 0


def link_bare_url(state: StateInline, silent: bool) -> bool:
    """Link a URL at its “://”. The parser's rule searches all the text before it for the scheme."""
    if state.linkLevel > 0 or not state.src.startswith("://", state.pos):
        return False
    known = SCHEME.search(state.pending[-SCHEME_LENGTH:])
    if known is None or state.md.linkify is None:
        return False
    scheme = known[1]
    start = state.pos - len(scheme)
    link = state.md.linkify.match_at_start(state.src[start : start + MAX_URL_LENGTH + SCHEME_LENGTH])
    if link is None:
        return False
    url: str = link.url.rstrip("*")  # A “*” at the end is emphasis.
    target = state.md.normalizeLink(url)
    if not state.md.validateLink(target):
        return False
    if not silent:
        state.pending = state.pending[: -len(scheme)]
        opening = state.push("link_open", "a", 1)
        opening.attrs = {"href": target}
        state.push("text", "", 0).content = state.md.normalizeLinkText(url)
        closing = state.push("link_close", "a", -1)
        for token in (opening, closing):
            token.markup, token.info = "linkify", "auto"
    state.pos = start + len(url)
    return True


class OpenQuote(NamedTuple):
    """A mark that may turn out to open a quotation."""

    token: int
    position: int
    single: bool
    level: int


def make_quotes_typographic(state: StateCore, clipped: re.Pattern[str]) -> None:
    """Replace straight quotation marks. The parser's rule copies the text and searches all open marks for each one."""
    if not state.md.options.typographer:
        return
    for token in state.tokens:
        if token.type == "inline" and token.children and QUOTE.search(token.content):
            _pair_quotes(token.children, state.md.options.quotes, clipped)


type Written = defaultdict[int, dict[int, str]]
"""Characters to write, by the number of the token and the position in it."""


def _pair_quotes(tokens: Sequence[Token], marks: str | Sequence[str], clipped: re.Pattern[str]) -> None:
    written: Written = defaultdict(dict)
    _find_clipped(tokens, clipped, written)
    waiting: list[OpenQuote] = []
    kinds: Counter[tuple[int, bool]] = Counter()  # Of what waits, so that a search that must fail is not begun.

    def drop() -> OpenQuote:
        mark = waiting.pop()
        kinds[mark.level, mark.single] -= 1
        return mark

    for number, found, level in _straight_marks(tokens):
        while waiting and waiting[-1].level > level:
            drop()
        if found is None or found.start() in written[number]:
            continue
        at, single = found.start(), found[0] == "'"
        may_open, may_close = _roles(found[0], _before(tokens, number, at), _after(tokens, number, at))
        if may_close and kinds[level, single]:
            while (opening := drop()).single != single:
                pass
            written[opening.token][opening.position] = marks[2 if single else 0]
            written[number][at] = marks[3 if single else 1]
        elif may_open:
            waiting.append(OpenQuote(number, at, single, level))
            kinds[level, single] += 1
        elif single:
            written[number][at] = APOSTROPHE
    for mark in waiting:
        if mark.single and YEAR.match(tokens[mark.token].content, mark.position):
            written[mark.token][mark.position] = APOSTROPHE
    _write(tokens, written)


def _straight_marks(tokens: Sequence[Token]) -> Iterator[tuple[int, re.Match[str] | None, int]]:
    """Yield the marks with the number and the level of their token; first None for each token."""
    for number, token in enumerate(tokens):
        yield number, None, token.level
        if token.type == "text":
            yield from ((number, found, token.level) for found in QUOTE.finditer(token.content))


def _find_clipped(tokens: Sequence[Token], clipped: re.Pattern[str], written: Written) -> None:
    """Find the apostrophes of words that begin with one."""
    for number, token in enumerate(tokens):
        if token.type != "text" or "'" not in token.content:
            continue
        for word in clipped.finditer(token.content):
            before, after = _before(tokens, number, word.start()), _after(tokens, number, word.start())
            if _roles("'", before, after)[0]:
                written[number][word.start()] = APOSTROPHE
                if word["end"]:
                    written[number][word.start("end")] = APOSTROPHE


def _write(tokens: Sequence[Token], written: Written) -> None:
    for number, replaced in written.items():
        text, pieces, at = tokens[number].content, [], 0
        for position in sorted(replaced):
            pieces += [text[at:position], replaced[position]]
            at = position + 1
        tokens[number].content = "".join([*pieces, text[at:]])


def _before(tokens: Sequence[Token], number: int, at: int) -> str:
    """Return the character before a mark; a blank at the beginning of a line."""
    if at:
        return tokens[number].content[at - 1]
    for token in map(tokens.__getitem__, range(number - 1, -1, -1)):
        if token.type in BREAKS:
            break
        if token.content:
            return token.content[-1]
    return " "


def _after(tokens: Sequence[Token], number: int, at: int) -> str:
    """Return the character after a mark; a blank at the end of a line."""
    if at + 1 < len(tokens[number].content):
        return tokens[number].content[at + 1]
    for token in map(tokens.__getitem__, range(number + 1, len(tokens))):
        if token.type in BREAKS:
            break
        if token.content:
            return token.content[0]
    return " "


def _roles(mark: str, before: str, after: str) -> tuple[bool, bool]:
    """Return whether a mark may open and whether it may close a quotation. One that may do neither stays as it is."""
    blank_before, blank_after = isWhiteSpace(ord(before)), isWhiteSpace(ord(after))
    sign_before, sign_after = _is_punctuation(before), _is_punctuation(after)
    may_open = not blank_after and (not sign_after or blank_before or sign_before)
    may_close = not blank_before and (not sign_before or blank_after or sign_after)
    if mark == after == '"' and "0" <= before <= "9":  # 1"" is an inch and a closing mark.
        return False, False
    if may_open and may_close:  # Between letters it is an apostrophe, between signs a quotation mark.
        return sign_before, sign_after
    return may_open, may_close


def _is_punctuation(character: str) -> bool:
    return isMdAsciiPunct(ord(character)) or isPunctChar(character)
