"""Sign-in and sign-out: rate limits, redirects, sessions, emails."""

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import MD5PasswordHasher, make_password
from django.contrib.sessions.models import Session
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from articles.accounts.models import User
from articles.accounts.spam_prevention import opened_now
from tests.factories import PASSWORD, make_reader

pytestmark = pytest.mark.django_db
AWAY = ["//e", "/\\e", "https:e", "///e", "\t//e", "http:///e", "javascript:alert(1)", "https://a@e", "e"]
AWAY += ["http://testserver.e/", "http://testserver/"]


def sign_in(client: Client, login: str = "Ana", password: str = PASSWORD, **more: Any) -> Any:
    return client.post("/accounts/login/", {"login": login, "password": password, **more.pop("data", {})}, **more)


@pytest.mark.parametrize("login", ["Ana", "aNA", "ana@paper.example", "ANA@paper.example"])
def test_readers_sign_in_with_name_or_email(client: Client, login: str) -> None:
    make_reader("Ana", email="ana@paper.example")
    assert sign_in(client, login).status_code == 302
    assert "_auth_user_id" in client.session


@pytest.mark.parametrize("away", AWAY)
def test_next_never_redirects_to_another_site(client: Client, away: str) -> None:
    make_reader("Ana")
    assert sign_in(client, data={"next": away})["Location"] == "/"
    assert client.post("/accounts/logout/", {"next": away})["Location"] == "/"


def test_next_redirects_back_to_the_page(client: Client) -> None:
    make_reader("Ana")
    assert sign_in(client, data={"next": "/readers/Ana/?page=1"})["Location"] == "/readers/Ana/?page=1"


def test_a_session_from_before_the_sign_in_is_not_reused(client: Client) -> None:
    make_reader("Ana")
    session = client.session
    session["planted"] = True
    session.save()
    before = session.session_key
    sign_in(client)
    assert client.session.session_key != before
    assert not Session.objects.filter(pk=before).exists()


def test_signing_out_ends_the_session_on_the_server(client: Client) -> None:
    make_reader("Ana")
    sign_in(client)
    key = client.session.session_key
    assert client.get("/accounts/logout/").status_code == 200
    assert Session.objects.filter(pk=key).exists()
    client.post("/accounts/logout/")
    assert not Session.objects.filter(pk=key).exists()


def test_a_changed_password_ends_the_other_sessions_and_keeps_this_one(client: Client) -> None:
    make_reader("Ana")
    here, there = client, Client()
    sign_in(here), sign_in(there)
    new = {"oldpassword": PASSWORD, "password1": "another horse battery", "password2": "another horse battery"}
    assert here.post("/accounts/password/change/", new)["Location"] == "/settings/"
    assert here.get("/settings/").status_code == 200
    assert there.get("/settings/").status_code == 302
    assert "Your password was changed" in mail.outbox[-1].subject


def test_five_failed_attempts_lock_out_only_this_client(client: Client) -> None:
    make_reader("Ana", email="ana@paper.example")
    for login in ["Ana", "ana@paper.example", "ANA", "ana", "Ana"]:
        assert sign_in(client, login, "wrong").status_code == 422
    shut = sign_in(client)
    assert shut.status_code == 429
    assert int(shut["Retry-After"]) > 0
    assert sign_in(Client(), REMOTE_ADDR="198.51.100.7").status_code == 302


def test_an_account_allows_25_failed_attempts_an_hour_in_all(client: Client) -> None:
    make_reader("Ana")
    for number in range(25):
        assert sign_in(client, password="wrong", REMOTE_ADDR=f"198.51.100.{number // 4}").status_code == 422
    assert sign_in(client, REMOTE_ADDR="203.0.113.9").status_code == 429


def test_one_client_is_allowed_ten_failed_attempts_over_all_names(client: Client) -> None:
    for number in range(10):
        assert sign_in(client, f"reader{number}", "wrong").status_code == 422
    assert sign_in(client, "another", "wrong").status_code == 429


