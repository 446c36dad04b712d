"""While another process holds SQLite's lock, every page can still be read: on both engines reading writes nothing."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.models import Group
from django.db import OperationalError, connection
from django.test import Client

from articles.importing.sample_content import write_sample
from articles.models import User
from tests.browser.test_every_page import (
    name_publisher,
    readers_pages,
    reading_pages,
    signed_out_pages,
    staff_pages,
    talking_pages,
)
from tests.factories import make_reader

pytestmark = pytest.mark.django_db


READING = ("SELECT", "(SELECT", "WITH", "PRAGMA", "EXPLAIN")
LOCKS_NOTHING = ("SAVEPOINT", "RELEASE", "ROLLBACK") if connection.vendor == "postgresql" else ()


def refuse_writes(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
    """Fail like SQLite does for a write, and for a transaction, which takes the lock when it begins."""
    if not sql.lstrip().upper().startswith(READING + LOCKS_NOTHING):
        raise OperationalError(f"database is locked: {sql[:200]}")
    return execute(sql, params, many, context)


@pytest.mark.parametrize("who", ["signed out", "a moderator", "the owner"])
def test_pages_are_read_while_the_database_is_locked(client: Client, who: str) -> None:  # cases.md O4
    write_sample()
    name_publisher()
    pages = {
        "signed out": lambda: [*talking_pages(), *reading_pages(), *signed_out_pages()],
        "a moderator": lambda: [*talking_pages(), *reading_pages(), *readers_pages()],
        "the owner": lambda: [*talking_pages(), *staff_pages()],
    }[who]()
    if who == "a moderator":
        reader = make_reader("Mira")
        EmailAddress.objects.create(user=reader, email=reader.email, primary=True, verified=True)  # As sign-up does.
        reader.groups.add(Group.objects.get(name="Moderator"))
        client.force_login(reader)
    if who == "the owner":
        client.force_login(User.objects.get(username="Owner"))
    with connection.execute_wrapper(refuse_writes):
        found = {page: client.get(page).status_code for page in pages}
    # The preview of an upload is an import that is rolled back.
    rolled_back = {page for page in found if re.fullmatch(r"/desk/import/\d+/\d+/", page)}
    assert {found.pop(page) for page in rolled_back} <= {503}
    assert {page: status for page, status in found.items() if status != 200} == {}
