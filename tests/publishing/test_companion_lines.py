"""Lines of companions in the text: nothing is lost, and what was saved comes back as it was."""

import re
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.utils.translation import override
from hypothesis import given, settings
from hypothesis import strategies as st

from articles.publishing import companion_lines
from articles.publishing.companion_lines import (
    ALSO_ON,
    PICTURE,
    PULL_QUOTE,
    CompanionLine,
    LineProblem,
    Problem,
    ReadText,
    names_of_kinds,
    read_lines,
    write_lines,
)
from articles.text.markdown import block_lines, render_article, render_blocks
from tests.text.growth import LINEAR, growth

KINDS = (PICTURE, PULL_QUOTE, ALSO_ON)
KNOWN = {(kind, number) for kind in KINDS for number in (1, 2)}
NAMES = {"picture": "Bild", "pull quote": "Großes Zitat", "also on": "Siehe auch"}

BLOCKS = [
    *("Words.", "Two\nlines.", "## Head", "- a\n- b", "1. a\n\n2. b", "> Quoted\n> twice", "***", "```\ncode\n```"),
    "a | b\n--|--",
]
PIECES = [
    *("Words", "Two\nlines", "# H", "- a", "* b", "1. c", "> q", "> > r", "***", "===", "```", "~~~", "  ```", "    x"),
    *("[a]: http://a.example", "[a]: http://a.example 't", "[a]", "", "", "", " ", "\xa0", "\u2028", "\x0c", "\\"),
    *("[picture 1]", "[picture 2: Words]", "[Pull  Quote 1:a ] b]", "[also\xa0on 1 : c] ", "[picture 9]", "[picture]"),
    *("\\[picture 1]", "\\\\[picture 1]", "\\[picture 9]", "> [picture 1]", "- [pull quote 2]", "  [also on 2]"),
    *("[picture 1: a]: http://a.example]", "[picture 01]", ">" * 13 + " deep", "a\rb", "a\r\nb", "- ```"),
    *("a | b", "--|--"),
]
TEXTS = st.lists(st.sampled_from(PIECES), max_size=14).map("\n".join)
LINES = st.lists(
    st.builds(
        CompanionLine,
        st.sampled_from(KINDS),
        st.sampled_from([1, 2]),
        st.sampled_from(["", "The bridge", "a [b] c", "x]", " two\nlines ", "w" * 200]),
        st.none() | st.integers(0, 8),
    ),
    max_size=6,
    unique_by=lambda line: (line.kind, line.number),
)

EXAMPLES = settings(derandomize=True, max_examples=300)


def places(read: ReadText) -> list[tuple[str, int, int | None]]:
    return [(line.kind, line.number, line.after) for line in read.lines]


def rows_of(lines: list[CompanionLine]) -> set[tuple[str, int]]:
    return {(line.kind, line.number) for line in lines}


def with_newlines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def words_of(text: str) -> list[str]:
    return sorted(word.casefold().removeprefix("0") for word in re.findall(r"\w+", text))


def rendered(body: str) -> list[str]:
    """The blocks' HTML. A blank line at the end of code that is never closed is no difference."""
    return [re.sub(r"\n+</code>", "</code>", block.html) for block in render_blocks(body)]


@EXAMPLES
@given(TEXTS | st.text())
def test_any_text_is_read_and_no_word_of_it_is_lost(text: str) -> None:
    read = read_lines(text, KNOWN)
    lines = " ".join(f"{line.kind} {line.number} {line.words}" for line in read.lines)
    assert words_of(f"{read.body} {lines}") == words_of(text)


@EXAMPLES
@given(TEXTS)
def test_each_line_that_names_a_row_is_placed_or_a_problem(text: str) -> None:
    read = read_lines(text, KNOWN)
    line = r"[ \t\xa0>]*(?:[-*] )?\[(?:picture|pull\s+quote|also\son)\s*0?[12]\s?(?::.*)?\][ \t\xa0]*"
    given = sum(bool(re.fullmatch(line, row, re.IGNORECASE)) for row in re.split(r"\r\n|\r|\n", text))
    kept = [problem for problem in read.problems if problem.problem not in (Problem.UNKNOWN, Problem.IN_LIST)]
    assert len(read.lines) + len(kept) == given
    assert len(rows_of(read.lines)) == len(read.lines)