def test_an_ipv6_client_is_counted_by_its_network(client: Client) -> None:
    for number in range(10):
        sign_in(client, f"reader{number}", "wrong", REMOTE_ADDR=f"2001:db8::{number + 1}")
    assert sign_in(client, "another", "wrong", REMOTE_ADDR="2001:db8::ffff").status_code == 429


def test_a_forged_forwarding_header_does_not_dodge_the_limit(client: Client) -> None:
    for number in range(10):
        sign_in(client, f"reader{number}", "wrong", HTTP_X_FORWARDED_FOR=f"198.51.100.{number}")
    assert sign_in(client, "another", "wrong", HTTP_X_FORWARDED_FOR="198.51.100.99").status_code == 429


def test_limits_are_shared_by_all_processes(client: Client) -> None:
    """They are not in a process's memory: emptying the shared table resets them."""
    make_reader("Ana")
    for _ in range(5):
        sign_in(client, password="wrong")
    assert "DatabaseCache" in type(cache._connections["default"]).__mro__[0].__name__  # type: ignore[attr-defined]
    cache.clear()
    assert sign_in(client).status_code == 302


def test_successful_attempts_are_not_counted(client: Client) -> None:
    make_reader("Ana")
    for _ in range(7):
        assert sign_in(Client()).status_code == 302


