"""Pictures, pull quotes and “Also on” boxes as lines of the text, in the form in which an article is written.

A line such as `[picture 1: The swing bridge]` stands where the picture will be. The number names the row; the words are
for people, and are discarded when the text is read. Such lines exist in the form alone: the stored Markdown has none.
"""

import re
import unicodedata
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.utils.translation import get_language, override, pgettext, to_locale

from articles.text.excerpts import excerpt
from articles.text.markdown import BlockLines, block_lines

PICTURE, PULL_QUOTE, ALSO_ON = "picture", "pull quote", "also on"
SLUGS = {PICTURE: "picture", PULL_QUOTE: "pull-quote", ALSO_ON: "also-on"}  # In HTML.

WORDS_LENGTH = 60  # Characters: one line of the form on most screens, and enough to tell which row is meant.
BLANKS = " \t\xa0\u202f"  # Those with which an editor may have typed the line. Python's own blanks include U+2028.
# Trailing blanks are stripped before. A line of the writer's own is marked by a backslash, or by one more than it has.
LINE = re.compile(rf"(?P<slashes>\\*)\[(?P<kind>[^\[\]:0-9]+)(?P<number>[0-9]{{1,9}})[{BLANKS}]*(?::(?P<words>.*))?\]")
NESTING = re.compile(rf"(?:[{BLANKS}>]|[-+*][{BLANKS}]|[0-9]{{1,9}}[.)][{BLANKS}])+")


@dataclass(frozen=True, slots=True)
class CompanionLine:
    """A row, and where it stands. `after` is the position of a block, from 0; None puts it at the end."""

    kind: str
    number: int
    words: str = ""
    after: int | None = None


class Problem(Enum):
    """What is wrong with a line that names a row, or seems to."""

    UNKNOWN = "unknown"  # No row has this number. The line stays in the text as words.
    REPEATED = "repeated"  # A line above names the same row. This one stays in the text as words.
    NESTED = "nested"  # In a quotation or a list, or indented. It stays in the text as words.
    IN_CODE = "in code"  # It stays in the text as words.
    IN_LIST = "in list"  # Between two parts of one list. The row is placed after the list.


@dataclass(frozen=True, slots=True)
class LineProblem:
    """A line with a problem, so that the form can say which."""

    problem: Problem
    kind: str
    number: int  # Of the row.
    text: str
    line: int  # Of the text, from 1.


@dataclass(frozen=True, slots=True)
class ReadText:
    """The text of the form, read."""

    body: str  # Markdown, without lines of companions.
    lines: list[CompanionLine]  # In the order of the text, with the words as they were typed.
    problems: list[LineProblem]  # In the order of the text.


def write_lines(body: str, lines: Sequence[CompanionLine]) -> str:
    """Return an article's Markdown with a line for each of its companions, in the active language.

    A row after a code block that is never closed comes before it, since the block takes all text that follows.

    Args:
        body: Markdown.
        lines: All rows that `read_lines` will know. Those after one block are in the order in which they'll stand.
    """
    body = _with_newlines(body)
    if not body.strip(" \t\n"):
        return "\n\n".join(map(_written, lines)) or body
    markdown = body.split("\n")
    blocks = block_lines(body)
    known = {(line.kind, line.number) for line in lines}
    for index in _outside_code(markdown, blocks):
        if (found := _match(markdown[index])) and found.row in known:
            markdown[index] = "\\" + markdown[index]
    placed = defaultdict(list)
    for line in lines:
        placed[_index_of(line, markdown, blocks)].append(_written(line))
    text: list[str] = []
    has_words = False
    for index, following in enumerate([*markdown, ""]):
        for written in placed[index]:
            text += ["", written] if has_words else [written, ""]
        if placed[index] and has_words and not _is_blank(following):
            text.append("")
        has_words = has_words or not _is_blank(following)
        text.append(following)
    return "\n".join(text[:-1])


def _index_of(line: CompanionLine, markdown: Sequence[str], blocks: Sequence[BlockLines]) -> int:
    """Return the index of the Markdown's line before which to write this one: right after its block."""
    last = len(blocks) - 1
    after = last if line.after is None else min(line.after, last)
    while after >= 0 and blocks[after].is_unclosed:
        after -= 1
    if after >= 0:
        return blocks[after].end
    # No block stands before it, but definitions of links may.
    limit = blocks[0].first if blocks else len(markdown)
    return next((index for index in range(limit, 0, -1) if not _is_blank(markdown[index - 1])), limit)


