"""Back up the database and the files of pictures while the site is in use, and restore them."""

import os
import shutil
import sqlite3
import subprocess
import tarfile
from contextlib import closing
from pathlib import Path

from django.core.management import call_command
from django.db import connection

from articles.accounts.models import User
from articles.publishing.models import Article
from articles.web import cdn
from newsroom import media_backups
from newsroom.old_databases import DEVELOPMENT_DATABASE, DEVELOPMENT_MIGRATIONS

SQLITE_SIGNATURE = b"SQLite format 3\0"
POSTGRES_SIGNATURE = b"PGDMP"
SMALLEST_SPACE = 64 * 1024  # Bytes free on a disk, of which a file system may keep some for root.
WITHOUT_ROLES = ("--no-owner", "--no-privileges")  # The other server may have other PostgreSQL roles.


class BackupError(Exception):
    """Why a backup or a restore was not made, in one sentence for the operator."""


def back_up(path: Path, *, with_media: bool = True) -> int:
    """Write the database to a new file that only its owner can read, and then the files of pictures beside it.

    SQLite's online backup and pg_dump both read a consistent snapshot while others write. Return the number of files.

    Raises:
        BackupError: A file exists or can't be written, or pg_dump failed.
    """
    archive = media_backups.archive_of(path)
    for taken in (path, archive):
        if taken.exists():
            raise BackupError(f"{taken} already exists. Choose another file name.")
    unfinished, unfinished_archive = (each.with_name(f"{each.name}.unfinished") for each in (path, archive))
    number = 0
    try:
        unfinished.touch(mode=0o600)
        if connection.vendor == "sqlite":
            _copy(Path(connection.settings_dict["NAME"]), unfinished)
        else:
            _run("pg_dump", "--format=custom", *WITHOUT_ROLES, f"--file={unfinished}")
        with unfinished.open("rb") as file:
            os.fsync(file.fileno())
        if with_media and (number := media_backups.write_archive(unfinished_archive)):
            unfinished_archive.replace(archive)
        unfinished.replace(path)  # Last: where this file is, the backup is whole.
    except OSError as error:
        raise BackupError(f"Can't write to {path}: {error.strerror}.") from error
    except sqlite3.OperationalError as error:
        # SQLite calls a full disk by several names.
        full = shutil.disk_usage(path.parent).free < SMALLEST_SPACE
        raise BackupError(f"Can't back up to {path}: {'the disk is full' if full else error}.") from error
    finally:
        unfinished.unlink(missing_ok=True)
        unfinished_archive.unlink(missing_ok=True)
    return number


def restore(path: Path, *, replace: bool) -> int:
    """Restore files and database from what `back_up` wrote, and migrate to this version.

    The files come first, since they do no harm without their rows. A backup without them, as those of earlier versions
    are, leaves the stored files as they are. Return how many pictures lack their files afterwards.

    Raises:
        BackupError: The file isn't a backup of this kind of database, its archive is damaged, or the database isn't
            empty and `replace` is false. The database hasn't changed then.
    """
    signature = _signature_of(path)
    expected = SQLITE_SIGNATURE if connection.vendor == "sqlite" else POSTGRES_SIGNATURE
    if signature not in (SQLITE_SIGNATURE, POSTGRES_SIGNATURE):
        raise BackupError(f"{path} isn't a newsroom backup.")
    if signature != expected:
        raise BackupError(f"{path} is a backup of another kind of database than DATABASE_URL.")
    if not replace and _has_content():
        raise BackupError("This database isn't empty. Use --replace to overwrite it with the backup.")
    if (archive := media_backups.archive_of(path)).exists():
        try:
            media_backups.restore_archive(archive)
        except tarfile.TarError as error:
            raise BackupError(f"{archive} is damaged or isn't an archive of newsroom's pictures.") from error
        except OSError as error:
            raise BackupError(f"Can't restore the pictures of {archive}: {error.strerror}.") from error
    if connection.vendor == "sqlite":
        _restore_sqlite(path)
    else:
        _restore_postgres(path)
    connection.close()
    call_command("migrate", interactive=False, verbosity=0)
    cdn.purge_everything()
    return media_backups.count_lost()


