"""Validation of public names."""

import pytest
from django.core.exceptions import ValidationError

from articles.accounts.models import User
from articles.accounts.usernames import normalize_name, validate_name, validate_not_reserved
from tests.factories import make_reader


@pytest.mark.parametrize(
    "name", ["Ana", "jean-luc", "o.neil_2", "Οδυσσέας", "Жанна", "さくらサクラ桜", "김철수", "राधिका", "李明", "علي"]
)
def test_a_name_in_any_single_alphabet_is_valid(name: str) -> None:
    validate_name(normalize_name(name))


@pytest.mark.parametrize(
    "name",
    [
        "A",
        "x" * 41,
        "Ana B",
        "ana@paper",
        "<b>",
        "-ana",
        "ana.",
        "..",
        "1234",
        "Аna",
        "Anα",
        "ana\u202e",
        "a\u200bna",
        "💥💥",
    ],
)
def test_a_misleading_name_is_rejected(name: str) -> None:
    with pytest.raises(ValidationError):
        validate_name(normalize_name(name))


def test_compatibility_letters_are_normalized() -> None:
    assert normalize_name(" Ｐａｕｌ ") == "Paul"


@pytest.mark.parametrize("name", ["admin", "ADMIN", "M0derator", "Ed.itor", "TheLantern", "lantern", "de1eted-user"])
def test_a_name_that_seems_official_is_reserved(name: str) -> None:
    with pytest.raises(ValidationError):
        validate_not_reserved(name)


@pytest.mark.parametrize("login", ["paul", "PAUL", "Paul@Paper.example"])
@pytest.mark.django_db
def test_a_reader_is_found_by_name_and_email_in_any_case(login: str) -> None:
    reader = make_reader("Paul", email="paul@paper.example")
    assert User.objects.get_by_login(login) == reader


@pytest.mark.django_db
def test_a_long_korean_name_fits_its_key() -> None:
    assert len(make_reader("강" * 40).name_key) <= 80
