"""Footnotes of articles: numbers, links to and fro, and that no word is lost."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from articles.text.excerpts import plain_text
from articles.text.footnotes import without_links
from articles.text.highlighting import highlight
from articles.text.links import extract_links
from articles.text.markdown import render_article, render_blocks
from tests.corpus import render_comment
from tests.text.growth import LINEAR, growth

NOTED = """The boat[^boat] left "late"[^2].

[^2]: By the *clock*[^boat].

It came back.

[^boat]: The Ada.

    Built in 1912."""

PIECES = ["[^a]", "[^a]: ", "[^b]: ", "[^b]", "word", " ", "\n", "\n\n", "    ", "> ", "- ", "**", "[^a]: [^b]: ", "|"]


def test_the_notes_are_the_last_block_in_the_order_of_their_numbers() -> None:
    blocks = render_blocks(NOTED)
    assert [block.source[:12] for block in blocks] == ["The boat[^bo", "It came back", "[^2]: By the"]
    assert blocks[2].source.endswith("[^boat]: The Ada.\n\n    Built in 1912.")
    assert plain_text(blocks[2].html).split() == "The Ada. Built in 1912. By the clock.".split()


def test_numbers_link_to_the_notes_and_these_back_to_each_place() -> None:
    html = render_article(NOTED)
    link = '<a class="footnote-ref" id="fnref-1" href="#fn-1" role="doc-noteref" rel="noopener">1</a>'
    assert html.startswith(f"<p>The boat<sup>{link}</sup>")
    ids = re.findall(r' id="([^"]*)"', html)
    assert sorted(ids) == ["fn-1", "fn-2", "fnref-1", "fnref-1-2", "fnref-2"]
    assert set(re.findall(r'href="#([^"]*)"', html)) == set(ids)


def test_quotation_marks_beside_a_note_are_right() -> None:
    assert "“late”<sup>" in render_article(NOTED)


def test_numbers_of_notes_are_no_words_of_the_text() -> None:
    block = render_blocks(NOTED)[0]
    assert plain_text(block.html) == "The boat left “late”."
    assert plain_text(without_links(block.html)) == "The boat left “late”."
    assert "<mark>boat</mark><sup>" in highlight(block.html, [(4, 8)])
    assert "</sup><mark> left</mark>" in highlight(block.html, [(8, 13)])


def test_links_of_notes_are_no_links_of_the_article() -> None:
    assert list(extract_links(render_article(NOTED + " See [there](https://a.example/)."))) == [
        ("https://a.example/", "there")
    ]


def test_a_feed_has_the_notes_without_links_and_ids() -> None:
    html = "".join(without_links(block.html) for block in render_blocks(NOTED))
    assert "<sup>1</sup>" in html
    assert " id=" not in html
    assert "href=" not in html


@pytest.mark.parametrize("source", ["Word[^x] and [^ y].", "\\[^1]\n\n[^1]: Note"])
def test_what_refers_to_no_note_is_text(source: str) -> None:
    html = render_article(source)
    assert "<sup>" not in html
    assert "[^" in html


def test_a_note_without_a_reference_and_a_second_one_of_a_name_are_shown_last() -> None:
    html = render_article("[^a]: First.\n[^b]: Second.\n[^b]: Third.\n\nText[^b].")
    assert plain_text(html).split() == ["Text.", "Second.", "First.", "Third."]
    assert html.count("↩") == 1


def test_a_note_in_a_quotation_and_in_a_list_is_found() -> None:
    html = render_article("> Said[^1].\n>\n> [^1]: In a quotation.\n\n- One[^2].\n\n  [^2]: In a list.")
    assert html.count("<sup>") == 2
    assert "In a quotation." in html.partition("<section")[2]
    assert "In a list." in html.partition("<section")[2]


def test_a_comment_has_no_footnotes() -> None:
    assert "<sup>" not in render_comment(NOTED)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=30))
def test_no_word_of_a_note_is_lost_and_each_id_is_unique(pieces: list[str]) -> None:
    source = "text[^a]\n\n" + "".join(pieces)
    html = render_article(source)
    assert html.count("word") == source.count("word")
    ids = re.findall(r' id="([^"]*)"', html)
    assert len(ids) == len(set(ids))
    assert {target[1:] for target in re.findall(r'href="(#[^"]*)"', html)} <= set(ids)


@pytest.mark.parametrize(
    "piece", ["[^a]", "[^a]: ", "[^a]: x\n", "[^a]: [^a]\n\n", "[^", "[^a]: > ", "    [^a]: x\n", "[^a]:\n", "- [^a]: "]
)
def test_twice_the_notes_take_twice_the_time(piece: str) -> None:
    assert growth(render_article, lambda count: "[^a]: x\n\n[^a]" + piece * count, 4_000) < LINEAR


def test_many_notes_that_refer_to_each_other_take_linear_time() -> None:
    def chain(count: int) -> str:
        return "[^0]\n\n" + "".join(f"[^{number}]: see [^{number + 1}]\n\n" for number in range(count))

    assert growth(render_article, chain, 1_000) < LINEAR
