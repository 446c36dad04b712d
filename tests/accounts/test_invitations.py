"""Invitations to take on roles: what owners send, and what becomes of it."""

import logging
import re
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.admin.models import LogEntry
from django.core import mail
from django.db import IntegrityError, transaction
from django.utils import timezone

from articles.accounts import banned_addresses, invitations
from articles.accounts.account_deletion import delete_account
from articles.accounts.data_export import collect
from articles.accounts.invitations import accept, find, invite, send_again, withdraw
from articles.accounts.models import Invitation, User
from articles.accounts.role_changes import roles_of
from articles.accounts.roles import EDITOR, GROUPS, MODERATOR, OWNER, WRITER
from articles.errors import Refused
from articles.mail.models import QueuedEmail
from articles.publishing.models import Author
from newsroom.scheduler import HOURLY_JOBS
from tests.factories import make_owner, make_reader
from tests.racing import race

pytestmark = pytest.mark.django_db
REPEATED = 5  # Each time both begin together.
INES = "ines@paper.example"


@pytest.fixture
def owner() -> User:
    return make_owner("Olga")


def token(email: Any = None) -> str:
    """The token in the last email."""
    found = re.search(r"/accounts/invitation/([^/\s]+)/", str((email or mail.outbox[-1]).body))
    assert found
    return found[1]


def after(wait: timedelta) -> Any:
    return time_machine.travel(timezone.now() + wait, tick=False)


def fresh(invitation: Invitation) -> Invitation:
    return Invitation.objects.get(pk=invitation.pk)


def test_an_invitation_says_who_invites_to_what_and_until_when(owner: User, settings: Any) -> None:
    invitation = invite(email=" Ines@Paper.example ", roles=[MODERATOR, WRITER], by=owner)
    assert (invitation.email, invitation.roles, invitation.invited_by) == (INES, [WRITER, MODERATOR], owner)
    assert invitation.is_open and invitation.expires_at - invitation.sent_at == timedelta(days=7)
    (message,) = mail.outbox
    assert message.to == [INES] and "Invitation to work on The Lantern" in message.subject
    assert "Olga, an owner of The Lantern, invites you to work on it:" in message.body
    assert "Writer: Writes articles" in message.body and "Moderator: Decides" in message.body
    assert f"{settings.SITE_ADDRESS}/accounts/invitation/{token()}/" in message.body


def test_it_leaves_the_mail_queue_once_it_is_sent(owner: User, letters: Any) -> None:
    invite(email=INES, roles=[WRITER], by=owner)
    assert [letter["To"] for letter in letters()] == [INES] and not QueuedEmail.objects.exists()


def test_the_token_is_stored_as_a_hash_only(owner: User) -> None:
    invitation = invite(email=INES, roles=[WRITER], by=owner)
    assert find(token()) == invitation and find(invitation.token_hash) is None and find("") is None
    assert token() not in str(list(Invitation.objects.values_list()))


def test_accepting_gives_the_roles_in_addition(owner: User) -> None:
    ana = make_reader("Ana", email=INES)
    accept(invitation=invite(email=INES, roles=[WRITER], by=owner), reader=ana)
    again = invite(email=INES, roles=[WRITER, MODERATOR], by=owner)
    accept(invitation=again, reader=ana)
    assert roles_of(User.objects.get(pk=ana.pk)) == [WRITER, MODERATOR]
    assert (fresh(again).accepted_by, fresh(again).is_open) == (ana, False)
    with pytest.raises(Refused, match="accepted or withdrawn"):
        accept(invitation=again, reader=make_reader())


@pytest.mark.django_db(transaction=True)
def test_of_two_who_accept_it_at_once_one_gets_the_role() -> None:
    owner = make_owner()
    ana, berta = make_reader("Ana"), make_reader("Berta")

    def acceptance_by(reader: User) -> Callable[[int], None]:
        def take(_round: int) -> None:
            with suppress(Refused):
                accept(invitation=Invitation.objects.get(), reader=reader)

        return take

    for _ in range(REPEATED):
        User.groups.through._default_manager.all().delete()
        Invitation.objects.all().delete()
        invite(email=INES, roles=[WRITER], by=owner)
        assert race(acceptance_by(ana), acceptance_by(berta), rounds=1) == []
        (taken,) = Invitation.objects.all()
        assert list(User.objects.filter(groups__name=WRITER)) == [taken.accepted_by]


