"""Copies of the whole database that are consistent while the paper is being written to, and the way back."""

import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

from django.core.management import call_command
from django.db import connection

from articles.accounts.models import User
from articles.publishing.models import Article

SQLITE_MARK = b"SQLite format 3\0"
POSTGRES_MARK = b"PGDMP"


class CannotDo(Exception):
    """Why a backup or a restore is refused, as a sentence for the operator."""


def back_up(path: Path) -> None:
    """Write all data to a new file, readable by its owner only.

    SQLite's online backup and pg_dump both read one moment's state, while others go on writing.
    """
    if path.exists():
        raise CannotDo(f"{path} exists already: name a new file.")
    unfinished = path.with_name(f"{path.name}.unfinished")
    try:
        unfinished.touch(mode=0o600)
        if connection.vendor == "sqlite":
            _copy(Path(connection.settings_dict["NAME"]), unfinished)
        else:
            _run("pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={unfinished}")
        with unfinished.open("rb") as file:
            os.fsync(file.fileno())
        unfinished.replace(path)
    except OSError as error:
        raise CannotDo(f"{path} can’t be written: {error.strerror}.") from error
    finally:
        unfinished.unlink(missing_ok=True)


def restore(path: Path, *, replace: bool) -> None:
    """Make a backup the present state, then bring it up to this version's schema.

    Raises:
        CannotDo: The file is no backup for this database, or there is something here that `replace` does not allow
            to be thrown away. Nothing was changed then.
    """
    mark = _mark_of(path)
    wanted = SQLITE_MARK if connection.vendor == "sqlite" else POSTGRES_MARK
    if mark not in (SQLITE_MARK, POSTGRES_MARK):
        raise CannotDo(f"{path} is not a backup of a paper.")
    if mark != wanted:
        raise CannotDo(f"{path} is a backup of another kind of database than the one that DATABASE_URL names.")
    if not replace and _has_content():
        raise CannotDo("There is a paper in this database already: --replace throws it away for the backup.")
    if connection.vendor == "sqlite":
        _restore_sqlite(path)
    else:
        _restore_postgres(path)
    connection.close()
    call_command("migrate", interactive=False, verbosity=0)


def _mark_of(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            start = file.read(len(SQLITE_MARK))
    except OSError as error:
        raise CannotDo(f"{path} can’t be read: {error.strerror}.") from error
    return POSTGRES_MARK if start.startswith(POSTGRES_MARK) else start


def _has_content() -> bool:
    tables = connection.introspection.table_names()
    return Article._meta.db_table in tables and (Article.objects.exists() or User.objects.exists())


def _copy(source: Path, target: Path) -> None:
    with closing(sqlite3.connect(source)) as live, closing(sqlite3.connect(target)) as copy:
        live.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")  # One file, without companions.
        _check(copy, target)


def _check(database: sqlite3.Connection, path: Path) -> None:
    try:
        sound = database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        ours = database.execute("SELECT count(*) FROM django_migrations WHERE app = 'articles'").fetchone()[0]
    except sqlite3.DatabaseError:
        sound, ours = False, 0
    if not sound or not ours:
        raise CannotDo(f"{path} is damaged, or is not the database of a paper.")


def _restore_sqlite(path: Path) -> None:
    """Through SQLite itself, so that processes that have the database open see the restored one, whole."""
    connection.close()
    target = Path(connection.settings_dict["NAME"])
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as backup:
        _check(backup, path)
        with closing(sqlite3.connect(target, timeout=connection.settings_dict["OPTIONS"]["timeout"])) as live:
            try:
                backup.backup(live)
                live.execute("PRAGMA journal_mode=WAL")
            except sqlite3.OperationalError as error:
                raise CannotDo(f"The database is in use ({error}): stop the paper first.") from error


def _restore_postgres(path: Path) -> None:
    """In one transaction: either the whole backup stands afterwards, or what stood before."""
    script = path.with_name(f"{path.name}.sql")
    try:
        script.touch(mode=0o600)
        # What the backup has is dropped by its own script; tables that only a later version has, by ours.
        _run(
            "pg_restore",
            "--clean",
            "--if-exists",
            "--no-owner",
            "--no-privileges",
            f"--file={script}",
            str(path),
            database=False,
        )
        quote = connection.ops.quote_name
        drop = "".join(f"DROP TABLE IF EXISTS {quote(t)} CASCADE;" for t in connection.introspection.table_names())
        connection.close()
        _run(
            "psql", "--quiet", "--no-psqlrc", "--single-transaction", "--set=ON_ERROR_STOP=1", "--output=/dev/null",
            f"--command={drop or 'SELECT 1'}", f"--file={script}",
        )  # fmt: skip
    except OSError as error:
        raise CannotDo(f"{script} can’t be written: {error.strerror}.") from error
    finally:
        script.unlink(missing_ok=True)


def _run(program: str, *arguments: str, database: bool = True) -> None:
    """Run one of PostgreSQL's own programs; the password goes by the environment, which other users can't see."""
    if shutil.which(program) is None:
        raise CannotDo(f"{program} is missing: install PostgreSQL’s client programs (postgresql-client).")
    settings = connection.settings_dict
    environment = dict(os.environ)
    if database:
        for name, key in (("PGHOST", "HOST"), ("PGPORT", "PORT"), ("PGUSER", "USER"), ("PGPASSWORD", "PASSWORD")):
            if settings[key]:
                environment[name] = str(settings[key])
        environment["PGDATABASE"] = settings["NAME"]
    done = subprocess.run([program, *arguments], env=environment, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        said = done.stderr.strip().splitlines()
        raise CannotDo(f"{program} failed: {said[0] if said else done.returncode}")
