"""A paper that began at a former step has the same tables as one that began today."""

import os
import re
import shutil
import sqlite3
import subprocess
import sys
from collections import Counter
from contextlib import closing
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

HALFWAY = "0012_following"
FORMER = """from newsroom.settings import *

MIGRATION_MODULES = {"articles": "former"}
"""


@pytest.fixture
def former_steps(tmp_path: Path) -> dict[str, str]:
    """The environment of a program that knows the single steps alone."""
    steps = settings.BASE_DIR / "articles" / "migrations"
    shutil.copytree(steps, tmp_path / "former", ignore=shutil.ignore_patterns("*squashed*", "__pycache__"))
    (tmp_path / "former_settings.py").write_text(FORMER, encoding="utf-8")
    path = os.pathsep.join((str(tmp_path), str(settings.BASE_DIR)))
    return {**os.environ, "PYTHONPATH": path, "DJANGO_SETTINGS_MODULE": "former_settings"}


def migrate(environment: dict[str, str], *target: str) -> None:
    command = [sys.executable, "manage.py", "migrate", "--verbosity=0", *target]
    subprocess.run(command, cwd=settings.BASE_DIR, env=environment, check=True)


def tables(database: sqlite3.Connection) -> dict[str, Counter[str]]:
    """What each table, index and trigger is made of, in whatever order."""
    made = database.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL")
    return {name: Counter(re.findall(r"[^\s,()]+", sql)) for name, sql in made}


def rights(database: sqlite3.Connection) -> list[tuple[str, str]]:
    return database.execute(
        "SELECT auth_group.name, codename FROM auth_group_permissions"
        " JOIN auth_group ON auth_group.id = group_id JOIN auth_permission ON auth_permission.id = permission_id"
        " ORDER BY 1, 2"
    ).fetchall()


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(
    "postgres" in os.environ.get("TEST_DATABASE", ""), reason="tables are compared as SQLite tells them"
)
def test_a_paper_that_began_before_ends_with_the_same_tables(tmp_path: Path, former_steps: dict[str, str]) -> None:
    path = tmp_path / "paper.sqlite3"
    place = {"DATABASE_URL": f"sqlite:///{path}", "VAR_DIR": str(tmp_path / "var")}
    migrate(former_steps | place, "articles", HALFWAY)
    migrate({**os.environ, "DJANGO_SETTINGS_MODULE": "newsroom.settings"} | place)
    with closing(sqlite3.connect(path)) as former, closing(sqlite3.connect(connection.settings_dict["NAME"])) as today:
        assert tables(former) == tables(today)
        assert rights(former) == rights(today) != []