def _signature_of(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            start = file.read(len(SQLITE_SIGNATURE))
    except OSError as error:
        raise BackupError(f"Can't read {path}: {error.strerror}.") from error
    return POSTGRES_SIGNATURE if start.startswith(POSTGRES_SIGNATURE) else start


def _has_content() -> bool:
    tables = connection.introspection.table_names()
    return Article._meta.db_table in tables and (Article.objects.exists() or User.objects.exists())


def _copy(source: Path, target: Path) -> None:
    with closing(sqlite3.connect(source)) as live, closing(sqlite3.connect(target)) as copy:
        live.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")  # One file, without -wal and -shm.
        _check(copy, target)


def _check(database: sqlite3.Connection, path: Path) -> None:
    try:
        intact = database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        names = {name for (name,) in database.execute("SELECT name FROM django_migrations WHERE app = 'articles'")}
    except sqlite3.DatabaseError:
        intact, names = False, set()
    if not intact or not names:
        raise BackupError(f"{path} is damaged or isn't a newsroom database.")
    if names & DEVELOPMENT_MIGRATIONS:
        raise BackupError(DEVELOPMENT_DATABASE)


def _restore_sqlite(path: Path) -> None:
    """Restore through SQLite's backup API, so that processes with open connections see the whole restored database."""
    connection.close()
    target = Path(connection.settings_dict["NAME"])
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as backup:
        _check(backup, path)
        with closing(sqlite3.connect(target, timeout=connection.settings_dict["OPTIONS"]["timeout"])) as live:
            try:
                backup.backup(live)
                live.execute("PRAGMA journal_mode=WAL")
            except sqlite3.OperationalError as error:
                raise BackupError(f"The database is in use ({error}). Stop the server first.") from error


def _restore_postgres(path: Path) -> None:
    """Restore in one transaction: the result is the whole backup or the unchanged database."""
    script = path.with_name(f"{path.name}.sql")
    try:
        script.touch(mode=0o600)
        # The backup's own script drops the tables it contains; the statement below drops those of later versions.
        _run("pg_restore", "--clean", "--if-exists", *WITHOUT_ROLES, f"--file={script}", str(path), database=False)
        quote = connection.ops.quote_name
        drop = "".join(f"DROP TABLE IF EXISTS {quote(t)} CASCADE;" for t in connection.introspection.table_names())
        connection.close()
        _run(
            "psql", "--quiet", "--no-psqlrc", "--single-transaction", "--set=ON_ERROR_STOP=1", "--output=/dev/null",
            f"--command={drop or 'SELECT 1'}", f"--file={script}",
        )  # fmt: skip
    except OSError as error:
        raise BackupError(f"Can't write to {script}: {error.strerror}.") from error
    finally:
        script.unlink(missing_ok=True)


def _run(program: str, *arguments: str, database: bool = True) -> None:
    """Run a PostgreSQL client program. The password is passed in the environment, which other users can't read."""
    if shutil.which(program) is None:
        raise BackupError(f"{program} is missing. Install the PostgreSQL client programs (postgresql-client).")
    settings = connection.settings_dict
    environment = dict(os.environ)
    if database:
        for name, key in (("PGHOST", "HOST"), ("PGPORT", "PORT"), ("PGUSER", "USER"), ("PGPASSWORD", "PASSWORD")):
            if settings[key]:
                environment[name] = str(settings[key])
        environment["PGDATABASE"] = settings["NAME"]
    done = subprocess.run([program, *arguments], env=environment, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        lines = done.stderr.strip().splitlines()
        raise BackupError(f"{program} failed: {lines[0] if lines else done.returncode}")
