"""Names that are the same name, addresses from titles, and text made harmless."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.text.excerpts import excerpt, plain
from articles.text.sanitizing import MARKS_ON_ONE_LETTER, clean_line, clean_text
from articles.text.slugs import name_key, slug_of


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
        ("Żółć & Ærø", "zołc-ærø"),
        ("🎈🎈", "untitled"),
        ("?!", "untitled"),
        ("Привет, мир", "привет-мир"),
    ],
)
def test_a_title_makes_an_address(title: str, slug: str) -> None:
    assert slug_of(title) == slug


@given(st.text(max_size=300))
def test_an_address_is_never_empty_nor_too_long(title: str) -> None:
    assert 0 < len(slug_of(title)) <= 100


def test_text_that_reorders_or_hides_is_cleaned() -> None:
    assert clean_text("a\u202eb\x00c\ud800d\r\ne") == "abcd\ne"
    assert clean_line("  two\n words ") == "two words"


def test_stacked_marks_are_capped() -> None:
    assert clean_text("z" + "\u0335" * 500).count("\u0335") == MARKS_ON_ONE_LETTER


def test_an_excerpt_is_cut_between_words() -> None:
    assert excerpt("one two three", 9) == "one two…"
    assert plain("<p>a &amp; b</p>\n<p>c</p>").split() == ["a", "&", "b", "c"]
