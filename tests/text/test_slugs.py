"""Name keys and slugs."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

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
