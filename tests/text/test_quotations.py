"""Whose words a comment has, and quotation marks around marks."""

import pytest

from articles.text.quotations import comment_excerpt, nested, own_text, text_with_quotations
from tests.corpus import render_comment
from tests.text.growth import LINEAR, growth


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("> Q\n\nA", "A"),
        ("> Q\nlazily\n\nA", "A"),
        ("A\n\n> Q", "A"),
        ("A\n\n> Q\n\nB\n> Q", "A … B"),
        ("> > Q\n>\n> Q\n\nA", "A"),
        ("- > Q\n\n  A", "A"),
        ("```\n> A\n```", "> A"),
        ("\\> A", "> A"),
        ("> Q", "Quotation: Q"),
        ("> > Q\n\n> R", "Quotation: Q R"),
    ],
)
def test_an_excerpt_has_the_words_of_its_author(body: str, words: str) -> None:
    """cases.md T3: the inbox showed a recipient's own sentence as that of the replier."""
    assert comment_excerpt(render_comment(body), 160) == words


def test_a_quotation_too_deep_for_the_parser_is_text() -> None:
    assert own_text(render_comment("> " * 40 + "A")).endswith("> A")


def test_plain_text_marks_the_lines_of_a_quotation() -> None:
    html = render_comment("Before\n\n> One &amp; <b>\n> two\n>\n> > three\n\nAfter")
    lines = [line for line in text_with_quotations(html).split("\n") if line.strip("> ")]
    assert lines == ["Before", "> One & <b>", "> two", "> > three", "After"]


@pytest.mark.parametrize(
    ("text", "inside"),
    [
        ("“I said it.”", "‘I said it.’"),
        ("He said “no” and “don’t”.", "He said ‘no’ and ‘don’t’."),
        ("“He said ‘no’ to us,” she said.", "‘He said “no” to us,’ she said."),
        ("‘No’ is the boats’ answer", "‘No’ is the boats’ answer"),
        ("“I said that the…", "‘I said that the…’"),
        ("that I said,” she added", "‘that I said,’ she added"),
        ('A "straight" pair, a 5" pipe', 'A ‘straight’ pair, a 5" pipe'),
        ("It’s the boats’", "It’s the boats’"),
        ("„Er kommt“, sagte „sie“.", "‚Er kommt‘, sagte ‚sie‘."),
        ("„On idzie”, powiedziała.", "‚On idzie’, powiedziała."),
        ("Han sa ”hej” och gick", "Han sa ’hej’ och gick"),
        ("«Non», he said", "«Non», he said"),
        ("", ""),
    ],
)
def test_marks_inside_marks_are_the_other_kind(text: str, inside: str) -> None:
    """cases.md T12."""
    assert nested(text) == inside


def test_twice_the_stray_marks_take_twice_the_time() -> None:
    assert nested("a” b”") == "‘‘a’ b’"
    assert growth(nested, lambda count: "”" * count, 20_000) < LINEAR