@EXAMPLES
@given(st.lists(st.sampled_from(BLOCKS), max_size=8), LINES)
def test_a_text_is_read_as_it_was_written(blocks: list[str], lines: list[CompanionLine]) -> None:
    body = "\n\n".join(blocks)
    last = len(render_blocks(body)) - 1
    read = read_lines(write_lines(body, lines), rows_of(lines))
    assert read.body == body
    assert read.problems == []
    # Python sorts stably: rows after one block keep their order.
    wanted = [(line, last if line.after is None else min(line.after, last)) for line in lines]
    in_order = sorted(wanted, key=lambda pair: pair[1])
    assert places(read) == [(line.kind, line.number, None if last < 0 else after) for line, after in in_order]


@EXAMPLES
@given(TEXTS, LINES)
def test_any_stored_text_renders_the_same_and_keeps_its_places(body: str, lines: list[CompanionLine]) -> None:
    read = read_lines(write_lines(body, lines), rows_of(lines))
    assert rendered(read.body) == rendered(with_newlines(body))
    last = len(render_blocks(body)) - 1
    ends_in_code = last > 0 and block_lines(with_newlines(body))[last].is_unclosed
    wanted = {}
    for line in lines:
        after = last if line.after is None else min(line.after, last)
        wanted[line.kind, line.number] = None if last < 0 else after - (ends_in_code and after == last)
    assert {(kind, number): after for kind, number, after in places(read)} == wanted


@EXAMPLES
@given(TEXTS)
def test_what_was_read_once_stays_as_it_is_to_the_letter(text: str) -> None:
    first = read_lines(text, KNOWN)
    shown = write_lines(first.body, first.lines)
    second = read_lines(shown, rows_of(first.lines))
    assert rendered(second.body) == rendered(first.body)
    assert write_lines(second.body, second.lines) == shown
    assert places(second) == places(read_lines(write_lines(second.body, second.lines), rows_of(second.lines)))


def test_lines_stand_after_their_blocks_with_a_blank_line_on_either_side() -> None:
    lines = [
        CompanionLine(PICTURE, 1, "The swing bridge", 0),
        CompanionLine(PULL_QUOTE, 2, "It is the best Sunday", 0),
        CompanionLine(ALSO_ON, 1, "", None),
    ]
    text = write_lines("One.\n## Two\n\n\nThree.", lines)
    assert text == (
        "One.\n\n[picture 1: The swing bridge]\n\n[pull quote 2: It is the best Sunday]\n\n## Two\n\n\nThree."
        "\n\n[also on 1]"
    )


def test_long_words_are_cut_to_one_line() -> None:
    text = write_lines("", [CompanionLine(PULL_QUOTE, 1, "the best Sunday\nwe have had " * 9)])
    assert text == "[pull quote 1: the best Sunday we have had the best Sunday we have had the…]"


@pytest.mark.parametrize(
    "line", ["[picture 1]", "[Picture 1: a ] b]", "[ PICTURE\xa001 : a]\xa0 ", "[picture 1:]", "[picture\t1]\t"]
)
def test_blanks_case_and_brackets_in_the_words_are_forgiven(line: str) -> None:
    read = read_lines(f"One.\n\n{line}\n\nTwo.", KNOWN)
    assert read.body == "One.\n\nTwo."
    assert places(read) == [(PICTURE, 1, 0)]


@pytest.mark.parametrize("line", ["[picture]", "[picture 1] here", "see [picture 1]", "[picture one]", "[portrait 1]"])
def test_other_brackets_are_words(line: str) -> None:
    assert read_lines(line, KNOWN) == ReadText(line, [], [])


def test_a_line_inside_a_paragraph_divides_it() -> None:
    read = read_lines("One\n[picture 1]\n---\n> Two\n[picture 2]\nthree", KNOWN)
    assert read.body == "One\n\n---\n> Two\n\nthree"
    assert places(read) == [(PICTURE, 1, 0), (PICTURE, 2, 2)]


