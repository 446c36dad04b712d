"""People at the desk."""

import pytest
from django.contrib.auth.models import Group
from django.test import Client

from articles.accounts.models import User
from tests.factories import make_reader


def of_group(name: str) -> User:
    person = make_reader(is_staff=True)
    person.groups.add(Group.objects.get(name=name))
    return person


@pytest.fixture
def editor(client: Client) -> User:
    person = of_group("Editor")
    client.force_login(person)
    return person


@pytest.fixture
def writer(client: Client) -> User:
    person = of_group("Writer")
    client.force_login(person)
    return person
