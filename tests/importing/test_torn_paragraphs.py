"""Paragraphs that a page break tore in two are joined, and told."""

from collections.abc import Callable

import pytest

from articles.importing.records import Kind, Record

Reads = Callable[..., Record]

LONG = "When the boat show in Port Ellery ended on Sunday, the chairman thanked the retired net maker "


@pytest.mark.parametrize(
    ("one", "two"),
    [
        (LONG + "Bartholomew", "Quint for the barn that he lent."),
        (LONG + "and the", "Ferry Company for the barn that it lent to the town in the winter of that year."),
        (LONG + "who had", "lent the town a barn for the winter of that year and for the spring as well, it seems."),
        ("The gull flew to", "the roof of the chapel, where it stayed until the evening."),
        (LONG + "*Bartholomew*", "Quint for the barn that he lent."),
    ],
)
def test_a_torn_paragraph_is_mended_and_told(read_body: Reads, one: str, two: str) -> None:
    record = read_body(f"{one}\n\n{two}")
    assert f"{one} {two}" in record.body
    assert record.paragraphs == 3
    (repair,) = [d for d in record.decisions if d.kind is Kind.REPAIR]
    assert "|" in repair.value and 0 < repair.confidence < 1
    assert record.misplaced == ""


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("What happens next", "The council meets again in the spring, when there is coal."),
        ("The colours of the benches are these:", "Green, and then some more green, and a little blue."),
        ("flour", "butter"),
        (LONG + "“for everything.”", "Nobody else was thanked that day, which was noticed by all."),
        (LONG + "for everything!", "nobody else was thanked that day, which was noticed by all."),
        (LONG + "for the barn", "The gull was seen again on the roof of the chapel on the evening of that day."),
    ],
)
def test_headings_and_lists_are_not_joined(read_body: Reads, one: str, two: str) -> None:
    record = read_body(f"{one}\n\n{two}")
    assert f"{one}\n\n{two}" in record.body


def test_a_box_in_the_tear_goes_behind_the_mended_paragraph(read_body: Reads) -> None:
    record = read_body("The gull flew to\n\nREAD MORE: Gull steals hat\n\nthe roof of the chapel, where it stayed.")
    assert "The gull flew to the roof of the chapel" in record.body
    assert [box.after for box in record.related] == [1]


def test_markdowns_own_blocks_are_kept(read_body: Reads) -> None:
    middle = "## A heading\n\n- one\n\n- two\n\n1. first\n2. second\n\n> quoted\n\n```\ncode [x](#)\n\nmore\n```"
    record = read_body(f"{middle}\n\nREAD MORE: Gull steals hat", name="a.md")
    assert middle in record.body
    assert record.misplaced == ""
    assert [box.after for box in record.related] == [5]
