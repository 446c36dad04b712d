"""The parser's rules that were replaced, for URLs and quotation marks: the same result, in linear time."""

import re

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.rules_core import smartquotes
from markdown_it.rules_inline import linkify

from articles.text import bare_urls, markdown, quotation_marks
from articles.text.markdown import ParsedComment, render_blocks, typographic
from articles.text.quotation_marks import ENGLISH
from tests.text.growth import LINEAR, growth

PIECES = [
    *("'", '"', "a", "b1", "1", " ", "\n", "*", "**", "`", "(", ")", "[x](y)", ".", "—", "http://a.example/b", "://"),
    *("https", "ftp", "\\", "é", "http://a.example/(b)", "mailto:a@b.example", "“", "<", "&amp;", "HTTP://a.example*"),
]


def original() -> MarkdownIt:
    dialect = MarkdownIt("zero", {**markdown._options}).enable([*markdown._inline, "blockquote", "list", "autolink"])
    assert dialect.linkify is not None
    dialect.linkify.set({"fuzzy_link": False, "fuzzy_email": False, "fuzzy_ip": False})
    return dialect


def replaced() -> MarkdownIt:
    dialect = original()
    bare_urls.add_to(dialect)
    quotation_marks.add_to(dialect, elisions=[])
    return dialect


@settings(max_examples=400, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=30).map("".join))
def test_the_result_is_that_of_the_parsers_own_rules(text: str) -> None:
    assume(not re.search(r"'\d\d", text))  # Years and decades have an apostrophe here.
    assert replaced().render(text) == original().render(text)


def test_the_rules_are_in_place() -> None:
    for dialect in (*markdown._article_dialects(ENGLISH), markdown._comment, markdown._flat_comment):
        assert linkify not in dialect.inline.ruler.getRules("")
    assert smartquotes not in markdown._line_dialect(ENGLISH).core.ruler.getRules("")


@pytest.mark.parametrize(
    ("piece", "size"),
    [
        ("://", 12_000),
        ('[x](a "', 8_000),
        ("a://", 12_000),
        ("http://a.example/(", 2_000),
        ('"a *b* ', 8_000),
        ('a "b" ', 8_000),
        ("'a \"b ", 12_000),
        ("[x](a '", 8_000),
        ("'60s ", 12_000),
        ("'68 'n' ", 8_000),
    ],
)
def test_twice_the_text_takes_twice_the_time(piece: str, size: int) -> None:
    """cases.md I17."""
    assert growth(render_blocks, lambda count: piece * count, size) < LINEAR


def test_twice_the_open_quotation_marks_take_twice_the_time() -> None:
    """cases.md I17: marks that wait for a partner, before marks of the other kind that have none."""
    for function in (render_blocks, ParsedComment, typographic):
        assert growth(function, lambda count: '"a ' * count + "b' " * count, 12_000) < LINEAR


def test_a_longer_url_than_the_paper_keeps_is_text() -> None:
    short, long = "https://a.example/" + "b" * 1_900, "https://a.example/" + "b" * 2_100
    assert f'href="{short}"' in render_blocks(f"See {short} there.")[0].html
    assert "<a " not in render_blocks(f"See {long} there.")[0].html
