"""Sign-up, with email confirmation on public sites: bot traps, races, rate limits."""

from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client

from articles.accounts import adapter
from articles.accounts.models import User
from tests.factories import PASSWORD, make_reader

pytestmark = pytest.mark.django_db


def test_without_site_url_a_new_reader_is_signed_in_immediately(client: Client, sign_up: Any) -> None:
    answer = sign_up(next="/settings/")
    assert (answer.status_code, answer["Location"]) == (302, "/settings/")
    assert client.session["_auth_user_id"] == str(User.objects.get(username="Ana").pk)


@pytest.mark.parametrize("name", ["PAUL", "Pau1", "Рaul", "p.a.u.l"])
def test_a_name_that_looks_like_another_is_an_error_at_its_field(sign_up: Any, name: str) -> None:
    make_reader("Paul")
    answer = sign_up(username=name)
    assert answer.status_code == 422
    assert answer.context["form"].errors.keys() == {"username"}
    page = answer.content.decode()
    assert 'aria-describedby="id_username_helptext id_username_error"' in page
    assert 'id="id_username_error"' in page


@pytest.mark.parametrize("opened", ["", "forged", "eyJ9:1:2"])
def test_a_forged_time_is_rejected_and_renewed(sign_up: Any, opened: str) -> None:
    answer = sign_up(opened=opened)
    assert answer.status_code == 422
    assert "This form expired" in answer.content.decode()


def test_a_lost_race_for_a_name_is_an_error_on_the_form(sign_up: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    checked = adapter.AccountAdapter.clean_username
    raced: list[User] = []

    def slow(self: Any, username: str, shallow: bool = False) -> str:
        name = checked(self, username, shallow)
        if not raced:
            raced.append(make_reader("ana"))  # Between the check and the insert.
        return name

    monkeypatch.setattr(adapter.AccountAdapter, "clean_username", slow)
    answer = sign_up()
    assert answer.status_code == 422
    assert "username" in answer.context["form"].errors
    assert User.objects.count() == 1


def test_fields_that_the_form_lacks_change_nothing(sign_up: Any) -> None:
    sign_up(is_staff="1", is_superuser="1", banned_reason="x")
    reader = User.objects.get(username="Ana")
    assert (reader.is_staff, reader.is_superuser, reader.banned_reason) == (False, False, "")


def test_sign_ups_from_one_ip_address_are_limited(client: Client) -> None:
    for _ in range(20):
        assert client.post("/accounts/signup/", {}).status_code == 422
    answer = client.post("/accounts/signup/", {})
    assert answer.status_code == 429
    assert int(answer["Retry-After"]) > 0
    assert "</html>" in answer.content.decode()


@pytest.mark.usefixtures("public")
class TestOnAPublicSite:
    def test_the_address_is_confirmed_before_signing_in(self, client: Client, sign_up: Any) -> None:
        sign_up()
        assert "_auth_user_id" not in client.session
        (letter,) = mail.outbox
        link = next(word for word in letter.body.split() if "confirm-email" in word)
        assert link.startswith("https://paper.example/accounts/confirm-email/")
        client.post(link.removeprefix("https://paper.example"))
        assert EmailAddress.objects.get(email="ana@paper.example").verified
        answer = client.post("/accounts/login/", {"login": "Ana", "password": PASSWORD})
        assert answer.status_code == 302
        assert "_auth_user_id" in client.session

    def test_a_known_address_gets_the_same_answer_as_a_new_one(self, sign_up: Any) -> None:
        make_reader("Berta", email="berta@paper.example")
        new, known = sign_up(), sign_up(username="Carla", email="BERTA@paper.example")
        assert (new.status_code, new["Location"]) == (known.status_code, known["Location"])
        assert new.headers.keys() == known.headers.keys()
        assert not User.objects.filter(username="Carla").exists()
        assert [letter.to for letter in mail.outbox] == [["ana@paper.example"], ["berta@paper.example"]]

    def test_a_lost_race_for_an_address_tells_nothing(self, sign_up: Any, monkeypatch: pytest.MonkeyPatch) -> None:
        checked = adapter.AccountAdapter.clean_email
        raced: list[User] = []

        def slow(self: Any, email: str) -> str:
            return str(checked(self, email))

        saved = adapter.AccountAdapter.save_user

        def late(self: Any, *args: Any, **kwargs: Any) -> Any:
            if not raced:
                raced.append(make_reader("Berta", email="ana@paper.example"))
            return saved(self, *args, **kwargs)

        monkeypatch.setattr(adapter.AccountAdapter, "clean_email", slow)
        monkeypatch.setattr(adapter.AccountAdapter, "save_user", late)
        answer = sign_up()
        assert (answer.status_code, answer["Location"]) == (302, "/accounts/confirm-email/")
        assert User.objects.count() == 1

    @pytest.mark.parametrize("address", ["berta@paper.example", "nobody@paper.example"])
    def test_a_reset_tells_nothing_about_the_address(self, client: Client, address: str) -> None:
        make_reader("Berta", email="berta@paper.example")
        answer = client.post("/accounts/password/reset/", {"email": address})
        assert (answer.status_code, answer["Location"]) == (302, "/accounts/password/reset/done/")
        assert [letter.to for letter in mail.outbox] == [[address]]
