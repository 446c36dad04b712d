"""The page behind the link of an invitation."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core import mail
from django.test import Client
from django.utils import timezone

from articles.accounts.invitations import accept, invite, withdraw
from articles.accounts.models import Invitation, User
from articles.accounts.role_changes import roles_of
from articles.accounts.roles import EDITOR, WRITER
from articles.accounts.spam_prevention import opened_now
from articles.publishing.models import Author
from tests.factories import PASSWORD, make_owner, make_reader

pytestmark = pytest.mark.django_db
INES = "ines@paper.example"


@pytest.fixture
def invitation() -> Invitation:
    return invite(email=INES, roles=[WRITER], byline_name="Ines Vale", by=make_owner("Olga"))


@pytest.fixture
def url(invitation: Invitation) -> str:
    found = re.search(r"/accounts/invitation/\S+", str(mail.outbox[-1].body))
    assert found
    mail.outbox.clear()
    return found[0]


@pytest.fixture
def sign_up(client: Client, url: str) -> Callable[..., Any]:
    def send(**fields: str) -> Any:
        with time_machine.travel(timezone.now() - timedelta(seconds=5)):
            opened = opened_now()
        return client.post(url, {"username": "Ines", "password1": PASSWORD, "opened": opened, **fields})

    return send


def signed_in(reader: User) -> Client:
    client = Client()
    client.force_login(reader)
    return client


def test_opening_the_link_tells_what_it_is_and_changes_nothing(
    client: Client, url: str, invitation: Invitation
) -> None:
    answer = client.get(url)
    page = answer.text
    assert answer.status_code == 200 and "no-store" in answer["Cache-Control"]
    assert "<bdi>Olga</bdi>, an owner of The Lantern, invites you" in page and "Writes articles" in page
    assert f'value="{INES}"' in page and "Create account" in page
    signed_in(make_reader()).get(url)
    invitation.refresh_from_db()
    assert invitation.is_open and not User.objects.filter(is_staff=True, is_superuser=False).exists()


@pytest.mark.parametrize("site", ["laptop", "public"])
def test_somebody_new_sets_a_name_and_a_password_and_is_at_the_desk(
    request: pytest.FixtureRequest, client: Client, sign_up: Any, site: str, invitation: Invitation
) -> None:
    if site == "public":
        request.getfixturevalue("public")
    answer = sign_up()
    assert (answer.status_code, answer["Location"]) == (302, "/admin/")
    ines = User.objects.get(username="Ines")
    assert client.get("/admin/").status_code == 200
    assert (ines.email, roles_of(ines), ines.is_superuser) == (INES, [WRITER], False)
    assert list(EmailAddress.objects.filter(user=ines).values_list("email", "verified", "primary")) == [
        (INES, True, True)
    ]
    assert Author.objects.get(user=ines).name == "Ines Vale"
    assert not mail.outbox  # The link has confirmed the address.


def test_another_address_is_not_taken_from_the_form(sign_up: Any) -> None:
    sign_up(email="else@paper.example")
    assert User.objects.get(username="Ines").email == INES


def test_the_checks_of_sign_up_hold(client: Client, url: str, sign_up: Any, invitation: Invitation) -> None:
    make_reader("Berta")
    for fields in ({"username": "Berta"}, {"username": "editor"}, {"password1": "password"}, {"opened": "forged"}):
        assert sign_up(**fields).status_code == 422
    for _ in range(16):
        client.post(url, {})
    answer = client.post(url, {})
    assert answer.status_code == 429 and int(answer["Retry-After"]) > 0
    assert not User.objects.filter(username="Ines").exists()


def test_an_account_with_the_address_signs_in_and_accepts_with_one_press(client: Client, url: str) -> None:
    ines = make_reader("Ines", email=INES)
    page = client.get(url).text
    assert f'href="/accounts/login/?next={url}"' in page and "Create account" not in page
    signed_in_at = client.post("/accounts/login/", {"login": "Ines", "password": PASSWORD, "next": url})
    assert signed_in_at["Location"] == url
    page = client.get(url).text
    assert "Accept invitation" in page and "was sent to" not in page
    answer = client.post(url, {"account": str(ines.pk)}, follow=True)
    assert answer.request["PATH_INFO"] == "/admin/" and "Invitation accepted." in answer.text
    assert roles_of(User.objects.get(pk=ines.pk)) == [WRITER]


def test_another_account_is_told_so_and_accepts_or_signs_out(url: str) -> None:
    bram = make_reader("Bram")
    client = signed_in(bram)
    page = client.get(url).text
    assert f"The invitation was sent to <bdi>{INES}</bdi>. You’re signed in as <bdi>Bram</bdi>" in page
    assert "Accept as Bram" in page and f'name="next" value="{url}"' in page
    assert client.post("/accounts/logout/", {"next": url})["Location"] == url
    client.force_login(bram)
    assert client.post(url, {"account": str(bram.pk)})["Location"] == "/admin/"
    assert roles_of(User.objects.get(pk=bram.pk)) == [WRITER]


def test_a_form_shown_to_one_account_is_not_accepted_for_another(url: str, invitation: Invitation) -> None:
    ines, bram = make_reader("Ines", email=INES), make_reader("Bram")
    for form in ({}, {"account": str(ines.pk)}):
        answer = signed_in(bram).post(url, form)
        assert answer.status_code == 422 and "Accept as Bram" in answer.text
    invitation.refresh_from_db()
    assert invitation.is_open


def test_two_step_verification_comes_first_as_ever(client: Client, url: str) -> None:
    ines = make_reader("Ines", email=INES)
    TOTP.activate(ines, generate_totp_secret())
    client.post(f"/accounts/login/?next={url}", {"login": "Ines", "password": PASSWORD})
    assert "Sign in to accept" in client.get(url).text
    assert roles_of(ines) == []


def test_a_banned_reader_reads_why(url: str) -> None:
    banned = make_reader(banned_at=timezone.now(), banned_reason="Spam")
    answer = signed_in(banned).post(url, {"account": str(banned.pk)})
    assert answer.status_code == 422 and "Reason: Spam" in answer.text


def test_used_withdrawn_expired_and_mistyped_links_say_so(client: Client, url: str, invitation: Invitation) -> None:
    def shows(words: str, status: int, *, at: str = url) -> bool:
        pages = [reader.get(at) for reader in (client, signed_in(make_reader()))]
        return all(page.status_code == status and words in page.text for page in pages) and INES not in pages[0].text

    assert shows("Invitation not found", 404, at=url[:-3] + "/")
    with time_machine.travel(timezone.now() + timedelta(days=7)):
        assert shows("This invitation has expired", 410)
    second = invite(email="bram@paper.example", roles=[EDITOR], by=make_owner())
    withdrawn = re.search(r"/accounts/invitation/\S+", str(mail.outbox[-1].body))
    withdraw(invitation=second, by=make_owner())
    assert withdrawn and shows("This invitation has been withdrawn", 410, at=withdrawn[0])
    accept(invitation=invitation, reader=make_reader())
    assert shows("This invitation has been used", 410)
    assert client.post(url, {"username": "Ines", "password1": PASSWORD}).status_code == 410


def test_what_a_stranger_sees_tells_nothing_about_the_address(client: Client, url: str) -> None:
    """Without the link there is one answer, whether or not the address has an invitation or an account."""
    pages = []
    for email in (None, INES):
        if email:
            make_reader("Ines", email=email)
        pages.append(client.get("/accounts/invitation/guessed/").content)
    assert pages[0] == pages[1]


def test_queries_of_the_page(client: Client, url: str, django_assert_num_queries: Any) -> None:
    client.get(url)  # Warm the caches of a process.
    with django_assert_num_queries(3):
        client.get(url)