def test_a_line_before_the_first_block_is_placed_after_it() -> None:
    assert read_lines("\n[picture 1]\n\nOne.\n\nTwo.", KNOWN) == ReadText(
        "\nOne.\n\nTwo.", [CompanionLine(PICTURE, 1, "", 0)], []
    )
    assert read_lines("[picture 1]", KNOWN) == ReadText("", [CompanionLine(PICTURE, 1, "", None)], [])


def test_a_line_of_no_row_stays_with_the_words() -> None:
    read = read_lines("One.\n\n[picture 7: Gone]", KNOWN)
    assert read.body == "One.\n\n[picture 7: Gone]"
    assert read.problems == [LineProblem(Problem.UNKNOWN, PICTURE, 7, "[picture 7: Gone]", 3)]


def test_the_second_line_of_a_row_stays_with_the_words_and_is_the_writers_own_from_then_on() -> None:
    read = read_lines("One.\n\n[picture 1]\n\nTwo.\n\n[picture 1]", KNOWN)
    assert read.body == "One.\n\nTwo.\n\n[picture 1]"
    assert places(read) == [(PICTURE, 1, 0)]
    assert read.problems == [LineProblem(Problem.REPEATED, PICTURE, 1, "[picture 1]", 7)]
    shown = write_lines(read.body, read.lines)
    assert shown == "One.\n\n[picture 1]\n\nTwo.\n\n\\[picture 1]"
    assert read_lines(shown, KNOWN) == ReadText(read.body, read.lines, [])


@pytest.mark.parametrize("row", ["> [picture 1]", "- [picture 1]", "2. [picture 1]", "- > [picture 1]", " [picture 1]"])
def test_a_line_in_a_quotation_or_a_list_stays_with_the_words(row: str) -> None:
    read = read_lines(row, KNOWN)
    assert read == ReadText(row, [], [LineProblem(Problem.NESTED, PICTURE, 1, row, 1)])


def test_a_line_between_two_halves_of_a_list_goes_after_the_list() -> None:
    read = read_lines("- a\n\n[picture 1]\n\n- b\n\nEnd.", KNOWN)
    assert read.body == "- a\n\n- b\n\nEnd."
    assert places(read) == [(PICTURE, 1, 0)]
    assert [problem.problem for problem in read.problems] == [Problem.IN_LIST]
    assert write_lines(read.body, read.lines) == "- a\n\n- b\n\n[picture 1]\n\nEnd."


def test_code_stays_as_it_is_to_the_letter() -> None:
    code = "```\n[picture 1]\n\\[picture 2]\n```"
    read = read_lines(code, KNOWN)
    assert read == ReadText(code, [], [LineProblem(Problem.IN_CODE, PICTURE, 1, "[picture 1]", 2)])
    assert write_lines(code, [CompanionLine(PICTURE, 1, "", 0)]) == f"{code}\n\n[picture 1]"


def test_a_row_after_a_code_block_that_is_never_closed_comes_before_it() -> None:
    lines = [CompanionLine(PICTURE, 1, "", 1)]
    assert write_lines("One.\n\n```\ncode\n", lines) == "One.\n\n[picture 1]\n\n```\ncode\n"
    assert write_lines("~~~\n    ~~~", lines) == "[picture 1]\n\n~~~\n    ~~~"


def test_lines_end_at_newlines_alone() -> None:
    words = "One\u2028[picture 1]\x0b\x0c\x85\xa0two"
    assert read_lines(words, KNOWN) == ReadText(words, [], [])
    assert read_lines("One.\r\n\r\n[picture 1]\r\rTwo.", KNOWN).body == "One.\n\nTwo."


def test_definitions_of_links_are_no_blocks() -> None:
    line = CompanionLine(PICTURE, 1)
    assert write_lines("[a]: http://a.example", [line]) == "[a]: http://a.example\n\n[picture 1]"
    assert read_lines("[a]: http://a.example\n\n[picture 1]", KNOWN).lines == [line]


