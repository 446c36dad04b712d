"""A backup, and the paper that comes back from it in another database."""

import os
import shutil
import sqlite3
import subprocess
import sys
import tarfile
import threading
from collections.abc import Iterator
from contextlib import closing
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import connection, connections

from articles.pictures.editing import delete_picture
from articles.pictures.models import Picture
from articles.pictures.stored_files import delete_orphans
from articles.publishing.models import Article, Section
from newsroom import backups, media_backups
from tests import factories
from tests.conftest import absent

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("media")]


@pytest.fixture(autouse=True)
def _programs() -> None:
    need_programs()


def need_programs() -> None:
    if connection.vendor == "postgresql" and not shutil.which("pg_dump"):
        absent("pg_dump is missing")


@pytest.fixture
def elsewhere(tmp_path: Path) -> Iterator[dict[str, str]]:
    """The environment of a paper with another, empty database of the same kind, for `backup` and `restore`."""
    need_programs()
    environment = {**os.environ, "VAR_DIR": str(tmp_path / "var"), "DJANGO_SETTINGS_MODULE": "newsroom.settings"}
    if connection.vendor == "sqlite":
        yield {**environment, "DATABASE_URL": f"sqlite:///{tmp_path / 'other.sqlite3'}"}
        return
    url = os.environ.get("TEST_DATABASE_URL", "postgres://root@127.0.0.1:5432/newsroom")
    name = f"{connection.settings_dict['NAME']}_restored"
    with psycopg.connect(f"{url.rpartition('/')[0]}/postgres", autocommit=True) as server:
        server.execute(f'DROP DATABASE IF EXISTS "{name}"')
        server.execute(f'CREATE DATABASE "{name}"')
        yield {**environment, "DATABASE_URL": f"{url.rpartition('/')[0]}/{name}"}
        server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def manage(environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", *arguments], env=environment, capture_output=True, text=True, check=False
    )


def test_a_backup_comes_back_in_another_database(tmp_path: Path, elsewhere: dict[str, str]) -> None:
    article = factories.make_article("Kept for ever", body="Words — and “more” words.\n\nŻółć.")
    path = tmp_path / "paper.backup"
    call_command("backup", str(path), stdout=StringIO())
    assert path.stat().st_mode & 0o077 == 0
    done = manage(elsewhere, "restore", str(path))
    assert done.returncode == 0, done.stderr
    models = ("articles.article", "articles.block", "articles.searchdocument")
    dumped = manage(elsewhere, "dumpdata", *models)
    assert article.headline in dumped.stdout
    assert manage(elsewhere, "migrate", "--check").returncode == 0
    again = manage(elsewhere, "restore", str(path))
    assert again.returncode == 1
    assert "--replace" in again.stderr
    assert manage(elsewhere, "restore", str(path), "--replace").returncode == 0
    assert manage(elsewhere, "dumpdata", *models).stdout == dumped.stdout


def test_a_backup_under_load_is_of_one_moment(tmp_path: Path) -> None:
    """A writer adds two sections at a time; a backup never sees one without the other."""
    stop = threading.Event()

    def write() -> None:
        from django.db import transaction

        number = 0
        while not stop.is_set():
            number += 1
            with transaction.atomic():
                Section.objects.create(name=f"Left {number}", slug=f"left-{number}")
                Section.objects.create(name=f"Right {number}", slug=f"right-{number}")
        connections.close_all()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        while not Section.objects.exists():
            pass
        path = tmp_path / "paper.backup"
        backups.back_up(path)
    finally:
        stop.set()
        writer.join()
    if connection.vendor == "sqlite":
        with closing(sqlite3.connect(path)) as copy:
            count = copy.execute("SELECT count(*) FROM articles_section").fetchone()[0]
            assert copy.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    else:
        dump = subprocess.run(
            ["pg_restore", "--data-only", "--table=articles_section", "--file=-", str(path)],
            capture_output=True,
            text=True,
            check=True,
        )
        count = sum("Left" in line or "Right" in line for line in dump.stdout.splitlines())
    assert count > 0
    assert count % 2 == 0


def test_a_backup_overwrites_nothing(tmp_path: Path) -> None:
    path = tmp_path / "precious"
    path.write_text("precious")
    with pytest.raises(CommandError, match="already exists"):
        call_command("backup", str(path))
    assert path.read_text() == "precious"


