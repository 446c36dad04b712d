"""The People page: owners see who has which role, invite, give and remove."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.contrib.auth.models import Group
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from articles.accounts import invitations
from articles.accounts.invitations import invite
from articles.accounts.models import Invitation, User
from articles.accounts.role_changes import change_roles, roles_of
from articles.accounts.roles import EDITOR, MODERATOR, OWNER, WRITER
from articles.publishing.models import Author
from tests.factories import PASSWORD, make_owner, make_reader

pytestmark = pytest.mark.django_db
PEOPLE = "/desk/people/"
INES = {"email": "ines@paper.example", "roles": [WRITER]}


@pytest.fixture
def owner() -> User:
    return make_owner("Olga")


@pytest.fixture
def at_work(client: Client, owner: User) -> Client:
    """An owner who has just entered their password again."""
    client.force_login(owner)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    return client


def person(name: str, *given: str, by: User) -> User:
    reader = make_reader(name)
    change_roles(reader=reader, roles=given, by=by)
    return User.objects.get(pk=reader.pk)


def row_of(page: str, name: str) -> str:
    """The text of a row of the page."""
    (row,) = [row for row in page.split("<tr>") if f"<bdi>{name}</bdi></b>" in row]
    return " ".join(row.split())


def test_owners_find_it_in_the_header_of_the_desk(at_work: Client, owner: User) -> None:
    assert f'href="{PEOPLE}"' in at_work.get("/admin/").text
    client = Client()
    client.force_login(person("Ana", EDITOR, by=owner))
    assert f'href="{PEOPLE}"' not in client.get("/admin/").text
    assert client.get(PEOPLE).status_code == 403
    assert Client().get(PEOPLE)["Location"] == f"/accounts/login/?next={PEOPLE}"


def test_it_lists_everyone_with_a_role_and_nobody_else(at_work: Client, owner: User) -> None:
    ana = person("Ana", EDITOR, MODERATOR, by=owner)
    Author.objects.create(name="Ana Marsh", slug="ana-marsh", user=ana)
    TOTP.activate(ana, generate_totp_secret())
    User.objects.filter(pk=ana.pk).update(last_login=timezone.now().replace(2026, 3, 1, 9, 40))
    person("Berta", WRITER, by=owner).groups.add(Group.objects.create(name="Photographers"))
    make_reader("Carla", is_staff=True)
    make_reader("Dora")
    make_reader("Ella", is_staff=True, is_active=False)
    page = at_work.get(PEOPLE).text
    row = row_of(page, "Ana")
    for words in ("ana@paper.example", "<b>Editor, Moderator</b>", "Writes as <bdi>Ana Marsh</bdi>", "1 Mar 2026"):
        assert words in row
    assert f'Turned on <span class="second"> <a href="{reverse("remove_two_step", args=[ana.pk])}">' in row
    assert f'href="{PEOPLE}{ana.pk}/"' in row and f'href="{PEOPLE}{ana.pk}/remove/"' in row
    assert "<b>Writer, Photographers</b>" in row_of(page, "Berta") and "Never" in row_of(page, "Berta")
    assert "Permissions without a role" in row_of(page, "Carla")
    own = row_of(page, "Olga")
    assert "(you)" in own and "<b>Owner</b>" in own and "Change roles" not in own
    assert "Dora" not in page and "Ella" not in page


def test_an_owner_invites_and_sees_the_invitation_until_it_is_answered(at_work: Client) -> None:
    answer = at_work.post(PEOPLE, {**INES, "byline_name": "Ines Vale"}, follow=True)
    assert "Invitation sent to ines@paper.example." in answer.text
    row = row_of(answer.text, "ines@paper.example")
    assert "<b>Writer</b>" in row and "Writes as <bdi>Ines Vale</bdi>" in row and "Invited by <bdi>Olga</bdi>" in row
    assert [message.to for message in mail.outbox] == [["ines@paper.example"]]
    with time_machine.travel(timezone.now() + timedelta(days=8)):
        at_work.force_login(User.objects.get(username="Olga"))
        assert "Expired" in row_of(at_work.get(PEOPLE).text, "ines@paper.example")
    Invitation.objects.update(accepted_at=timezone.now())
    assert "ines@paper.example" not in at_work.get(PEOPLE).text


def test_inviting_takes_the_password_and_keeps_what_was_entered(client: Client, owner: User) -> None:
    client.force_login(owner)
    assert client.get(PEOPLE).status_code == 200
    answer = client.post(PEOPLE, INES)
    assert answer["Location"].startswith("/accounts/reauthenticate/") and not mail.outbox
    client.post(answer["Location"], {"password": PASSWORD, "next": PEOPLE})
    assert Invitation.objects.get().email == "ines@paper.example"


def test_a_refused_invitation_keeps_what_was_entered(at_work: Client, owner: User) -> None:
    at_work.post(PEOPLE, INES)
    for form, words in (
        (INES, "This address has an open invitation."),
        ({"email": "nonsense", "roles": [WRITER]}, "Enter a valid email address."),
        ({"email": "bram@paper.example"}, "Select at least one role."),
        ({"email": "bram@paper.example", "roles": [OWNER]}, "Select a valid choice."),
        ({"email": owner.email, "roles": [WRITER]}, "Olga has this address and is an owner"),
    ):
        answer = at_work.post(PEOPLE, form)
        assert answer.status_code == 422 and words in answer.text and f'value="{form["email"]}"' in answer.text
    assert len(mail.outbox) == 1


def test_too_many_invitations_wait(at_work: Client, owner: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(invitations, "MAX_PER_HOUR", 1)
    at_work.post(PEOPLE, INES)
    answer = at_work.post(PEOPLE, {**INES, "email": "bram@paper.example"})
    assert answer.status_code == 429 and int(answer["Retry-After"]) > 0 and "within the last hour" in answer.text


def test_an_invitation_is_sent_again_or_withdrawn(at_work: Client, owner: User) -> None:
    invitation = invite(email="ines@paper.example", roles=[WRITER], by=owner)
    send, withdraw = (reverse(name, args=[invitation.pk]) for name in ("resend_invitation", "withdraw_invitation"))
    assert at_work.get(send).status_code == at_work.get(withdraw).status_code == 405
    answer = at_work.post(send)
    assert answer.status_code == 429 and "sent a few minutes ago" in answer.text
    Invitation.objects.update(sent_at=timezone.now() - timedelta(minutes=11))
    assert "Invitation sent to ines@paper.example again." in at_work.post(send, follow=True).text
    assert len(mail.outbox) == 2
    assert "Invitation of ines@paper.example withdrawn." in at_work.post(withdraw, follow=True).text
    for url in (send, withdraw):
        answer = at_work.post(url)
        assert answer.status_code == 422 and "accepted or withdrawn a moment ago" in answer.text


def test_an_owner_changes_roles_and_the_name_for_bylines(at_work: Client, owner: User) -> None:
    ana = person("Ana", WRITER, by=owner)
    url = f"{PEOPLE}{ana.pk}/"
    page = at_work.get(url).text
    assert page.count("checked") == 1 and "Can do everything" in page
    answer = at_work.post(url, {"roles": [EDITOR, OWNER], "byline_name": "Ana Marsh"}, follow=True)
    assert "Roles of Ana changed." in answer.text
    assert "<b>Editor, Owner</b>" in row_of(answer.text, "Ana") and "Writes as" in row_of(answer.text, "Ana")
    page = at_work.get(url).text
    assert 'name="byline_name"' not in page and "Writes as" in page
    at_work.post(url, {"roles": [EDITOR], "byline_name": "Somebody else"})
    assert (roles_of(User.objects.get(pk=ana.pk)), Author.objects.get().name) == ([EDITOR], "Ana Marsh")
    assert at_work.post(url, {}).status_code == 422


def test_a_name_for_bylines_is_saved_without_a_change_of_roles(at_work: Client, owner: User) -> None:
    ana = person("Ana", WRITER, by=owner)
    mail.outbox.clear()
    answer = at_work.post(f"{PEOPLE}{ana.pk}/", {"roles": [WRITER], "byline_name": "Ana Marsh"}, follow=True)
    assert "Byline name of Ana saved." in answer.text and Author.objects.get(user=ana).name == "Ana Marsh"
    assert not mail.outbox


def test_removing_all_roles_asks_first_and_takes_a_reason(at_work: Client, owner: User) -> None:
    ana = person("Ana", EDITOR, by=owner)
    url = f"{PEOPLE}{ana.pk}/remove/"
    page = at_work.get(url).text
    assert "Remove all roles from Ana?" in page and "<b>Editor</b>" in page
    assert at_work.post(url, {"reason": " "}).status_code == 422 and roles_of(ana) == [EDITOR]
    answer = at_work.post(url, {"reason": "She has left"}, follow=True)
    assert "Ana no longer has a role." in answer.text and "<bdi>Ana</bdi></b>" not in answer.text
    assert "Reason: She has left" in mail.outbox[-1].body
    history = at_work.get(reverse("admin:articles_user_history", args=[ana.pk])).text
    assert "She has left" in history
    assert at_work.get(url).status_code == 404


def test_nobody_changes_their_own_roles(at_work: Client, owner: User) -> None:
    for url, form in (
        (f"{PEOPLE}{owner.pk}/", {"roles": [EDITOR]}),
        (f"{PEOPLE}{owner.pk}/remove/", {"reason": "Tired"}),
    ):
        answer = at_work.post(url, form)
        assert answer.status_code == 422 and "Ask another owner" in answer.text
    assert User.objects.get(pk=owner.pk).is_superuser


def test_turning_off_a_lost_second_step_leads_back_here(at_work: Client, owner: User) -> None:
    ana = person("Ana", EDITOR, by=owner)
    TOTP.activate(ana, generate_totp_secret())
    url = reverse("remove_two_step", args=[ana.pk])
    assert f'href="{PEOPLE}"' in at_work.get(url).text
    assert at_work.post(url, {"reason": "Lost her phone"})["Location"] == PEOPLE
    assert not Authenticator.objects.exists()


def test_queries_do_not_grow_with_the_people(at_work: Client, owner: User, django_assert_num_queries: Any) -> None:
    for size in (1, 20):
        for number in range(size):
            reader = person(f"Writer{size}x{number}", WRITER, by=owner)
            Author.objects.create(name=reader.username, slug=reader.username.lower(), user=reader)
            Invitation.objects.create(
                email=f"{size}{number}@paper.example",
                roles=[EDITOR],
                invited_by=owner,
                sent_at=timezone.now(),
                expires_at=timezone.now() + timedelta(days=1),
                token_hash=f"{size}{number}",
            )
        with django_assert_num_queries(5):
            at_work.get(PEOPLE)
