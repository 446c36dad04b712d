"""Databases of earlier releases migrate to this one; databases from before the first release are refused."""

import gzip
import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from tests import releases
from tests.newsroom.test_backups import elsewhere, manage  # noqa: F401
from tests.releases.facts import structure

RELEASES = sorted(Path(releases.__path__[0]).glob("*.json"))
READ = """
import json
from tests.releases.facts import facts, statuses, structure
found = facts()
print(json.dumps([found, statuses(["/", "/search/?q=the", *found]), structure()]))
"""


@pytest.mark.django_db
def test_a_database_from_before_the_first_release_is_refused_in_one_sentence() -> None:
    MigrationRecorder(connection).record_applied("articles", "0033_forms_of_writing")
    with pytest.raises(CommandError, match=r"before 0\.1\.0 .* Start with a new database\.$"):
        call_command("migrate", verbosity=0)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("release", RELEASES, ids=lambda path: path.stem)
def test_the_database_of_a_release_migrates_and_its_pages_are_whole(
    release: Path,
    tmp_path: Path,
    elsewhere: dict[str, str],  # noqa: F811
) -> None:
    backup = tmp_path / "backup"
    if connection.vendor == "sqlite":
        backup.write_bytes(gzip.decompress(release.with_suffix(".sqlite3.gz").read_bytes()))
    else:
        backup = release.with_suffix(".pgdump")
    restored = manage(elsewhere, "restore", str(backup))
    assert restored.returncode == 0, restored.stderr
    assert manage(elsewhere, "migrate", "--check").returncode == 0
    read = manage(elsewhere | {"DEBUG": "1"}, "shell", "-v0", "-c", READ)
    assert read.returncode == 0, read.stderr
    found, statuses, migrated = json.loads(read.stdout)
    assert found == json.loads(release.read_text(encoding="utf-8"))
    assert set(statuses.values()) == {200}
    # That of a new database comes from the migration that replaces those that the release had not.
    assert set(migrated) ^ set(structure()) == set()
