"""One line in the log for each event that concerns the security of an account (cases.md A11)."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.contrib.auth.models import Group, Permission
from django.core.management import call_command
from django.db import transaction
from django.test import Client

from articles.accounts import owner_setup, security_log
from articles.accounts.account_deletion import delete_account
from articles.accounts.models import User
from articles.discussion import sanctions
from tests.factories import GROUNDS, PASSWORD, make_owner, make_reader

pytestmark = pytest.mark.django_db

NETWORK = "from 198.51.100.0/24"


@pytest.fixture
def client() -> Client:
    return Client(REMOTE_ADDR="198.51.100.77")


@pytest.fixture
def lines(caplog: pytest.LogCaptureFixture, django_capture_on_commit_callbacks: Any) -> Callable[[], Any]:
    """The lines that are logged within the block, with the level where it is more than information."""

    @contextmanager
    def collect() -> Iterator[list[str]]:
        found: list[str] = []
        caplog.clear()
        with caplog.at_level(logging.INFO), django_capture_on_commit_callbacks(execute=True):
            yield found
        for record in caplog.records:
            if record.name == security_log.__name__:
                level = "" if record.levelno == logging.INFO else f"{record.levelname} "
                found.append(level + record.getMessage())

    return collect


def sign_in(client: Client, login: str = "Ana", password: str = PASSWORD) -> Any:
    return client.post("/accounts/login/", {"login": login, "password": password})


def test_sign_ins_failures_and_lockouts_have_one_line_each(client: Client, lines: Any) -> None:
    ana = make_reader("Ana", email="ana@paper.example")
    with lines() as found:
        sign_in(client)
        client.post("/accounts/logout/")
    assert found == [f"Signed in: account {ana.pk}, {NETWORK}", f"Signed out: account {ana.pk}, {NETWORK}"]
    with lines() as found:
        for _ in range(5):
            sign_in(client, "ana@paper.example", "wrong")
        assert sign_in(client, "Ana").status_code == 429
    failed = f"WARNING Wrong password: account {ana.pk}, {NETWORK}"
    assert found == [*[failed] * 5, f"WARNING Locked out: account {ana.pk}, {NETWORK}"]


def test_a_login_that_no_account_has_is_not_logged_since_it_may_be_a_password(client: Client, lines: Any) -> None:
    with lines() as found:
        sign_in(client, "my secret horse", "ana@paper.example")
    assert found == [f"WARNING Wrong password: no account, {NETWORK}"]


def test_failures_outside_the_sign_in_page_are_logged_as_well(client: Client, lines: Any) -> None:
    ana = make_reader("Ana", email="ana@paper.example")
    sign_in(client)
    with lines() as found:
        client.post("/accounts/reauthenticate/", {"password": "wrong"})
        client.post("/settings/delete/", {"password": "wrong"})
    assert found == [f"WARNING Wrong password: account {ana.pk}, {NETWORK}"] * 2


def test_the_second_step_is_logged_and_its_lockout_too(client: Client, lines: Any) -> None:
    ana = make_reader("Ana", email="ana@paper.example")
    TOTP.activate(ana, generate_totp_secret())
    with lines() as found:
        sign_in(client)
        for _ in range(5):
            assert client.post("/accounts/2fa/authenticate/", {"code": "123"}).status_code == 422
        assert client.post("/accounts/2fa/authenticate/", {"code": "123"}).status_code == 429
    wrong = f"WARNING Wrong code: account {ana.pk}, {NETWORK}"
    assert found == [*[wrong] * 5, f"WARNING Locked out: account {ana.pk}, {NETWORK}"]


def test_a_limit_that_knows_no_account_names_the_page_without_its_keys(client: Client, lines: Any) -> None:
    with lines() as found:
        for _ in range(21):
            answer = client.post("/accounts/password/reset/key/1-secret/", {"password1": "x"})
    assert answer.status_code == 429
    line = f"WARNING Too many requests: no account, {NETWORK}, page account_reset_password_from_key"
    assert found == [line]


def test_bans_and_their_ends_are_logged(lines: Any) -> None:
    ana, berta, moderator = make_reader("Ana"), make_reader("Berta"), make_owner()
    with lines() as found:
        sanctions.ban(reader=ana, by=moderator, grounds=GROUNDS, reason="Called ana@paper.example a liar")
        sanctions.ban(reader=berta, by=moderator, grounds=GROUNDS, reason="Spam", days=7)
        sanctions.unban(reader=ana, by=moderator, reason="Apologised")
    berta.refresh_from_db()
    end = f"{berta.banned_until:%Y-%m-%d %H:%M} UTC"
    assert found == [
        f"Banned: account {ana.pk}, by account {moderator.pk}, without an end",
        f"Banned: account {berta.pk}, by account {moderator.pk}, until {end}",
        f"Ban ended: account {ana.pk}, by account {moderator.pk}",
    ]


def test_a_ban_that_follows_to_a_new_account_is_logged(sign_up: Any, lines: Any) -> None:
    ana = make_reader("Former", email="ana@paper.example")
    sanctions.ban(reader=ana, by=make_owner(), grounds=GROUNDS, reason="Spam")
    ana.refresh_from_db()
    delete_account(reader=ana)
    with lines() as found:
        sign_up()
    new = User.objects.get(username="Ana")
    assert f"Banned like an earlier account: account {new.pk}, without an end" in found
    assert f"Account created: account {new.pk}, {NETWORK}" in found


def test_roles_are_logged_with_what_they_are_now(lines: Any) -> None:
    ana, owner = make_reader("Ana"), make_owner()
    client = Client()
    client.force_login(owner)
    editor, moderator = Group.objects.get(name="Editor"), Group.objects.get(name="Moderator")
    url = f"/admin/articles/user/{ana.pk}/change/"
    who = f"Role changed: account {ana.pk}, by account {owner.pk}"
    with lines() as found:
        client.post(url, {"is_active": "on", "is_staff": "on", "groups": [editor.pk, moderator.pk]})
        client.post(url, {"is_active": "on", "is_staff": "on", "groups": [editor.pk, moderator.pk]})
        client.post(url, {"is_staff": "on", "is_superuser": "on"})
    assert found == [
        f"{who}, is_staff: yes, groups: Editor and Moderator",
        f"{who}, is_active: no, is_superuser: yes, groups: none",
    ]
    with lines() as found:
        client.post(f"/admin/articles/user/{ana.pk}/delete/", {"post": "yes"})
        editor.permissions.remove(Permission.objects.get(codename="publish_article"))
    assert found == [
        f"Account deleted: account {ana.pk}, by account {owner.pk}",
        "Permissions changed: no account, role Editor",
    ]


def test_owners_are_logged_however_they_came(lines: Any) -> None:
    with lines() as found:
        first = owner_setup.create_owner(username="Olga", email="", password=PASSWORD)
        call_command("createsuperuser", interactive=False, username="Omar", email="omar@paper.example", verbosity=0)
    second = User.objects.get(username="Omar")
    assert found == [f"Owner created: account {first.pk}", f"Owner created: account {second.pk}"]


def test_changes_of_an_account_by_its_reader_are_logged(client: Client, lines: Any) -> None:
    ana = make_reader("Ana", email="ana@paper.example")
    sign_in(client)
    new = "another horse battery"
    with lines() as found:
        client.post("/accounts/password/change/", {"oldpassword": PASSWORD, "password1": new, "password2": new})
        client.post("/accounts/reauthenticate/", {"password": new})
        secret = client.get("/accounts/2fa/totp/activate/").context["form"].secret
        TOTP.activate(ana, secret)
        client.post("/accounts/2fa/totp/deactivate/")
        client.post("/settings/delete/", {"password": new})
    assert found == [
        f"Password changed: account {ana.pk}, {NETWORK}",
        f"Two-step verification removed: account {ana.pk}, {NETWORK}",
        f"Account deleted: account {ana.pk}",
    ]
    assert not Authenticator.objects.exists()


def test_an_act_that_is_undone_is_not_in_the_log(lines: Any) -> None:
    ana = make_reader("Ana")
    with lines() as found:
        try:
            with transaction.atomic():
                sanctions.ban(reader=ana, by=make_owner(), grounds=GROUNDS, reason="Spam")
                raise InterruptedError
        except InterruptedError:
            pass
    assert found == []


@pytest.mark.parametrize(
    ("address", "network"),
    [("203.0.113.9", "203.0.113.0/24"), ("2001:db8:1:2::3", "2001:db8:1::/48"), ("", ""), ("unix:", "")],
)
def test_addresses_are_never_logged_in_full(rf: Any, address: str, network: str) -> None:
    assert security_log.network_of(rf.get("/", REMOTE_ADDR=address)) == network
