"""The site always has an owner."""

import pytest
from django.test import Client
from django.urls import reverse

from articles.accounts.models import User
from tests import factories

pytestmark = pytest.mark.django_db


def untick(client: Client, owner: User, **form: str) -> int:
    return client.post(reverse("admin:articles_user_change", args=[owner.pk]), form).status_code


@pytest.mark.parametrize("form", [{"is_active": "on", "is_staff": "on"}, {"is_superuser": "on", "is_staff": "on"}])
def test_the_only_owner_can_not_lose_the_role(client: Client, form: dict[str, str]) -> None:
    owner = factories.make_owner()
    User.objects.filter(pk=factories.make_owner().pk).update(is_active=False)  # Asleep, so no owner.
    client.force_login(owner)
    response = client.post(reverse("admin:articles_user_change", args=[owner.pk]), form)
    assert "You’re the only owner." in response.content.decode()
    owner.refresh_from_db()
    assert owner.is_superuser
    assert owner.is_active


def test_one_of_two_owners_can(client: Client) -> None:
    owner, _other = factories.make_owner(), factories.make_owner()
    client.force_login(owner)
    assert untick(client, owner, is_active="on", is_staff="on") == 302
    owner.refresh_from_db()
    assert not owner.is_superuser


def test_changing_a_reader_does_not_check_for_owners(client: Client) -> None:
    client.force_login(factories.make_owner())
    reader = factories.make_reader()
    assert untick(client, reader, is_active="on") == 302
