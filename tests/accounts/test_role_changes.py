"""Owners give and remove roles: recorded, logged, and told by email."""

import logging
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group, Permission
from django.core import mail
from django.test import Client

from articles.accounts import roles
from articles.accounts.invitations import accept, invite
from articles.accounts.models import User
from articles.accounts.role_changes import change_roles, people_with_roles, remove_roles, roles_of
from articles.accounts.roles import EDITOR, MODERATOR, OWNER, WRITER
from articles.discussion.models import Comment
from articles.errors import Refused
from tests.factories import make_article, make_comment, make_owner, make_reader
from tests.racing import race

pytestmark = pytest.mark.django_db
REPEATED = 5  # Each time both begin together.
REASON = "She has left the paper"


@pytest.fixture
def owner() -> User:
    return make_owner("Olga")


@pytest.fixture
def ana() -> User:
    return make_reader("Ana", email="ana@paper.example")


def fresh(reader: User) -> User:
    return User.objects.get(pk=reader.pk)


def test_a_role_opens_the_desk_with_its_permissions(owner: User, ana: User) -> None:
    assert change_roles(reader=ana, roles=[WRITER, MODERATOR], by=owner)
    client = Client()
    client.force_login(fresh(ana))
    assert client.get("/admin/").status_code == 200
    assert fresh(ana).has_perm("articles.add_article") and not fresh(ana).has_perm("articles.publish_article")
    assert roles_of(fresh(ana)) == [WRITER, MODERATOR]


def test_a_change_replaces_roles_and_keeps_groups_that_are_no_roles(owner: User, ana: User) -> None:
    ana.groups.add(Group.objects.create(name="Photographers"))
    change_roles(reader=ana, roles=[WRITER], by=owner)
    change_roles(reader=ana, roles=[EDITOR], by=owner)
    assert roles_of(fresh(ana)) == [EDITOR, "Photographers"]
    assert roles.names_of(roles_of(fresh(ana))) == ["Editor", "Photographers"]


def test_the_same_roles_again_change_nothing_and_tell_nobody(owner: User, ana: User) -> None:
    change_roles(reader=ana, roles=[WRITER], by=owner)
    mail.outbox.clear()
    assert not change_roles(reader=ana, roles=[WRITER], by=owner)
    assert not mail.outbox and LogEntry.objects.count() == 1


def test_the_history_the_log_and_an_email_say_what_was_changed(
    owner: User, ana: User, caplog: pytest.LogCaptureFixture, django_capture_on_commit_callbacks: Any
) -> None:
    with caplog.at_level(logging.INFO), django_capture_on_commit_callbacks(execute=True):
        change_roles(reader=ana, roles=[EDITOR, MODERATOR], by=owner)
        remove_roles(reader=ana, by=owner, reason=REASON)
    changed, removed = LogEntry.objects.filter(object_id=str(ana.pk), user=owner).order_by("pk")
    assert changed.change_message == "Changed roles: Editor, Moderator."
    assert removed.change_message == f"Removed all roles. Reason: {REASON}"
    lines = [record.getMessage() for record in caplog.records if "security_log" in record.name]
    assert lines == [
        f"Role changed: account {ana.pk}, by account {owner.pk}, roles: Editor and Moderator",
        f"Roles removed: account {ana.pk}, by account {owner.pk}",
    ]
    given, taken = mail.outbox
    assert given.to == taken.to == ["ana@paper.example"]
    assert "Olga, an owner of The Lantern, changed the roles of your account Ana" in given.body
    assert "It now has: Editor, Moderator." in given.body and "Reason" not in given.body
    assert "removed all roles from your account Ana" in taken.body and f"Reason: {REASON}" in taken.body


