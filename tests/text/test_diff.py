"""Differences are minimal and bounded, lose and invent nothing, and tell a slip of the finger from another word."""

from unittest import mock

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.text import diff
from articles.text.diff import changes, extent, is_typo, matching_runs, opcodes, similarity, stretches

LETTERS = st.lists(st.sampled_from("abcd"), max_size=30)


def longest_common(a: list[str], b: list[str]) -> int:
    rows = [[0] * (len(b) + 1) for _ in range(len(a) + 1)]
    for i, x in enumerate(a):
        for j, y in enumerate(b):
            rows[i + 1][j + 1] = rows[i][j] + 1 if x == y else max(rows[i][j + 1], rows[i + 1][j])
    return rows[-1][-1]


@given(old=LETTERS, new=LETTERS)
def test_the_opcodes_lead_from_one_to_the_other_by_the_fewest_changes(old: list[str], new: list[str]) -> None:
    made: list[str] = []
    i = j = same = 0
    for tag, a, b, c, d in opcodes(old, new):
        assert (a, c) == (i, j), "without a gap"
        assert (tag == "equal") == (old[a:b] == new[c:d] and a < b)
        assert {"delete": c == d, "insert": a == b, "replace": a < b and c < d}.get(tag, True)
        made += new[c:d]
        same += b - a if tag == "equal" else 0
        i, j = b, d
    assert (i, j) == (len(old), len(new))
    assert made == new
    assert same == longest_common(old, new)


@given(old=LETTERS, new=LETTERS, cells=st.integers(0, 400))
def test_beyond_the_size_limit_the_opcodes_still_lead_there(old: list[str], new: list[str], cells: int) -> None:
    with mock.patch.object(diff, "CELLS_MAX", cells):
        made = [letter for _tag, _a, _b, c, d in opcodes(old, new) for letter in new[c:d]]
    assert made == new


@given(old=LETTERS, new=LETTERS)
def test_beyond_the_size_limit_only_the_common_ends_match(old: list[str], new: list[str]) -> None:
    with mock.patch.object(diff, "CELLS_MAX", -1):
        (first, begin, prefix), (last, end, suffix), _ends = matching_runs(old, new)
    assert (first, begin) == (0, 0)
    assert old[:prefix] == new[:prefix]
    assert old[last:] == new[end:] and len(old) - last == len(new) - end == suffix


def test_items_with_the_same_hash_are_told_apart() -> None:
    assert hash(-1) == hash(-2) and hash("") == 0
    assert opcodes([-1, "", 97], [-2, "\0", "a"]) == [("replace", 0, 3, 0, 3)]


@pytest.mark.parametrize(
    ("old", "new", "deleted"),
    [
        ("One . Two .", "One .", "Two ."),
        ("The lamp the sea is", "the sea is", "The lamp"),
        ("A long one . The lamp is . The sea is wide .", "A long one . The sea is wide .", "The lamp is ."),
        ('She said " No . " and " Yes . " and left', 'She said " No . " and left', 'and " Yes . "'),
    ],
)
def test_of_several_minimal_diffs_the_most_readable_is_taken(old: str, new: str, deleted: str) -> None:
    words = old.split()
    assert [words[a:b] for tag, a, b, _c, _d in opcodes(words, new.split()) if tag != "equal"] == [deleted.split()]


def test_similarity_counts_what_is_common_and_in_order() -> None:
    assert similarity("abcd", "abcd") == 1
    assert similarity("abcd", "wxyz") == 0
    assert similarity("abcd", "abxy") == 0.5
    assert similarity("", "") == 1


HOSTILE = [
    (["a"] * 4000, ["a", "b"] * 2000),
    (["a", "b"] * 2000, ["b", "a"] * 2000),
    (list("abcdefgh") * 500, list("hgfedcba") * 500),
    ([str(n) for n in range(4000)], [str(-n) for n in range(1, 4001)]),
]


@pytest.mark.parametrize(("number", "same"), [(0, 2000), (1, 3999), (2, 999), (3, 0)])
def test_no_pair_of_texts_is_too_hard_within_the_limit(number: int, same: int) -> None:
    assert similarity(*HOSTILE[number]) == same / 4000


@pytest.mark.parametrize(("old", "new"), HOSTILE)
def test_no_pair_of_texts_is_compared_beyond_the_limit(old: list[str], new: list[str]) -> None:
    with mock.patch("articles.text.diff.Indel.editops", side_effect=AssertionError("compared")):
        found = opcodes(["a", *["x", *old] * 6, "z"], ["a", *["y", *new] * 6, "z"])
    assert [tag for tag, *_where in found] == ["equal", "replace", "equal"]


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
