"""Bans: from where, for how long, and what they outlive (cases.md A7, A8)."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from articles.accounts import banned_addresses
from articles.accounts.account_deletion import delete_account
from articles.accounts.models import BannedAddress, User
from articles.discussion import moderation_log, sanctions
from articles.discussion.models import ModerationAction
from articles.errors import Refused
from tests.accounts.conftest import sign_up  # noqa: F401
from tests.factories import GROUNDS, author_of, make_comment, make_owner, make_reader

pytestmark = pytest.mark.django_db

EMAIL = "ana@paper.example"


@pytest.fixture
def at_work(client: Client) -> Client:
    client.force_login(make_owner())
    return client


def ban(reader: User, days: int | None = None) -> None:
    sanctions.ban(reader=reader, by=make_owner(), grounds=GROUNDS, reason="Insults", days=days)
    reader.refresh_from_db()


def test_a_reader_is_banned_and_freed_from_the_profile_a_comment_and_the_admin(at_work: Client) -> None:
    """cases.md A7: nobody has to report anything first."""
    comment = make_comment()
    reader = author_of(comment)
    places = {
        "profile": reader.get_absolute_url(),
        "comment": comment.get_absolute_url(),
        "admin": reverse("admin:articles_user_change", args=[reader.pk]),
    }
    for place, url in places.items():
        for name, banned in (("ban_reader", True), ("unban_reader", False)):
            page = at_work.get(url).text
            target = reverse(name, args=[reader.pk])
            if place == "comment":
                link = reverse("ban_author", args=[comment.pk])
                assert f'href="{link}"' in page
                assert at_work.get(link)["Location"] == target
            else:
                assert f'href="{target}"' in page, place
            assert 'name="reason"' in at_work.get(target).text
            at_work.post(target, {"reason": "Insults", "days": "7", "ground": "1"})
            reader.refresh_from_db()
            assert reader.is_banned == banned, place
    assert ModerationAction.objects.filter(action="ban", reason="Insults", ends_at__isnull=False).count() == 3


@pytest.mark.parametrize(("days", "length"), [("1", 1), ("365", 365), ("forever", None)])
def test_a_ban_has_the_chosen_end_and_its_reader_is_told(at_work: Client, days: str, length: int | None) -> None:
    reader = make_reader()
    at_work.post(reverse("ban_reader", args=[reader.pk]), {"reason": "Insults", "days": days, "ground": "1"})
    reader.refresh_from_db()
    assert reader.banned_at is not None
    assert reader.banned_until == (length and reader.banned_at + timedelta(days=length))
    assert "Insults" in reader.write_refusal and ("The ban ends on" in reader.write_refusal) == bool(length)


@pytest.mark.parametrize("days", ["", "x", "-1", "99999999999"])
def test_a_length_that_the_form_lacks_bans_nobody_for_ever(at_work: Client, days: str) -> None:
    reader = make_reader()
    answer = at_work.post(reverse("ban_reader", args=[reader.pk]), {"reason": "Insults", "days": days, "ground": "1"})
    reader.refresh_from_db()
    assert answer.status_code == 422 and not reader.is_banned


def test_a_ban_ends_by_itself() -> None:
    reader = make_reader()
    ban(reader, days=7)
    with time_machine.travel(timezone.now() + timedelta(days=6)):
        assert reader.is_banned and sanctions.end_bans() == 0
    with time_machine.travel(timezone.now() + timedelta(days=8)):
        assert not reader.is_banned and not reader.write_refusal
        assert sanctions.end_bans() == 1
        banned_addresses.delete_ended_hashes()
    reader.refresh_from_db()
    assert reader.banned_at is reader.banned_until is None and not BannedAddress.objects.exists()


@pytest.mark.parametrize("role", ["Writer", "Editor"])
def test_a_banned_writer_keeps_no_desk(client: Client, role: str) -> None:
    writer = make_reader(is_staff=True)
    writer.groups.add(Group.objects.get(name=role))
    client.force_login(writer)
    pages = ["/admin/", "/admin/articles/article/", "/admin/articles/article/add/"]
    assert [client.get(url).status_code for url in pages] == [200] * 3
    ban(writer)
    for url in pages:
        assert client.get(url).status_code in (302, 403)
        assert client.post(url, {"headline": "x"}).status_code in (302, 403)
    assert not writer.has_perm("articles.add_article") and not writer.has_module_perms("articles")
    sanctions.unban(reader=writer, by=make_owner(), reason="Talked")
    assert client.get("/admin/").status_code == 200


@pytest.mark.parametrize("email", [EMAIL, "Ana@Paper.Example", "ana+again@paper.example"])
def test_a_ban_outlives_the_account(sign_up: Any, email: str) -> None:  # noqa: F811
    """cases.md A8."""
    reader = make_reader("Berta", email=EMAIL)
    ban(reader, days=30)
    until = reader.banned_until
    delete_account(reader=reader)
    row = BannedAddress.objects.get()
    assert (row.ends_at, row.reader, len(row.key)) == (until, None, 64)
    assert "ana" not in str(BannedAddress.objects.values())
    sign_up(email=email)
    again = User.objects.get(username="Ana")
    assert again.is_banned and again.banned_until == until and "earlier account" in again.write_refusal
    sanctions.unban(reader=again, by=make_owner(), reason="Talked")
    assert not BannedAddress.objects.exists()


def test_another_address_and_an_ended_ban_are_free(client: Client, sign_up: Any) -> None:  # noqa: F811
    reader = make_reader("Berta", email=EMAIL)
    ban(reader, days=1)
    delete_account(reader=reader)
    sign_up(email="carl@paper.example", username="Carl")
    assert not User.objects.get(username="Carl").is_banned
    client.logout()
    BannedAddress.objects.update(ends_at=timezone.now())
    sign_up()
    assert not User.objects.get(username="Ana").is_banned


def test_nobody_leaves_a_ban_by_changing_the_address_first(client: Client, sign_up: Any) -> None:  # noqa: F811
    reader = make_reader("Berta", email=EMAIL)
    ban(reader)
    User.objects.filter(pk=reader.pk).update(email="new@paper.example")
    EmailAddress.objects.filter(user=reader).update(email="new@paper.example")
    reader.refresh_from_db()
    delete_account(reader=reader)
    sign_up()
    client.logout()
    sign_up(email="new@paper.example", username="Carl")
    assert [User.objects.get(username=name).is_banned for name in ("Ana", "Carl")] == [True, True]


def test_the_account_of_a_reader_in_good_standing_leaves_nothing() -> None:
    delete_account(reader=make_reader(email=EMAIL))
    assert not BannedAddress.objects.exists()


def test_the_log_keeps_the_length_of_a_ban_with_a_long_reason() -> None:
    reader = make_reader()
    reason = "x" * moderation_log.MAX_REASON_LENGTH
    action = sanctions.ban(reader=reader, by=make_owner(), grounds=GROUNDS, reason=reason, days=7)
    reader.refresh_from_db()
    assert action.reason == reason and action.ends_at == reader.banned_until is not None
    with pytest.raises(Refused):
        sanctions.ban(reader=reader, by=make_owner(), grounds=GROUNDS, reason="Again")
