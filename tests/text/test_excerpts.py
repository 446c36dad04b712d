"""Excerpts, and where a text is cut."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.text.excerpts import boundary, cut, excerpt, plain_text


def test_an_excerpt_is_cut_between_words() -> None:
    assert excerpt("one two three", 9) == "one two…"
    assert plain_text("<p>a &amp; b</p>\n<p>c</p>").split() == ["a", "&", "b", "c"]


# cases.md L6
def test_an_excerpt_of_a_text_without_blanks_has_a_useful_length() -> None:
    assert len(excerpt("【港町】 " + "あ" * 6000)) == 161
    assert 150 <= len(excerpt("ที่กรุงเทพ" * 600)) <= 161
    assert len(excerpt("x" * 6000)) == 161


# cases.md L6
@pytest.mark.parametrize(
    ("text", "length", "start"),
    [
        ("one two three", 9, "one two"),
        ("【港町】 " + "あ" * 50, 20, "【港町】 " + "あ" * 15),
        ("が" * 30, 10, "が" * 10),
        ("กิ" * 30, 9, "กิ" * 4),
        ("เก" * 30, 9, "เก" * 4),
        ("น้ำ" * 30, 8, "น้ำ" * 2),
        ("क्षि" * 10, 9, "क्षि" * 2),
        ("ក្រុ" * 10, 10, "ក្រុ" * 2),
        ("👩‍👩‍👧" * 4, 7, "👩‍👩‍👧"),
        ("🇩🇪🇫🇷🇮🇹", 3, "🇩🇪"),
        ("👍🏽" * 5, 3, "👍🏽"),
        ("❤️" * 5, 5, "❤️" * 2),
        (unicodedata.normalize("NFD", "각" * 10), 7, unicodedata.normalize("NFD", "각" * 2)),
        (unicodedata.normalize("NFD", "é" * 10), 7, unicodedata.normalize("NFD", "é" * 3)),
        ("x" * 50, 10, "x" * 10),
    ],
)
def test_text_is_cut_between_words_or_else_between_letters(text: str, length: int, start: str) -> None:
    assert cut(text, length) == start


@given(st.text(alphabet="aกิ้เำ\u200d🇩👍🏽क्षि가e\u0301 ", max_size=80), st.integers(1, 60))
def test_a_cut_is_never_too_long_and_never_empty(text: str, length: int) -> None:
    assert text.startswith(cut(text, length))
    assert len(cut(text, length)) <= length
    assert boundary(text, length) > 0 or not text
