"""Two texts compared: nothing is lost, nothing invented, and a slip of the finger is told from another word."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.text.comparison import changes, extent, is_typo, stretches

WORDS = st.sampled_from("the sea is cold and long winter nobody believed her pier lamp boat bread at noon".split())
GAPS = st.sampled_from([" ", "  ", "\n", "\n\n"])
TEXTS = st.lists(st.tuples(WORDS, GAPS), max_size=50).map(lambda pairs: "".join(word + gap for word, gap in pairs))


@given(old=TEXTS | st.text(max_size=200), new=TEXTS | st.text(max_size=200))
def test_a_difference_applied_to_the_old_text_gives_the_new_one(old: str, new: str) -> None:
    found = changes(old, new)
    assert "".join(change.text for change in found if change.kind != "added") == old
    assert "".join(change.text for change in found if change.kind != "removed") == new


@given(old=TEXTS, new=TEXTS)
def test_only_texts_that_are_the_same_have_no_difference(old: str, new: str) -> None:
    assert (old == new) == all(change.kind == "same" for change in changes(old, new))
    assert extent(old, old).minor


@given(old=st.lists(TEXTS.map(lambda text: " ".join(text.split())).filter(bool), max_size=8), data=st.data())
def test_what_is_set_as_unchanged_stands_in_both_texts(old: list[str], data: st.DataObject) -> None:
    new = data.draw(st.permutations(old)) if data.draw(st.booleans()) else data.draw(st.lists(WORDS, max_size=6))
    for stretch in stretches(old, new):
        if not stretch.changed:
            # A paragraph that was cut in two is unchanged in its second half.
            assert all(paragraph in " ".join(text) for text in (old, new) for paragraph in stretch.paragraphs)


def test_neighbouring_words_change_together_and_not_one_by_one() -> None:
    found = changes("the old red boat went home", "the new blue ship went home")
    assert [(change.kind, change.text) for change in found] == [
        ("same", "the "),
        ("removed", "old red boat"),
        ("added", "new blue ship"),
        ("same", " went home"),
    ]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("recieve", "receive"),
        ("goverment", "government"),
        ("acommodate,", "accommodate,"),
        ("colour", "color"),
        ("don't", "don’t"),
        ('"so', "“so"),
    ],
)
def test_a_letter_inside_a_word_is_a_typing_error(old: str, new: str) -> None:
    assert is_typo(old, new) and is_typo(new, old)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        *[("million", "billion"), ("send", "sent"), ("not", "now"), ("legal", "illegal"), ("can", "can’t")],
        *[("1234", "1334"), ("Smith", "Smyth"), ("there.", "there!"), ("ten", "twenty"), ("arrive", "arrived")],
    ],
)
def test_what_may_say_something_else_is_no_typing_error(old: str, new: str) -> None:
    assert not is_typo(old, new) and not is_typo(new, old)


def test_spacing_is_minor_and_many_words_are_not() -> None:
    assert extent("One  line\n\nand another.", "One line\nand another.").minor
    typo, right = "recieve " * 6, "receive " * 6
    assert not extent(typo, right).minor


def test_the_size_of_a_change_is_counted_in_words() -> None:
    size = extent("The boat left at ten.", "The old boat left at half past ten.")
    assert (size.added, size.removed, size.minor) == (3, 0, False)


def test_a_paragraph_cut_in_two_shows_where() -> None:
    found = stretches(["one two three four"], ["one two", "three four"])
    assert [stretch.changed for stretch in found] == [True, False]
    assert "¶" in found[0].paragraphs[0]