def test_an_owner_who_accepts_stays_an_owner(owner: User) -> None:
    accept(invitation=invite(email=INES, roles=[WRITER], by=owner), reader=owner)
    assert roles_of(User.objects.get(pk=owner.pk)) == [WRITER, OWNER]


def test_the_log_and_the_history_tell_of_it_without_names_and_addresses(
    owner: User, caplog: pytest.LogCaptureFixture, django_capture_on_commit_callbacks: Any
) -> None:
    ana = make_reader("Ana", email=INES)
    with caplog.at_level(logging.INFO), django_capture_on_commit_callbacks(execute=True):
        invitation = invite(email=INES, roles=[WRITER, EDITOR], by=owner)
        with after(timedelta(hours=1)):
            send_again(invitation=invitation, by=owner)
        accept(invitation=invitation, reader=ana)
        withdraw(invitation=invite(email="bram@paper.example", roles=[WRITER], by=owner), by=owner)
    by = f"no account, by account {owner.pk}"
    lines = [record.getMessage() for record in caplog.records if "security_log" in record.name]
    assert lines == [
        f"Invited: {by}, roles: Writer and Editor",
        f"Invited again: {by}",
        f"Invitation accepted: account {ana.pk}, by account {owner.pk}, roles: Writer and Editor",
        f"Invited: {by}, roles: Writer",
        f"Invitation withdrawn: {by}",
    ]
    entry = LogEntry.objects.get(object_id=str(ana.pk))
    assert (entry.user, entry.change_message) == (owner, "Accepted an invitation. Roles: Writer, Editor.")


def test_an_expired_or_withdrawn_one_can_not_be_accepted(owner: User) -> None:
    ana = make_reader("Ana")
    withdrawn, expired = (invite(email=email, roles=[WRITER], by=owner) for email in (INES, "bram@paper.example"))
    withdraw(invitation=withdrawn, by=owner)
    with pytest.raises(Refused, match="withdrawn"):
        accept(invitation=withdrawn, reader=ana)
    with after(timedelta(days=7)), pytest.raises(Refused, match="expired"):
        accept(invitation=expired, reader=ana)
    with pytest.raises(Refused):
        withdraw(invitation=withdrawn, by=owner)
    assert roles_of(ana) == []


def test_sending_it_again_makes_a_new_link_for_the_whole_time(owner: User) -> None:
    invitation = invite(email=INES, roles=[WRITER], by=owner)
    old = token()
    with pytest.raises(Refused) as refusal:
        send_again(invitation=invitation, by=owner)
    assert refusal.value.retry_after
    with after(timedelta(days=8)):
        assert not fresh(invitation).is_open
        send_again(invitation=invitation, by=owner)
        assert find(old) is None and find(token()) == invitation
        assert fresh(invitation).is_open
    assert [message.to for message in mail.outbox] == [[INES], [INES]]


def test_an_address_has_one_open_invitation(owner: User) -> None:
    invite(email=INES, roles=[WRITER], by=owner)
    with pytest.raises(Refused, match="open invitation") as refusal:
        invite(email=INES.upper(), roles=[EDITOR], by=owner)
    assert refusal.value.field == "email" and len(mail.outbox) == 1
    with after(timedelta(days=7)):  # It has expired: a new one replaces it.
        invite(email=INES, roles=[EDITOR], by=owner)
    assert list(Invitation.objects.unanswered().values_list("roles", flat=True)) == [[EDITOR]]


def test_who_is_known_already_is_told_apart_in_plain_words(owner: User) -> None:
    writer = make_reader("Ana", email=INES)
    accept(invitation=invite(email=INES, roles=[WRITER], by=owner), reader=writer)
    make_reader("Berta", banned_at=timezone.now())
    make_reader("Carla", is_active=False)
    left = make_reader("Dora", banned_at=timezone.now())
    banned_addresses.remember(left)
    delete_account(reader=left)
    for email, words in {
        INES: "Ana has this address and can do this already.",
        owner.email: "Olga has this address and is an owner",
        "berta@paper.example": "Berta has this address and is banned",
        "carla@paper.example": "Carla has this address, and their account is disabled",
        "dora@paper.example": "banned the last account with this address",
    }.items():
        with pytest.raises(Refused, match=re.escape(words)) as refusal:
            invite(email=email, roles=[WRITER], by=owner)
        assert refusal.value.field == "email"
    invite(email=INES, roles=[WRITER, EDITOR], by=owner)
    assert mail.outbox[-1].to == [INES]


