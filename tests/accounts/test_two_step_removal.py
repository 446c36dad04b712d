"""Owners help someone who has lost their second step: logged, and told by email (cases.md A10)."""

from io import StringIO
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.contrib.admin.models import LogEntry
from django.core import mail
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from articles.accounts.models import User
from articles.accounts.two_step_removal import remove_two_step
from articles.errors import Refused
from tests.factories import PASSWORD, make_owner, make_reader

pytestmark = pytest.mark.django_db
LOST = {"reason": "Lost her phone at sea; she called from the desk"}


@pytest.fixture
def ana() -> User:
    reader = make_reader("Ana", email="ana@paper.example")
    TOTP.activate(reader, generate_totp_secret())
    RecoveryCodes.activate(reader)
    return reader


@pytest.fixture
def owner() -> User:
    return make_owner("Olga")


@pytest.fixture
def at_work(client: Client, owner: User) -> Client:
    client.post("/accounts/login/", {"login": "Olga", "password": PASSWORD})
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    return client


def url(reader: User) -> str:
    return reverse("remove_two_step", args=[reader.pk])


def opened(reader: User) -> bool:
    """Whether the password alone opens the account."""
    client = Client()
    client.post("/accounts/login/", {"login": reader.username, "password": PASSWORD})
    return client.get("/settings/").status_code == 200


def test_an_owner_lets_a_reader_sign_in_again(at_work: Client, ana: User) -> None:
    assert not opened(ana)
    page = at_work.get(reverse("admin:articles_user_change", args=[ana.pk])).text
    assert f'href="{url(ana)}"' in page
    assert "You can’t undo this" in at_work.get(url(ana)).text
    answer = at_work.post(url(ana), LOST, follow=True)
    assert "Ana can sign in with their password alone." in answer.text
    assert not Authenticator.objects.exists() and opened(ana)
    assert f'href="{url(ana)}"' not in answer.text


def test_the_reader_is_told_by_email_who_did_it_and_why(at_work: Client, ana: User, settings: Any) -> None:
    at_work.post(url(ana), LOST)
    message = mail.outbox[-1]
    assert message.to == ["ana@paper.example"] and "Two-step verification was turned off" in message.subject
    assert "Olga, an owner of The Lantern, turned off two-step verification for your account Ana" in message.body
    assert f"Reason: {LOST['reason']}" in message.body
    for name in ("mfa_index", "account_reset_password"):
        assert settings.SITE_ADDRESS + reverse(name) in message.body


def test_the_history_of_the_account_says_who_did_it_and_why(at_work: Client, ana: User, owner: User) -> None:
    at_work.post(url(ana), LOST)
    entry = LogEntry.objects.get(object_id=str(ana.pk))
    assert entry.user == owner and LOST["reason"] in entry.change_message
    history = at_work.get(reverse("admin:articles_user_history", args=[ana.pk])).text
    assert "Turned off two-step verification" in history


def test_it_takes_the_owners_password_a_reason_and_something_to_turn_off(owner: User, ana: User) -> None:
    client = Client()
    client.force_login(owner)
    for method in (client.get, client.post):
        assert method(url(ana))["Location"].startswith("/accounts/reauthenticate/")
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    assert client.post(url(ana), {"reason": " "}).status_code == 422
    assert client.post(url(ana), {"reason": "long " * 99}).status_code == 422
    nobody = client.post(url(make_reader("Berta")), LOST)
    assert nobody.status_code == 422 and "no two-step verification" in nobody.text
    assert Authenticator.objects.count() == 2 and not mail.outbox and not LogEntry.objects.exists()


def test_nobody_does_it_to_their_own_account_and_only_owners_to_others(owner: User, ana: User) -> None:
    TOTP.activate(owner, generate_totp_secret())
    moderator = make_reader(permissions=["articles.change_user", "articles.change_comment"])
    for reader, by in ((owner, owner), (ana, moderator), (owner, moderator)):
        with pytest.raises(Refused):
            remove_two_step(reader=reader, by=by, reason="Because")
    assert Authenticator.objects.count() == 3


def test_the_operator_does_it_for_the_only_owner(owner: User) -> None:
    TOTP.activate(owner, generate_totp_secret())
    out = StringIO()
    call_command("remove_two_step", "olga@paper.example", "--reason", "Lost his key", stdout=out)
    assert opened(owner) and out.getvalue() == "Olga can sign in with the password alone.\n"
    assert "The operator of The Lantern turned off" in mail.outbox[-1].body
    for login in ("Olga", "Nobody"):
        with pytest.raises(CommandError, match=r"no two-step|no account"):
            call_command("remove_two_step", login, "--reason", "Again")


def test_the_admin_shows_no_secret_of_anyones_second_step(at_work: Client, ana: User) -> None:
    pk = Authenticator.objects.filter(user=ana, type="totp").get().pk
    assert at_work.get(f"/admin/mfa/authenticator/{pk}/change/").status_code == 404
    assert "/admin/mfa/" not in at_work.get("/admin/").text