@pytest.mark.parametrize("content", [b"", b"something else", b"SQLite format 3\0 and then rubbish", b"PGDMP rubbish"])
def test_what_is_no_backup_is_refused_and_changes_nothing(tmp_path: Path, content: bytes) -> None:
    factories.make_article("Still here")
    path = tmp_path / "file"
    path.write_bytes(content)
    with pytest.raises(CommandError):
        call_command("restore", str(path), "--replace")
    assert Article.objects.get().headline == "Still here"


def test_a_restore_into_a_paper_must_be_asked_for_twice(tmp_path: Path) -> None:
    path = tmp_path / "paper.backup"
    backups.back_up(path)
    factories.make_article("Written since")
    with pytest.raises(CommandError, match="--replace"):
        call_command("restore", str(path))
    assert Article.objects.exists()


def test_a_missing_program_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def nothing(name: str) -> Any:
        return None

    monkeypatch.setattr("shutil.which", nothing)
    with pytest.raises(backups.BackupError, match="postgresql-client"):
        backups._run("pg_dump")


def files_of(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_pictures_come_back_with_their_files(tmp_path: Path, elsewhere: dict[str, str], media: Path) -> None:
    picture = factories.upload_picture()
    path = tmp_path / "paper.backup"
    out = StringIO()
    call_command("backup", str(path), stdout=out)
    archive = tmp_path / "paper.backup.media.tar"
    assert f"The {len(files_of(media))} files of pictures are in {archive}" in out.getvalue()
    assert archive.stat().st_mode & 0o077 == 0
    done = manage(elsewhere, "restore", str(path))
    assert (done.returncode, done.stderr) == (0, "")
    restored = Path(elsewhere["VAR_DIR"]) / "media"
    assert files_of(restored) == files_of(media)
    assert (restored / picture.original).exists()


def test_a_backup_without_files_says_so_when_it_is_restored(
    tmp_path: Path, elsewhere: dict[str, str], media: Path
) -> None:
    factories.upload_picture()
    path = tmp_path / "paper.backup"
    call_command("backup", str(path), "--no-media", stdout=StringIO())
    assert not (tmp_path / "paper.backup.media.tar").exists()
    done = manage(elsewhere, "restore", str(path))
    assert done.returncode == 0, done.stderr
    assert "1 pictures lack their files" in done.stderr
    shutil.copytree(media, Path(elsewhere["VAR_DIR"]) / "media")
    done = manage(elsewhere, "restore", str(path), "--replace")
    assert (done.returncode, done.stderr) == (0, "")


def test_no_picture_of_the_database_lacks_its_file_in_the_backup(
    tmp_path: Path, media: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A picture is deleted, another gets new crops and a third arrives while the archive is written."""
    deleted, moved = factories.upload_picture(), factories.upload_picture()
    write = media_backups.write_archive

    def disturb(path: Path) -> int:
        delete_picture(Picture.objects.get(pk=deleted.pk))
        factories.new_crops(moved)
        delete_orphans()
        factories.upload_picture()
        return write(path)

    monkeypatch.setattr(media_backups, "write_archive", disturb)
    path = tmp_path / "paper.backup"
    backups.back_up(path)
    shutil.rmtree(media)
    assert backups.restore(path, replace=True) == 0
    assert set(Picture.objects.values_list("pk", flat=True)) == {deleted.pk, moved.pk}
    for picture in (deleted, moved):
        assert (media / picture.original).exists()
        assert (media / "renditions" / picture.folder).exists()


@pytest.mark.parametrize("name", ["../../outside.txt", "/outside.txt", "originals/../../outside.jpg", "orphans/x"])
def test_an_archive_writes_nowhere_else(tmp_path: Path, media: Path, name: str) -> None:
    factories.make_article("Still here")
    path = tmp_path / "paper.backup"
    backups.back_up(path)
    with tarfile.open(tmp_path / "paper.backup.media.tar", "w") as archive:
        entry = tarfile.TarInfo(name)
        entry.size = 3
        archive.addfile(entry, BytesIO(b"bad"))
    factories.make_article("Written since")
    before = files_of(media)
    with pytest.raises(CommandError, match="damaged or isn't an archive"):
        call_command("restore", str(path), "--replace")
    assert Article.objects.count() == 2
    assert files_of(media) == before


def test_a_damaged_archive_changes_nothing(tmp_path: Path) -> None:
    factories.upload_picture()
    path = tmp_path / "paper.backup"
    backups.back_up(path)
    factories.make_article("Written since")
    (tmp_path / "paper.backup.media.tar").write_bytes(b"rubbish" * 200)
    with pytest.raises(CommandError, match="damaged or isn't an archive"):
        call_command("restore", str(path), "--replace")
    assert Article.objects.get().headline == "Written since"
