"""Validation of public names."""

import unicodedata

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from articles.accounts.adapter import clean_new_name
from articles.accounts.models import User
from articles.accounts.usernames import normalize_name, validate_name, validate_not_reserved
from articles.discussion.mentioning import render_comment
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


# cases.md L2
@pytest.mark.django_db
@pytest.mark.parametrize(("one", "other"), [("रवि", "रवा"), ("かがみ", "かかみ"), ("김철수", "기철수"), ("ไก่", "ไก")])
def test_names_that_differ_in_a_mark_that_is_a_letter_are_two_names(one: str, other: str) -> None:
    first = make_reader(one, email="one@paper.example")
    assert User.objects.get_by_login(other) is None
    second = make_reader(other, email="other@paper.example")
    assert [User.objects.get_by_login(name) for name in (one, other)] == [first, second]
    _html, mentioned = render_comment(f"@{other} ...")
    assert mentioned == [second]


# cases.md L2
@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "spelling"), [("Søren", "SOREN"), ("José", "jose"), ("علي‌رضا", "عليرضا"), ("Łukasz", "lukasz")]
)
def test_a_name_is_found_without_its_accents(name: str, spelling: str) -> None:
    reader = make_reader(name, email="one@paper.example")
    assert User.objects.get_by_login(spelling) == reader
    assert User.objects.get_by_login(unicodedata.normalize("NFD", name)) == reader


@pytest.mark.parametrize("name", ["علي‌رضا", "ශ්‍රීමාල්"])
def test_joiners_that_change_what_is_read_are_part_of_a_name(name: str) -> None:
    validate_name(normalize_name(name))


@pytest.mark.django_db
def test_readers_whose_names_became_alike_keep_their_names(client: Client) -> None:
    """As after the migration of two accounts that were told apart by ø until accents of all kinds were folded."""
    older, younger = make_reader("Søren"), make_reader("Sigrid")
    User.objects.filter(pk=older.pk).update(name_key="søren")
    User.objects.filter(pk=younger.pk).update(username="soren", name_key="soren")
    for reader in (older, younger):
        reader.refresh_from_db()
        reader.about = "Changed"
        reader.save()
        assert User.objects.get_by_login(reader.username) == reader
        assert client.get(reader.get_absolute_url()).status_code == 200
        assert render_comment(f"@{reader.username}")[1] == [reader]
    assert User.objects.get_by_login("SØREN") == older
    with pytest.raises(ValidationError):
        clean_new_name("Sören")
