"""An import of many files beside readers who write, and beside another import (cases.md I16)."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from articles.errors import Refused
from articles.importing import file_import
from articles.importing.import_lock import ADVISORY_KEY, import_lock
from articles.publishing.models import Article
from articles.text import markdown

FILES = [
    (f"{number}.txt", f"Gull {number}\n\n28/08/2019\n\nThe gull went to roof {number} at noon.\n".encode())
    for number in range(6)
]
HOLD = (
    "import fcntl, sys; file = open(sys.argv[1], 'w'); fcntl.flock(file, fcntl.LOCK_EX); print(flush=True); "
    "sys.stdin.read()"
)
HOLD_POSTGRES = (
    "import psycopg, sys; base = psycopg.connect(sys.argv[1]); "
    f"base.execute('SELECT pg_advisory_lock({ADVISORY_KEY})'); print(flush=True); sys.stdin.read()"
)


@pytest.mark.django_db
def test_the_write_lock_is_left_alone_after_some_work(monkeypatch: pytest.MonkeyPatch) -> None:
    paused: list[int] = []
    monkeypatch.setattr(file_import, "WORK", 0)
    monkeypatch.setattr(file_import, "sleep", lambda seconds: paused.append(Article.objects.count()))
    assert len(list(file_import.import_files(FILES, publish=True))) == 6
    assert paused == ([1, 2, 3, 4, 5, 6] if connection.vendor == "sqlite" else [])


@pytest.mark.django_db(transaction=True)
def test_a_second_import_is_refused_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(FILES[0][1])
    if connection.vendor == "postgresql":
        url = connection.get_connection_params()
        address = " ".join(f"{key}={url[key]}" for key in ("host", "port", "user", "dbname") if url.get(key))
        command = [sys.executable, "-c", HOLD_POSTGRES, address]
    else:
        command = [sys.executable, "-c", HOLD, f"{connection.settings_dict['NAME']}-import-lock"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout and other.stdout.readline()
        with pytest.raises(CommandError, match="Another import is running"):
            call_command("import_articles", str(tmp_path))
        assert not Article.objects.exists()
        call_command("import_articles", str(tmp_path), "--dry-run")
        other.communicate()
    call_command("import_articles", str(tmp_path))
    assert Article.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_lock_is_free_after_a_failure() -> None:
    for _turn in range(2):
        with pytest.raises(Refused, match="wind"), import_lock():
            raise Refused("wind")


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL has a lock of its own")
def test_a_path_with_the_word_memory_is_locked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(connection.settings_dict, "NAME", str(tmp_path / "memory-lane.sqlite3"))
    with import_lock(), pytest.raises(Refused, match="Another import is running"), import_lock():
        pass


@pytest.mark.django_db(transaction=True)
def test_a_text_in_another_language_is_rendered_before_the_transaction(monkeypatch: pytest.MonkeyPatch) -> None:
    inside: list[bool] = []
    parse = markdown._parse

    def parse_and_tell(*arguments: Any) -> Any:
        inside.append(connection.in_atomic_block)
        return parse(*arguments)

    monkeypatch.setattr(markdown, "_parse", parse_and_tell)
    text = 'Die Möwe\n\n28.08.2019\n\nUnd die „Möwe“ ist auf dem Dach, und der Mann ist mit dem "Boot" auf der See.'
    [outcome] = file_import.import_files([("moewe.txt", text.encode())])
    assert outcome.article and outcome.article.language == "de" and inside and not any(inside)
