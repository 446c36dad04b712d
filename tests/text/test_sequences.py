"""Comparing sequences: always right, and never longer than the effort allows."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.text.sequences import EFFORT, Effort, likeness, opcodes

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


@given(old=LETTERS, new=LETTERS, left=st.integers(0, 40))
def test_with_too_little_effort_the_opcodes_still_lead_there(old: list[str], new: list[str], left: int) -> None:
    made = [letter for _tag, _a, _b, c, d in opcodes(old, new, Effort(left)) for letter in new[c:d]]
    assert made == new


def test_likeness_counts_what_is_common_and_in_order() -> None:
    assert likeness("abcd", "abcd") == 1
    assert likeness("abcd", "wxyz") == 0
    assert likeness("abcd", "abxy") == 0.5
    assert likeness("", "") == 1


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (["a"] * 4000, ["a", "b"] * 2000),
        (["a", "b"] * 2000, ["b", "a"] * 2000),
        (list("abcdefgh") * 500, list("hgfedcba") * 500),
        ([str(n) for n in range(4000)], [str(-n) for n in range(4000)]),
    ],
)
def test_no_pair_of_texts_takes_more_than_its_effort(old: list[str], new: list[str]) -> None:
    effort = Effort()
    opcodes(old, new, effort)
    assert effort.left > -len(old) - len(new) - EFFORT // 100, "the last round may go a little over"
