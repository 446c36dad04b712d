"""Write the database of a release: `python -m tests.releases VERSION`, once for each release and engine.

SQLite by default; TEST_DATABASE=postgres uses the server that TEST_DATABASE_URL names, in a database of its own.
"""

import gzip
import json
import os
import sys
import tempfile
from pathlib import Path

import psycopg

FOLDER = Path(__file__).parent
URL = os.environ.get("TEST_DATABASE_URL", "postgres://root@127.0.0.1:5432/newsroom")
NAME = "newsroom_release"


def main(version: str) -> None:
    postgres = os.environ.get("TEST_DATABASE") == "postgres"
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"DJANGO_SETTINGS_MODULE": "newsroom.settings", "VAR_DIR": folder, "DATABASE_URL": ""}
        if postgres:
            server = URL.rpartition("/")[0]
            with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
                connection.execute(f"DROP DATABASE IF EXISTS {NAME} WITH (FORCE)")
                connection.execute(f"CREATE DATABASE {NAME}")
            os.environ["DATABASE_URL"] = f"{server}/{NAME}"
        write(version, Path(folder) / "backup", postgres=postgres)


def write(version: str, backup: Path, *, postgres: bool) -> None:
    import django

    django.setup()
    from django.core.management import call_command

    from articles.importing.sample_content import write_sample
    from newsroom import backups
    from tests.releases.facts import facts

    call_command("migrate", verbosity=0)
    write_sample()
    backups.back_up(backup)
    if postgres:
        (FOLDER / f"{version}.pgdump").write_bytes(backup.read_bytes())
    else:
        (FOLDER / f"{version}.sqlite3.gz").write_bytes(gzip.compress(backup.read_bytes(), mtime=0))
    (FOLDER / f"{version}.json").write_text(json.dumps(facts(), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1])