@pytest.fixture
def german(tmp_path: Path, settings: Any) -> Iterator[None]:
    texts = {f"line in the text of an article\x04{kind}": name for kind, name in NAMES.items()}
    folder = tmp_path / "de" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    folder.joinpath("django.mo").write_bytes(mo_file({"": "Content-Type: text/plain; charset=UTF-8\n"} | texts))
    settings.LOCALE_PATHS = [tmp_path]
    for cached in (companion_lines._kinds, companion_lines._all_names):
        cached.cache_clear()
    yield
    for cached in (companion_lines._kinds, companion_lines._all_names):
        cached.cache_clear()


def mo_file(texts: dict[str, str]) -> bytes:
    """The texts as gettext's binary file: a header, two tables of lengths and places, and the texts themselves."""
    pairs = [[text.encode() for text in pair] for pair in sorted(texts.items())]
    start = 28 + 16 * len(pairs)
    tables, data = [b"", b""], b""
    for side in (0, 1):
        for pair in pairs:
            tables[side] += struct.pack("<2I", len(pair[side]), start + len(data))
            data += pair[side] + b"\0"
    return struct.pack("<7I", 0x950412DE, 0, len(pairs), 28, 28 + 8 * len(pairs), 0, 0) + tables[0] + tables[1] + data


@pytest.mark.usefixtures("german")
def test_two_editors_may_use_two_languages() -> None:
    lines = [CompanionLine(kind, 1, "Worte", 0) for kind in KINDS]
    english = write_lines("One.", lines)
    with override("de"):
        german = write_lines("One.", lines)
        assert german == "One.\n\n[Bild 1: Worte]\n\n[Großes Zitat 1: Worte]\n\n[Siehe auch 1: Worte]"
        assert read_lines(english, KNOWN) == read_lines(german, KNOWN)
    assert read_lines(german.replace("Großes", "GROSSES"), KNOWN) == read_lines(english, KNOWN)


@pytest.mark.usefixtures("german")
def test_the_form_knows_the_names_in_all_languages_and_writes_that_of_the_active_one() -> None:
    assert names_of_kinds()["picture"] == ["picture", "Bild"]
    with override("de"):
        assert names_of_kinds()["pull-quote"] == ["Großes Zitat", "pull quote"]


@pytest.mark.parametrize("piece", ["[picture 1]\n\n", "]    ", "> ", "[picture 9]\n", "\n", "1. [picture 1]\n"])
def test_twice_the_text_takes_twice_the_time_to_read(piece: str) -> None:
    assert growth(lambda text: read_lines("[picture 1:" + text, KNOWN), lambda size: piece * size, 4_000) < LINEAR


def test_twice_the_text_takes_twice_the_time_to_write() -> None:
    lines = [CompanionLine(PICTURE, number, "", number) for number in range(100)]
    assert growth(lambda text: write_lines(text, lines), lambda size: "One.\n\n[picture 1]\n\n" * size, 2_000) < LINEAR


def test_the_html_is_that_of_the_text_without_its_lines() -> None:
    body = "One.\n\n- a\n- b\n\n> Two.\n"
    lines = [CompanionLine(PICTURE, 1, "", 1), CompanionLine(ALSO_ON, 2, "", 0)]
    assert render_article(read_lines(write_lines(body, lines), KNOWN).body) == render_article(body)


def test_lines_stand_before_and_after_footnotes_and_tables() -> None:
    body = "One[^1].\n\na | b\n--|--\n1 | 2\n\n[^1]: First.\n[^2]: Second."
    lines = [CompanionLine(PICTURE, 1, "", 1), CompanionLine(PICTURE, 2, "", 2)]
    text = write_lines(body, lines)
    assert text == body.replace("\n\n[^1]", "\n\n[picture 1]\n\n[^1]") + "\n\n[picture 2]"
    assert read_lines(text, KNOWN) == ReadText(body, lines, [])


def test_a_line_after_footnotes_in_the_middle_of_the_text_comes_at_its_end() -> None:
    body = "One[^1].\n\n[^1]: First.\n\nTwo."
    text = write_lines(body, [CompanionLine(PICTURE, 1, "", 2)])
    assert text == f"{body}\n\n[picture 1]"
    assert read_lines(text, KNOWN) == ReadText(body, [CompanionLine(PICTURE, 1, "", 1)], [])
