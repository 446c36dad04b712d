"""What a deleted account leaves in the files of SQLite (cases.md A12)."""

import sqlite3
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client

from articles.accounts import write_ahead_log
from tests.factories import PASSWORD, make_reader

ADDRESS = "unmistakable-address@paper.example"
pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif("connection.vendor != 'sqlite'", reason="About SQLite's files."),
]


@pytest.fixture
def files(transactional_db: None) -> list[Path]:
    """The database and its write-ahead log, as the settings for a site have them."""
    database = Path(connection.settings_dict["NAME"])
    with connection.cursor() as cursor:
        (mode,) = cursor.execute("PRAGMA journal_mode=WAL").fetchone()
        cursor.execute("PRAGMA secure_delete=ON")
    assert mode == "wal"
    return [database, database.with_name(f"{database.name}-wal")]


def found_in(files: list[Path]) -> int:
    return sum(file.read_bytes().lower().count(ADDRESS.encode()) for file in files)


def leave(client: Client) -> None:
    client.force_login(make_reader(email=ADDRESS))
    client.post("/settings/", {"about": f"Write to {ADDRESS}"})
    assert client.post("/settings/delete/", {"password": PASSWORD}).status_code == 302


def test_the_address_is_gone_when_the_answer_comes(client: Client, files: list[Path]) -> None:
    make_reader(email=f"1{ADDRESS}").delete()
    assert found_in(files) > 0  # What is deleted otherwise is still in the log.
    leave(client)
    assert found_in(files) == 0


def test_a_reader_in_the_way_delays_nobody_and_the_worker_finishes(client: Client, files: list[Path]) -> None:
    reading = sqlite3.connect(files[0], isolation_level=None)
    try:
        reading.execute("BEGIN")
        reading.execute("SELECT count(*) FROM articles_user").fetchone()
        leave(client)
        assert not write_ahead_log.empty_write_ahead_log()
    finally:
        reading.close()
    assert write_ahead_log.empty_write_ahead_log()
    assert found_in(files) == 0
