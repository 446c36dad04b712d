"""Readers in the admin: only owners see email addresses and assign roles."""

import pytest
from allauth.account.models import EmailAddress
from django.test import Client

from articles.accounts.models import User
from tests.factories import make_owner, make_reader

pytestmark = pytest.mark.django_db
VIEWER = ("articles.view_user", "articles.change_user")


def as_(reader: User) -> Client:
    client = Client()
    client.force_login(reader)
    return client


def test_only_owners_see_email_addresses() -> None:
    ana = make_reader("Ana", email="ana@private.example")
    for path in ["/admin/articles/user/", f"/admin/articles/user/{ana.pk}/change/", "/admin/articles/user/?q=private"]:
        assert "ana@private.example" not in as_(make_reader(permissions=VIEWER)).get(path).content.decode()
    assert "ana@private.example" in as_(make_owner()).get(f"/admin/articles/user/{ana.pk}/change/").content.decode()


def test_only_owners_search_email_addresses() -> None:
    make_reader("Ana", email="ana@private.example")
    page = as_(make_reader(permissions=VIEWER)).get("/admin/articles/user/?q=ana@private.example")
    assert page.context["cl"].result_count == 0


def test_only_owners_assign_roles() -> None:
    ana, moderator = make_reader("Ana"), make_reader(permissions=VIEWER)
    powers = {"is_active": "on", "is_staff": "on", "is_superuser": "on"}
    as_(moderator).post(f"/admin/articles/user/{ana.pk}/change/", powers)
    as_(moderator).post(f"/admin/articles/user/{moderator.pk}/change/", powers)
    assert not User.objects.filter(is_superuser=True).exists()
    as_(make_owner()).post(f"/admin/articles/user/{ana.pk}/change/", powers)
    assert User.objects.get(pk=ana.pk).is_superuser


def test_nobody_is_added_in_the_admin_and_only_owners_delete() -> None:
    ana = make_reader("Ana")
    assert as_(make_owner()).get("/admin/articles/user/add/").status_code == 403
    path = f"/admin/articles/user/{ana.pk}/delete/"
    moderator = make_reader(permissions=(*VIEWER, "articles.delete_user"))
    assert as_(moderator).post(path, {"post": "yes"}).status_code == 403
    as_(make_owner()).post(path, {"post": "yes"})
    assert not User.objects.filter(pk=ana.pk).exists()


def test_the_only_owner_stays_an_owner() -> None:
    owner = make_owner()
    answer = as_(owner).post(f"/admin/articles/user/{owner.pk}/delete/", {"post": "yes"})
    assert answer.status_code == 302
    assert User.objects.filter(pk=owner.pk).exists()


def test_owners_look_up_addresses_and_sessions_and_change_none() -> None:
    """cases.md A10: what owners do to an account has a reason, and its reader is told."""
    ana = make_reader("Ana", email="ana@paper.example")
    address = EmailAddress.objects.create(user=ana, email=ana.email, primary=True, verified=False)
    owner = as_(make_owner())
    other = {"user": ana.pk, "email": "evil@paper.example", "primary": "on", "verified": "on"}
    for path in (f"account/emailaddress/{address.pk}/change/", "account/emailaddress/add/"):
        assert owner.post(f"/admin/{path}", other).status_code == 403
    assert owner.post(f"/admin/account/emailaddress/{address.pk}/delete/", {"post": "yes"}).status_code == 403
    assert owner.get("/admin/usersessions/usersession/add/").status_code == 403
    assert list(EmailAddress.objects.values_list("email", "verified")) == [("ana@paper.example", False)]
    confirm = {"action": "make_verified", "_selected_action": [address.pk]}
    assert owner.post("/admin/account/emailaddress/", confirm).status_code == 302
    assert EmailAddress.objects.get().verified
