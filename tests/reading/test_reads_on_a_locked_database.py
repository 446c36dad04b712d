"""While another process holds the database's lock, every page can still be read: reading writes nothing."""

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
from tests.browser.test_every_page import readers_pages, reading_pages, signed_out_pages, staff_pages, talking_pages
from tests.factories import make_reader

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(connection.vendor != "sqlite", reason="only SQLite locks the whole database"),
]


def refuse_writes(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
    """Fail like SQLite does for a write, and for a transaction, which takes the lock when it begins."""
    if not sql.lstrip().upper().startswith(("SELECT", "WITH", "PRAGMA", "EXPLAIN")):
        raise OperationalError(f"database is locked: {sql[:200]}")
    return execute(sql, params, many, context)


def test_pages_are_read_while_the_database_is_locked() -> None:  # cases.md O4
    """Signed out, as a moderator and as the owner, one after the other: the sample paper takes seconds to write."""
    write_sample()

    def statuses(pages: list[str], user: User | None = None) -> dict[str, int]:
        client = Client()
        if user:
            client.force_login(user)
        with connection.execute_wrapper(refuse_writes):
            return {page: client.get(page).status_code for page in pages}

    found = [statuses([*talking_pages(), *reading_pages(), *signed_out_pages()])]
    mira = make_reader("Mira")
    EmailAddress.objects.create(user=mira, email=mira.email, primary=True, verified=True)  # As sign-up does.
    mira.groups.add(Group.objects.get(name="Moderator"))
    found += [statuses([*talking_pages(), *reading_pages(), *readers_pages()], mira)]
    theirs = [*talking_pages(), *staff_pages()]
    found += [statuses(theirs, User.objects.get(username="Owner"))]
    # The preview of an upload is an import that is rolled back.
    assert {found[-1].pop(page) for page in theirs if re.fullmatch(r"/desk/import/\d+/\d+/", page)} <= {503}
    assert [{page: status for page, status in each.items() if status != 200} for each in found] == [{}, {}, {}]