def read_lines(text: str, known: Collection[tuple[str, int]]) -> ReadText:
    """Return the Markdown of a text with lines of companions, where these stand, and what is wrong with others.

    No word is lost: a line that can't be used stays in the Markdown. A line before the first block is read as one after
    it, since rows have no place before it.

    Args:
        text: As it was typed. Any text is allowed.
        known: The kind and number of each row of the form.
    """
    typed = _with_newlines(text).split("\n")
    known = set(known)
    outside_code = set(_outside_code(typed, block_lines("\n".join(typed))))
    kept = _KeptLines()
    found: dict[tuple[str, int], tuple[_Match, int, int]] = {}  # With where it stood in the text and in the Markdown.
    problems: list[LineProblem] = []
    for index, line in enumerate(typed):
        match = _match(line)
        nested = _match(line[prefix.end() :]) if (prefix := NESTING.match(line)) else None
        problem = None
        if index not in outside_code:
            match = match or nested
            problem = Problem.IN_CODE if match and not match.slashes and match.row in known else None
        elif match and match.slashes:
            line = line[1:] if match.row in known else line
        elif match and match.row in known and match.row not in found:
            found[match.row] = match, index, kept.leave_out()
            continue
        elif match:
            problem = Problem.REPEATED if match.row in known else Problem.UNKNOWN
        elif nested and not nested.slashes and nested.row in known:
            match, problem = nested, Problem.NESTED
        if match and problem:
            problems.append(LineProblem(problem, *match.row, line, index + 1))
        kept.append(line)
    body = "\n".join(kept.lines)
    blocks = block_lines(body)
    firsts = [block.first for block in blocks]
    lines = []
    for match, index, place in found.values():
        after = max(bisect_left(firsts, place) - 1, 0) if blocks else None
        if after is not None and firsts[after] < place < blocks[after].end:
            problems.append(LineProblem(Problem.IN_LIST, *match.row, typed[index], index + 1))
        lines.append(CompanionLine(*match.row, match.words, after))
    return ReadText(body, lines, sorted(problems, key=lambda problem: problem.line))


@dataclass(frozen=True, slots=True)
class _Match:
    slashes: int
    row: tuple[str, int]
    words: str


def _match(text: str) -> _Match | None:
    """Return what a line of the text says, if it is one of a companion, or would be without backslashes before it."""
    match = LINE.fullmatch(text.rstrip(BLANKS)) if text[:1] in ("[", "\\") else None
    kind = _kinds(get_language()).get(_folded(match["kind"])) if match else None
    if not match or not kind:
        return None
    return _Match(len(match["slashes"]), (kind, int(match["number"])), (match["words"] or "").strip(BLANKS))


class _KeptLines:
    """Lines that stay. Where one is left out, a blank line separates what comes before it from what follows."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self._has_words = False
        self._separates = False

    def append(self, line: str) -> None:
        is_blank = _is_blank(line)
        if self._separates:
            if not self._has_words and is_blank:
                return
            if self._has_words and not is_blank:
                self.lines.append("")
            self._separates = False
        self._has_words = self._has_words or not is_blank
        self.lines.append(line)

    def leave_out(self) -> int:
        """Leave out a line, and the blank ones before it. Return where it would have been."""
        while self._has_words and _is_blank(self.lines[-1]):
            self.lines.pop()
        self._separates = True
        return len(self.lines)


def _written(line: CompanionLine) -> str:
    words = excerpt(line.words, WORDS_LENGTH)
    return f"[{_names()[line.kind]} {line.number}{words and ': '}{words}]"


def _outside_code(lines: Sequence[str], blocks: Sequence[BlockLines]) -> Iterator[int]:
    """Yield the index of each line that isn't in a top-level code block. No line of a nested one begins with “[”."""
    start = 0
    for block in blocks:
        if block.is_code:
            yield from range(start, block.first)
            start = len(lines) if block.is_unclosed else block.end
    yield from range(start, len(lines))


def _is_blank(line: str) -> bool:
    return not line.strip(" \t")  # As Markdown means it.


def _with_newlines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _names() -> dict[str, str]:
    """Return the names of the kinds in the active language."""
    return {
        PICTURE: pgettext("line in the text of an article", "picture"),
        PULL_QUOTE: pgettext("line in the text of an article", "pull quote"),
        ALSO_ON: pgettext("line in the text of an article", "also on"),
    }


def names_of_kinds() -> dict[str, list[str]]:
    """Return all names of each kind (by its slug), first the one to write, for the script that draws the lines."""
    spoken = _all_names(get_language())
    return {slug: list(dict.fromkeys(names[kind] for names in spoken)) for kind, slug in SLUGS.items()}


@lru_cache
def _kinds(language: str | None) -> dict[str, str]:
    """Return the kind for each of its names. The active language wins, where one name means two things."""
    return {_folded(name): kind for names in reversed(_all_names(language)) for kind, name in names.items()}


@lru_cache
def _all_names(language: str | None) -> list[dict[str, str]]:
    """Return the names in each language of the interface, since two editors may use two of them; this one first."""
    names = []
    for spoken in (language, *_languages(), None):  # None is English, in which the project is written.
        with override(spoken):
            names.append(_names())
    return names


def _languages() -> list[str]:
    """Return the languages of the interface: those of Django's that have a translation of our own."""
    folders = [Path(folder) for folder in settings.LOCALE_PATHS]
    return [code for code, _name in settings.LANGUAGES if any((path / to_locale(code)).is_dir() for path in folders)]


def _folded(name: str) -> str:
    return unicodedata.normalize("NFC", " ".join(name.split())).casefold()
