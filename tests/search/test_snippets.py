"""Highlights and the part of a text that a search result shows."""

from articles.search.query_parser import parse_query
from articles.search.snippets import highlight, snippet


def test_matches_are_highlighted_as_they_were_written() -> None:
    stems = parse_query("ferries skarvoy cafe").stems
    assert highlight("The <b>ferry</b> & the CAFÉ’s", stems) == (
        "The &lt;b&gt;<mark>ferry</mark>&lt;/b&gt; &amp; the <mark>CAFÉ’s</mark>"
    )


def test_a_snippet_is_the_part_with_most_of_the_words() -> None:
    text = "A bell. " + "Nothing here at all. " * 40 + "The fog bell rang. " + "Nothing more. " * 40
    found = snippet(text, parse_query("fog bell").stems)
    assert found is not None
    assert "The <mark>fog</mark> <mark>bell</mark> rang" in found.html
    assert found.html.startswith("… ")
    assert found.html.endswith(" …")
    assert len(found.html) < 320
    assert snippet(text, parse_query("whale").stems) is None


def test_a_text_of_one_endless_word_has_no_snippet() -> None:
    assert snippet("x" * 500_000, parse_query("x").stems) is None