def test_only_owners_invite_and_only_to_roles_below_their_own(owner: User) -> None:
    invitation = invite(email=INES, roles=[WRITER], by=owner)
    editor = make_reader(permissions=["articles.add_user"])
    for action in (
        lambda: invite(email="bram@paper.example", roles=[WRITER], by=editor),
        lambda: send_again(invitation=invitation, by=editor),
        lambda: withdraw(invitation=invitation, by=editor),
    ):
        with pytest.raises(Refused, match="Only owners"):
            action()
    for roles in ([], [OWNER], ["Photographers"]):
        with pytest.raises(Refused, match="at least one role"):
            invite(email="bram@paper.example", roles=roles, by=owner)
    assert Invitation.objects.count() == 1


def test_many_invitations_within_the_hour_are_refused(owner: User) -> None:
    for number in range(invitations.MAX_PER_HOUR):
        withdraw(invitation=invite(email=f"{number}@paper.example", roles=[WRITER], by=owner), by=owner)
    with pytest.raises(Refused) as refusal:
        invite(email=INES, roles=[WRITER], by=make_owner())
    assert refusal.value.retry_after and len(mail.outbox) == invitations.MAX_PER_HOUR
    with after(timedelta(hours=1, seconds=1)):
        invite(email=INES, roles=[WRITER], by=owner)


def test_a_banned_reader_accepts_nothing(owner: User) -> None:
    banned = make_reader(banned_at=timezone.now())
    with pytest.raises(Refused, match="banned"):
        accept(invitation=invite(email=INES, roles=[WRITER], by=owner), reader=banned)


def test_a_byline_name_links_the_account_to_its_author(owner: User) -> None:
    known = Author.objects.create(name="Ines Vale", slug="ines-vale")
    ana, berta = make_reader("Ana"), make_reader("Berta")
    for email, reader in ((INES, ana), ("berta@paper.example", berta)):
        accept(invitation=invite(email=email, roles=[WRITER], byline_name=" Ines  Vale", by=owner), reader=reader)
    assert Author.objects.get(user=ana) == known
    other = Author.objects.get(user=berta)  # Somebody else of the same name.
    assert (other.name, other.slug) == ("Ines Vale", "ines-vale-2")


def test_without_a_byline_name_nobody_becomes_an_author(owner: User) -> None:
    accept(invitation=invite(email=INES, roles=[WRITER], by=owner), reader=make_reader())
    assert not Author.objects.exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"accepted_at": timezone.now(), "revoked_at": timezone.now()},
        {"expires_at": timezone.now() - timedelta(days=400)},
        {"roles": []},
    ],
)
def test_the_database_refuses_what_can_not_be(owner: User, wrong: dict[str, Any]) -> None:
    invitation = invite(email=INES, roles=[WRITER], by=owner)
    with pytest.raises(IntegrityError), transaction.atomic():
        Invitation.objects.filter(pk=invitation.pk).update(**wrong)
    with pytest.raises(IntegrityError), transaction.atomic():
        Invitation.objects.filter(pk=invitation.pk).update(accepted_by=owner)


def test_invitations_are_deleted_a_month_after_they_expire(owner: User) -> None:
    invite(email=INES, roles=[WRITER], by=owner)
    assert invitations.delete_old in HOURLY_JOBS
    with after(timedelta(days=36)):
        assert invitations.delete_old() == 0
    with after(timedelta(days=38)):
        assert invitations.delete_old() == 1


def test_they_are_in_the_data_export_and_go_with_the_account(owner: User) -> None:
    ana = make_reader("Ana", email="ana@paper.example")
    accept(invitation=invite(email=INES, roles=GROUPS, by=owner), reader=ana)
    rows = collect(ana)["invitations"]
    assert [row["email"] for row in rows] == [INES] and rows[0]["roles"] == list(GROUPS)
    assert collect(owner)["invitations"] == []
    delete_account(reader=ana, by=owner)
    assert not Invitation.objects.exists()
