"""Creation of the first owner with the setup token."""

import re
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core.management import call_command
from django.test import Client

from articles.accounts.models import User
from articles.accounts.owner_setup import setup_token
from tests.factories import PASSWORD, make_owner, make_reader

pytestmark = pytest.mark.django_db
OWNER = {"username": "Olga", "email": "olga@paper.example", "password": PASSWORD}


@pytest.mark.parametrize("token", ["", "wrong", "ü\ud7ff", "0" * 5000])
def test_without_the_token_no_owner_is_created(client: Client, token: str) -> None:
    assert client.get("/setup/", {"token": token}).status_code == 403
    assert client.post("/setup/", {**OWNER, "token": token}).status_code == 403
    assert not User.objects.exists()


def test_with_the_token_the_owner_is_created_and_signed_in(client: Client) -> None:
    assert client.get("/setup/", {"token": setup_token()}).status_code == 200
    answer = client.post("/setup/", {**OWNER, "token": setup_token()})
    owner = User.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, "/desk/settings/")
    assert owner.is_superuser
    assert owner.is_staff
    assert client.session["_auth_user_id"] == str(owner.pk)
    assert EmailAddress.objects.get(user=owner).verified


@pytest.mark.usefixtures("public")
def test_on_a_public_site_the_owner_need_not_confirm(client: Client) -> None:
    assert client.post("/setup/", {**OWNER, "token": setup_token()})["Location"] == "/desk/settings/"


def test_once_there_is_an_owner_the_page_is_not_found(client: Client) -> None:
    make_owner()
    assert client.get("/setup/", {"token": setup_token()}).status_code == 404
    assert client.post("/setup/", {**OWNER, "token": setup_token()}).status_code == 404


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("password", "12345678"),
        ("username", "a b"),
        ("username", "ANA"),
        ("email", "Ana@paper.example"),
        ("email", "x"),
    ],
)
def test_errors_are_shown_at_their_field(client: Client, field: str, value: str) -> None:
    make_reader("Ana", email="ana@paper.example")
    answer = client.post("/setup/", {**OWNER, field: value, "token": setup_token()})
    assert answer.status_code == 422
    assert answer.context["form"].errors.keys() == {field}
    assert re.search(rf'id="id_{field}_error"', answer.content.decode())


def test_the_token_is_the_same_after_a_restart_and_another_with_another_key(settings: Any) -> None:
    first = setup_token()
    assert setup_token() == first
    assert len(first) == 32
    settings.SECRET_KEY = "another key"
    assert setup_token() != first


def test_createsuperuser_reads_the_owner_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in OWNER.items():
        monkeypatch.setenv(f"DJANGO_SUPERUSER_{name.upper()}", value)
    call_command("createsuperuser", interactive=False, verbosity=0)
    owner = User.objects.get()
    assert owner.is_superuser
    assert owner.check_password(PASSWORD)
    assert EmailAddress.objects.get(user=owner).verified
