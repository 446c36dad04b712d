"""Two changes of one text: merged where they do not clash, and no word of either lost."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.text.merging import Clash, merge

OLD = st.sampled_from("the sea is cold and long winter nobody believed her pier lamp boat bread at noon".split())
LINES = st.lists(st.lists(OLD, min_size=1, max_size=6).map(" ".join), min_size=1, max_size=6)


KINDS = st.sampled_from(["insert", "replace", "delete", "add line", "drop line"])
EDITS = st.lists(st.tuples(KINDS, st.integers(0, 40)), max_size=5)
type Edits = list[tuple[str, int]]


def apply(lines: list[str], edits: Edits, mark: str) -> str:
    """The text after these edits; each puts in words that nobody else has."""
    lines = list(lines)
    for number, (kind, place) in enumerate(edits):
        new = f"{mark}{number}"
        if not lines or kind == "add line":
            lines.insert(place % (len(lines) + 1), f"{new} line")
            continue
        at = place % len(lines)
        words = lines[at].split()
        if kind == "drop line":
            del lines[at]
        elif kind == "insert":
            words.insert(place % (len(words) + 1), new)
        elif kind == "replace":
            words[place % len(words)] = new
        elif len(words) > 1:
            del words[place % len(words)]
        if kind != "drop line":
            lines[at] = " ".join(words)
    return "\n".join(lines)


def words_of(parts: list[str | Clash], side: str) -> Counter[str]:
    return Counter(word for part in parts for word in (part if isinstance(part, str) else getattr(part, side)).split())


@given(base=LINES, yours=EDITS, theirs=EDITS, within=st.booleans())
def test_merging_two_changes_loses_no_word_of_either(
    base: list[str], yours: Edits, theirs: Edits, within: bool
) -> None:
    start = "\n".join(base)
    mine, other = apply(base, yours, "y"), apply(base, theirs, "t")
    merged = merge(start, mine, other, within_lines=within)
    for side, text in (("yours", mine), ("theirs", other)):
        kept = words_of(merged.parts, side)
        new = Counter(word for word in text.split() if word not in start.split())
        assert new - kept == Counter(), f"{new - kept} of {side} is lost"
    # What one side left out and the other did not touch is gone; nothing comes from nowhere.
    everything = Counter(start.split()) + Counter(mine.split()) + Counter(other.split())
    assert Counter(merged.text.split()) - everything == Counter()


@given(base=LINES, yours=EDITS)
def test_a_change_of_one_alone_is_taken_whole(base: list[str], yours: Edits) -> None:
    start, mine = "\n".join(base), apply(base, yours, "y")
    for merged, outcome in (
        (merge(start, mine, start), mine),
        (merge(start, start, mine), mine),
        (merge(start, mine, mine), mine),
    ):
        assert merged.clashes == [] and merged.text == outcome


@given(base=LINES, yours=EDITS, theirs=EDITS)
def test_merging_is_even_handed(base: list[str], yours: Edits, theirs: Edits) -> None:
    start, mine, other = "\n".join(base), apply(base, yours, "y"), apply(base, theirs, "t")
    one, two = merge(start, mine, other), merge(start, other, mine)
    assert [(clash.yours, clash.theirs) for clash in one.clashes] == [
        (clash.theirs, clash.yours) for clash in two.clashes
    ]


BASE = "The boat left at ten.\n\nNobody was on board.\n\nIt came back."


def test_changes_of_different_paragraphs_are_merged() -> None:
    merged = merge(BASE, BASE.replace("ten", "nine"), BASE + "\n\nAll is well.")
    assert merged.clashes == []
    assert merged.text == "The boat left at nine.\n\nNobody was on board.\n\nIt came back.\n\nAll is well."


def test_changes_of_different_words_of_a_paragraph_are_merged_only_where_somebody_looks() -> None:
    yours, theirs = BASE.replace("boat", "ferry"), BASE.replace("ten", "nine")
    assert merge(BASE, yours, theirs).text.startswith("The ferry left at nine.")
    clash = Clash("The boat left at ten.\n\n", "The ferry left at ten.\n\n", "The boat left at nine.\n\n")
    assert merge(BASE, yours, theirs, within_lines=False).clashes == [clash]


@pytest.mark.parametrize("theirs", ["eleven", "noon"])
def test_one_word_changed_by_both_is_a_clash_that_shows_all_three(theirs: str) -> None:
    merged = merge(BASE, BASE.replace("ten", "nine"), BASE.replace("ten", theirs))
    paragraph = "The boat left at {}.\n\n"
    assert merged.clashes == [Clash(*(paragraph.format(time) for time in ("ten", "nine", theirs)))]
    assert merged.text == BASE.replace("ten", "nine")


def test_in_a_paragraph_with_a_clash_their_other_changes_are_in_the_form() -> None:
    merged = merge("a b c d e f g\n", "A b c d e f g\n", "1 b c d e f G\n")
    assert merged.clashes == [Clash("a b c d e f g\n", "A b c d e f g\n", "1 b c d e f G\n")]
    assert merged.text == "A b c d e f G\n"


def test_two_long_texts_without_a_word_in_common_are_one_clash_within_the_effort() -> None:
    base, mine, other = (" ".join(f"{mark}{number}" for number in range(9_000)) for mark in "bmo")
    assert merge(base, mine, other).clashes == [Clash(base, mine, other)]


def test_a_paragraph_that_one_dropped_and_the_other_changed_is_a_clash() -> None:
    merged = merge(BASE, BASE.replace("\n\nNobody was on board.", ""), BASE.replace("Nobody", "Everybody"))
    assert len(merged.clashes) == 1 and "Everybody" in merged.clashes[0].theirs
