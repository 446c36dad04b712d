"""Name keys, slugs and sanitising."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.text.excerpts import excerpt, plain_text
from articles.text.sanitizing import MAX_COMBINING, clean_line, clean_text
from articles.text.slugs import make_slug, name_key


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Paul", "paul"),
        ("Paul", "Pau1"),
        ("Paul", "PauI"),
        ("Ana", "Аnа"),
        ("Olga", "0lga"),
        ("José", "Jose"),
        ("a.b", "ab"),
    ],
)
def test_names_that_look_alike_have_one_key(one: str, other: str) -> None:
    assert name_key(one) == name_key(other)


@pytest.mark.parametrize(("one", "other"), [("Ana", "Anna"), ("Иван", "Олег"), ("李", "王")])
def test_different_names_have_different_keys(one: str, other: str) -> None:
    assert name_key(one) != name_key(other)


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("'We're going to work': on Russia's G7", "were-going-to-work-on-russias-g7"),
        ("Żółć & Ærø", "zolc-aero"),
        ("🎈🎈", "untitled"),
        ("?!", "untitled"),
        ("Привет, мир", "привет-мир"),
    ],
)
def test_a_title_makes_a_slug(title: str, slug: str) -> None:
    assert make_slug(title) == slug


@given(st.text(max_size=300))
def test_a_slug_is_never_empty_or_too_long(title: str) -> None:
    assert 0 < len(make_slug(title)) <= 100


def test_invisible_and_reordering_characters_are_removed() -> None:
    assert clean_text("a\u202eb\x00c\ud800d\r\ne") == "abcd\ne"
    assert clean_line("  two\n words ") == "two words"


def test_stacked_marks_are_capped() -> None:
    assert clean_text("z" + "\u0335" * 500).count("\u0335") == MAX_COMBINING


def test_an_excerpt_is_cut_between_words() -> None:
    assert excerpt("one two three", 9) == "one two…"
    assert plain_text("<p>a &amp; b</p>\n<p>c</p>").split() == ["a", "&", "b", "c"]


# cases.md L6
def test_an_excerpt_of_a_text_without_blanks_has_a_useful_length() -> None:
    assert len(excerpt("【港町】 " + "あ" * 6000)) == 161
    assert 150 <= len(excerpt("ที่กรุงเทพ" * 600)) <= 161
    assert len(excerpt("x" * 6000)) == 161


# cases.md L3
def test_text_is_stored_composed() -> None:
    assert clean_text(unicodedata.normalize("NFD", "서울 é が")) == unicodedata.normalize("NFC", "서울 é が")
    assert clean_line("นํ้า") == "น้ำ"