def test_one_password_is_hashed_for_known_and_unknown(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    make_reader("Ana", email="ana@paper.example")
    hashed: list[str] = []
    encode = MD5PasswordHasher.encode

    def counted(self: Any, password: str, salt: str) -> str:
        hashed.append(password)
        return str(encode(self, password, salt))

    monkeypatch.setattr(MD5PasswordHasher, "encode", counted)
    counts = []
    for password in ("wrong", "wrong e\u0301"):  # The second is tried in two normal forms.
        for login in ["Ana", "ana@paper.example", "nobody", "nobody@paper.example"]:
            hashed.clear()
            sign_in(client, login, password)
            counts.append(len(hashed))
    assert counts == [1, 1, 1, 1, 2, 2, 2, 2]


def test_a_password_reset_email_never_uses_the_host_header(client: Client, settings: Any) -> None:
    make_reader("Ana", email="ana@paper.example")
    settings.ALLOWED_HOSTS = ["testserver"]
    client.post("/accounts/password/reset/", {"email": "ana@paper.example"}, HTTP_HOST="testserver:666")
    body = str(mail.outbox[0].body)
    assert "testserver" not in body
    links = re.findall(r"https?://[^\s/]+", body)
    assert links and set(links) == {settings.SITE_ADDRESS}
    forged = client.post("/accounts/password/reset/", {"email": "x@y.example"}, HTTP_HOST="evil.example")
    assert forged.status_code == 400


def test_the_link_in_a_password_reset_email_works_once(client: Client, settings: Any) -> None:
    make_reader("Ana", email="ana@paper.example")
    client.post("/accounts/password/reset/", {"email": "ana@paper.example"})
    link = next(word for word in mail.outbox[0].body.split() if "/reset/key/" in word)
    link = link.removeprefix(settings.SITE_ADDRESS)
    form = client.get(link)["Location"]
    new = {"password1": "another horse battery", "password2": "another horse battery"}
    assert client.post(form, new).status_code == 302
    assert sign_in(Client(), password="another horse battery").status_code == 302
    assert "no longer works" in Client().get(link).content.decode()


def test_an_email_address_taken_since_then_can_not_be_confirmed(client: Client, settings: Any) -> None:
    reader = make_reader("Ana", email="ana@paper.example")
    EmailAddress.objects.create(user=reader, email="new@paper.example")
    sign_in(client)
    client.post("/accounts/email/", {"email": "new@paper.example", "action_send": "1"})
    link = next(word for word in mail.outbox[-1].body.split() if "confirm-email" in word)
    make_reader("Berta", email="new@paper.example")
    client.post(link.removeprefix(settings.SITE_ADDRESS))
    reader.refresh_from_db()
    assert reader.email == "ana@paper.example"


PAGES = ["account_login", "account_signup", "account_reset_password", "account_reset_password_done"]
PAGES += ["account_reset_password_from_key_done", "account_inactive", "account_email_verification_sent"]
OWN_PAGES = ["settings", "delete_account", "account_logout", "account_email", "account_change_password", "mfa_index"]
OWN_PAGES += ["mfa_list_webauthn", "usersessions_list", "account_reauthenticate"]


@pytest.mark.parametrize("name", PAGES + OWN_PAGES)
def test_every_page_has_our_design_and_no_inline_scripts(client: Client, name: str) -> None:
    if name in OWN_PAGES:
        make_reader("Ana")
        sign_in(client)
    page = client.get(reverse(name))
    html = page.content.decode()
    assert page.status_code == 200
    assert html.count("<h1") == 1
    assert 'class="masthead"' in html
    assert " style=" not in html
    assert "<style" not in html
    assert " onclick" not in html
    assert "placeholder=" not in html
    assert "no-store" in page["Cache-Control"]


@pytest.mark.parametrize("path", ["2fa/totp/activate/", "2fa/webauthn/add/", "2fa/recovery-codes/generate/"])
def test_two_step_verification_is_changed_only_after_reauthentication(signed_in: Client, path: str) -> None:
    answer = signed_in.get(f"/accounts/{path}")
    assert answer.status_code == 302
    assert answer["Location"].startswith(("/accounts/reauthenticate/", "/accounts/2fa/"))


def test_hostile_keys_and_numbers_cause_no_server_error(client: Client) -> None:
    for path in ["confirm-email/a:b:c/", "password/reset/key/zzzzzzzzzzzzz-x-y/", f"password/reset/key/{'z' * 99}-x/"]:
        assert client.get(f"/accounts/{path}").status_code in (200, 404)
    assert sign_in(client, "a\x00b").status_code == 422


def test_a_reader_whose_account_was_closed_sees_that(client: Client) -> None:
    User.objects.filter(pk=make_reader("Ana").pk).update(is_active=False)
    assert sign_in(client)["Location"] == "/accounts/inactive/"


# cases.md L11
COMPOSED, DECOMPOSED = "Schl\u00fcssel f\u00fcr Zo\u00eb", "Schlu\u0308ssel fu\u0308r Zoe\u0308"


@pytest.mark.parametrize(
    ("first", "then"), [(COMPOSED, DECOMPOSED), (DECOMPOSED, COMPOSED), ("Ｋｅｙ of ２０", "Key of 20")]
)
def test_a_password_may_be_typed_in_any_normal_form(client: Client, first: str, then: str) -> None:
    """Sign up, sign in, confirm, change and reset: every form takes every spelling."""
    assert COMPOSED != DECOMPOSED
    sign_up = {"email": "zoe@paper.example", "username": "Zoe", "password1": first, "opened": opened_now()}
    with time_machine.travel(timezone.now() + timedelta(seconds=10)):
        client.post("/accounts/signup/", sign_up)
    assert sign_in(Client(), "Zoe", first).status_code == 302
    there = Client()
    assert sign_in(there, "Zoe", then).status_code == 302
    there.post("/accounts/password/change/", {"oldpassword": then, "password1": f"{then} 2", "password2": f"{first} 2"})
    reader = User.objects.get(username="Zoe")
    assert reader.check_password(f"{first} 2")


def test_a_password_hashed_before_normal_forms_still_opens_the_account(client: Client) -> None:
    reader = make_reader("Ana")
    User.objects.filter(pk=reader.pk).update(password=make_password(DECOMPOSED))
    assert sign_in(client, "Ana", DECOMPOSED).status_code == 302
