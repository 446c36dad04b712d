"""Straight quotation marks become those of the article's language, and straight apostrophes typographic ones.

First the marks of each language, then the rule of the Markdown parser that pairs them. It takes linear time where the
parser's own takes quadratic time; the result is the same, except that apostrophes before decades, years and the
language's clipped words aren't read as quotation marks.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from functools import partial
from typing import NamedTuple

from markdown_it import MarkdownIt
from markdown_it.common.utils import isMdAsciiPunct, isPunctChar, isWhiteSpace
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

type Marks = tuple[str, str, str, str]
"""Opening and closing, then the same for a quotation in a quotation."""

ENGLISH: Marks = ("“", "”", "‘", "’")
_LOW: Marks = ("„", "“", "‚", "‘")
_LOW_HIGH: Marks = ("„", "”", "‚", "’")
_LOW_AND_ANGLES: Marks = ("„", "”", "«", "»")
_ANGLES: Marks = ("«", "»", "“", "”")
_ANGLES_AND_LOW: Marks = ("«", "»", "„", "“")
_SPACED_ANGLES: Marks = ("«\u202f", "\u202f»", "“", "”")  # With narrow no-break spaces.
_HIGH: Marks = ("”", "”", "’", "’")

# From Unicode's CLDR and the style guides of newspapers. A language that isn't here has English marks.
MARKS: dict[str, Marks] = {
    **dict.fromkeys(("de", "cs", "sk", "sl", "is", "lt", "lv", "et", "bg", "ka", "hsb", "dsb", "lb", "mk", "sq"), _LOW),
    **dict.fromkeys(("hr", "sr", "bs", "nl-be", "af"), _LOW_HIGH),
    **dict.fromkeys(("pl", "ro"), _LOW_AND_ANGLES),
    **dict.fromkeys(("es", "it", "ca", "gl", "eu", "pt-pt", "el", "hy", "az", "kk", "uz"), _ANGLES),
    **dict.fromkeys(("ru", "uk", "be"), _ANGLES_AND_LOW),
    **dict.fromkeys(("sv", "fi", "he"), _HIGH),
    **dict.fromkeys(("fr", "br"), _SPACED_ANGLES),
    **dict.fromkeys(("nb", "nn", "no"), ("«", "»", "‘", "’")),
    **dict.fromkeys(("ar", "fa", "ur", "ps", "ckb", "de-ch", "fr-ch", "it-ch", "de-li"), ("«", "»", "‹", "›")),
    "hu": ("„", "”", "»", "«"),
    **dict.fromkeys(("ja", "zh-hant", "zh-tw", "zh-hk"), ("「", "」", "『", "』")),
}

# Words that begin with an apostrophe, without it, and can't be the first word of a quotation: “'tis”, “rock 'n' roll”,
# “'s avonds”, “'ne Idee”, “'ndrangheta”.
ELISIONS: dict[str, tuple[str, ...]] = {
    "en": ("tis", "twas", "twere", "twill", "twould", "em", "til", "cos", "coz", "neath", "tween", "n", "nuff"),
    "de": ("n", "ne", "nem", "nen", "ner", "s"),
    **dict.fromkeys(("nl", "af"), ("t", "s", "n", "k", "r", "m")),
    "it": ("ndrangheta",),
    "sv": ("n", "na"),
}

QUOTE = re.compile(r"['\"]")
APOSTROPHE = "’"
DECADE = r"\d0['’]?s"  # '60s
YEAR = re.compile(r"'\d\d(?![\w.,]*\d)(?!\w)")  # '68, unless a quotation that begins there ends.
BREAKS = ("softbreak", "hardbreak")


def elisions_of(language: str) -> tuple[str, ...]:
    """Return the words of a language code that begin with an apostrophe; English ones if there is no code."""
    return ELISIONS.get(language.lower().replace("_", "-").partition("-")[0] or "en", ())


def marks_of(language: str) -> Marks:
    """Return the marks of a language code, of the longest part of it that is known: “de-at” has those of “de”."""
    code = language.lower().replace("_", "-")
    while code:
        if code in MARKS:
            return MARKS[code]
        code = code.rpartition("-")[0]
    return ENGLISH


def add_to(dialect: MarkdownIt, elisions: Sequence[str]) -> None:
    """Replace the parser's rule for quotation marks in one dialect. Its option `quotes` has the marks.

    Args:
        elisions: Words that begin with an apostrophe, without it.
    """
    clipped = re.compile(rf"'(?:{'|'.join((DECADE, *elisions))})(?!\w)(?P<end>(?<='n)')?", re.IGNORECASE)
    dialect.core.ruler.at("smartquotes", partial(make_quotes_typographic, clipped=clipped))


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