def test_what_is_removed_is_every_role_group_and_permission(owner: User, ana: User) -> None:
    change_roles(reader=ana, roles=[OWNER, EDITOR], by=owner)
    ana.groups.add(Group.objects.create(name="Photographers"))
    ana.user_permissions.add(Permission.objects.get(codename="publish_article"))
    remove_roles(reader=ana, by=owner, reason=REASON)
    assert not people_with_roles().filter(pk=ana.pk).exists()
    assert not fresh(ana).get_all_permissions() and not fresh(ana).is_staff
    client = Client()
    client.force_login(fresh(ana))
    assert client.get("/admin/").status_code != 200


def test_an_open_invitation_does_not_give_back_what_was_removed(owner: User, ana: User) -> None:
    change_roles(reader=ana, roles=[WRITER], by=owner)
    invitation = invite(email=ana.email, roles=[EDITOR], by=owner)
    remove_roles(reader=ana, by=owner, reason=REASON)
    with pytest.raises(Refused, match="withdrawn"):
        accept(invitation=invitation, reader=ana)


def test_badges_of_comments_follow_the_role(owner: User, ana: User) -> None:
    comment = make_comment(make_article(), author=ana)
    change_roles(reader=ana, roles=[EDITOR], by=owner)
    assert Comment.objects.get(pk=comment.pk).badge == "editor"
    remove_roles(reader=ana, by=owner, reason=REASON)
    assert Comment.objects.get(pk=comment.pk).badge == ""


def test_only_owners_do_it_to_others_with_a_role_and_a_reason(owner: User, ana: User) -> None:
    editor = make_reader(permissions=["articles.change_user"])
    change_roles(reader=ana, roles=[WRITER], by=owner)
    for reader, by in ((ana, editor), (owner, owner), (owner, editor)):
        with pytest.raises(Refused):
            change_roles(reader=reader, roles=[EDITOR], by=by)
        with pytest.raises(Refused):
            remove_roles(reader=reader, by=by, reason=REASON)
    for reason in ("", "  ", "long " * 99):
        with pytest.raises(Refused, match="Give a reason"):
            remove_roles(reader=ana, by=owner, reason=reason)
    with pytest.raises(Refused, match="at least one role"):
        change_roles(reader=ana, roles=[], by=owner)
    with pytest.raises(Refused, match="no role"):
        remove_roles(reader=make_reader(), by=owner, reason=REASON)
    assert roles_of(fresh(ana)) == [WRITER] and fresh(owner).is_superuser


def test_the_only_owner_keeps_the_role(owner: User, ana: User) -> None:
    """Someone may still be seen as an owner who has just lost the role."""
    change_roles(reader=ana, roles=[OWNER], by=owner)
    other = fresh(ana)
    remove_roles(reader=ana, by=owner, reason=REASON)
    with pytest.raises(Refused, match="only owner"):
        change_roles(reader=owner, roles=[EDITOR], by=other)
    with pytest.raises(Refused, match="only owner"):
        remove_roles(reader=owner, by=other, reason=REASON)
    assert fresh(owner).is_superuser


@pytest.mark.django_db(transaction=True)
def test_two_owners_who_remove_each_other_at_once_leave_one() -> None:
    one, two = make_owner(), make_owner()

    def removal_of(reader: User, by: User) -> Callable[[int], None]:
        def remove(_round: int) -> None:
            with suppress(Refused):
                remove_roles(reader=reader, by=by, reason=REASON)

        return remove

    for _ in range(REPEATED):
        User.objects.update(is_superuser=True)
        assert race(removal_of(one, two), removal_of(two, one), rounds=1) == []
        assert User.objects.filter(is_superuser=True).count() == 1


def test_each_role_is_described_by_what_its_permissions_allow() -> None:
    may = roles.PERMISSIONS
    assert {"add_article", "change_article"} <= may[WRITER] and "publish_article" not in may[WRITER]
    assert {"publish_article", "change_articletopic", "change_section", "change_author", "change_sitepage"} <= may[
        EDITOR
    ]
    assert {"change_comment", "view_article"} <= may[MODERATOR]
    assert not may[MODERATOR] & {"change_article", "add_article", "change_articletopic"}
    assert set(roles.NAMES) == set(roles.DESCRIPTIONS) == set(roles.ROLES) == {*may, OWNER}
