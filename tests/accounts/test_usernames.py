"""Names that are fit to be seen, and no two that look alike."""

import pytest
from django.core.exceptions import ValidationError

from articles.accounts.models import User
from articles.accounts.usernames import check_name, check_reserved, plain_name
from tests.factories import make_reader


@pytest.mark.parametrize(
    "name", ["Ana", "jean-luc", "o.neil_2", "Οδυσσέας", "Жанна", "さくらサクラ桜", "김철수", "राधिका", "李明", "علي"]
)
def test_a_name_in_any_one_alphabet_is_fit(name: str) -> None:
    check_name(plain_name(name))


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
def test_a_name_that_tricks_the_eye_is_refused(name: str) -> None:
    with pytest.raises(ValidationError):
        check_name(plain_name(name))


def test_dressed_up_letters_become_plain_ones() -> None:
    assert plain_name(" Ｐａｕｌ ") == "Paul"


@pytest.mark.parametrize("name", ["admin", "ADMIN", "M0derator", "Ed.itor", "TheLantern", "lantern", "de1eted-user"])
def test_a_name_that_speaks_for_the_paper_is_reserved(name: str) -> None:
    with pytest.raises(ValidationError):
        check_reserved(name)


@pytest.mark.parametrize("login", ["paul", "PAUL", "Paul@Paper.example"])
@pytest.mark.django_db
def test_a_reader_is_found_by_name_and_address_in_any_case(login: str) -> None:
    reader = make_reader("Paul", email="paul@paper.example")
    assert User.objects.called(login) == reader


@pytest.mark.django_db
def test_a_long_korean_name_fits_its_key() -> None:
    assert len(make_reader("강" * 40).name_key) <= 80
