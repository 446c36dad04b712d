"""Tables in articles: what readers and screen readers get, and that no word is lost."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from articles.text.excerpts import plain_text
from articles.text.markdown import render_article, render_blocks
from tests.corpus import render_comment
from tests.text.growth import LINEAR, growth

TABLE = """| Port | Ships |
|:-----|------:|
| Hull | 1,204 |
| Oslo | *none* |"""


def test_a_table_is_a_block_of_its_own_between_two_paragraphs() -> None:
    blocks = render_blocks(f"Before.\n\n{TABLE}\n\nAfter.")
    assert [block.source for block in blocks] == ["Before.", TABLE, "After."]
    assert '<th scope="col" class="left">Port</th>' in blocks[1].html
    assert '<td class="right"><em>none</em></td>' in blocks[1].html


def test_a_wide_table_scrolls_by_itself_with_the_keyboard_and_has_the_name_of_its_head() -> None:
    html = render_article(TABLE.replace("Port", '**The "port"**'))
    assert '<div role="group" aria-label="The “port”, Ships" tabindex="0">\n<table>' in html


def test_first_cells_below_an_empty_one_name_their_rows() -> None:
    html = render_article("| | 2025 |\n|-|-|\n| Hull | 12 |")
    assert '<td></td>\n<th scope="col">2025</th>' in html
    assert '<th scope="row">Hull</th>\n<td>12</td>' in html


def test_cells_that_a_row_has_too_many_are_in_its_last_one() -> None:
    assert plain_text(render_article("a | b\n-|-\n1 | 2 | 3 | 4\n5")).split() == "a b 1 2 | 3 | 4 5".split()


def test_an_escaped_pipe_is_part_of_a_cell() -> None:
    assert "<td>a | b</td>" in render_article("| x |\n|---|\n| a \\| b |")


@pytest.mark.parametrize("source", ["a | b\n--|--|--", "a\n---|---", "a | b\n\n--|--", "| a | b |", "a | b\n- - -"])
def test_what_is_no_table_stays_as_it_was(source: str) -> None:
    assert "<table" not in render_article(source)


def test_a_comment_has_no_tables() -> None:
    assert "<table" not in render_comment(TABLE)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(["|", "a", "b1", "-", ":", "\n", " ", "\\|", "*", "`a`", "> ", "- "]), max_size=40))
def test_no_word_of_a_table_is_lost(pieces: list[str]) -> None:
    source = "x1 | x2\n--|--\n" + "".join(pieces)
    assert sorted(re.findall(r"\w", plain_text(render_article(source)))) == sorted(re.findall(r"\w", source))


@pytest.mark.parametrize("piece", ["|", "a|", "|-", "a|b\n-|-\n", "|\n", "> |a\n", "|a\\", "|-\n", "a|\n-|\n| \n"])
def test_twice_the_pipes_take_twice_the_time(piece: str) -> None:
    assert growth(render_article, lambda count: piece * count, 6_000) < LINEAR


def test_rows_without_cells_make_no_large_page() -> None:
    columns = 1_000
    source = "a|" * columns + "\n" + "-|" * columns + "\n" + "|b\n" * 5_000
    assert len(render_article(source)) < 20 * len(source)
