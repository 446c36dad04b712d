"""Refuse to start on a locked SQLite database, and name the processes that have it open."""

import os
from pathlib import Path

from django.core.management.base import CommandError
from django.db import OperationalError, connection, transaction


def require_unlocked() -> None:
    """Check that the database can be written. Other databases than SQLite have no lock on the whole.

    Raises:
        CommandError: Another process holds the lock for longer than the timeout in the settings.
    """
    if connection.vendor != "sqlite":
        return
    try:
        with transaction.atomic():
            pass
    except OperationalError as error:
        if "locked" not in str(error):
            raise
        path = Path(connection.settings_dict["NAME"])
        others = "".join(f"\n  {process}" for process in processes_with_open(path))
        opened = f" These processes have it open:{others}" if others else ""
        raise CommandError(f"The database {path} is locked by another process. Stop it first.{opened}") from error


def processes_with_open(path: Path) -> list[str]:
    """Return the id and command line of each other process with an open file. Empty where there is no /proc."""
    found = []
    path = path.resolve()  # As /proc names it.
    for process in sorted(Path("/proc").glob("[0-9]*"), key=lambda folder: int(folder.name)):
        try:
            is_open = any(link.readlink() == path for link in (process / "fd").iterdir())
            command = (process / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()
        except OSError:  # It has ended, or belongs to another user.
            continue
        if is_open and process.name != str(os.getpid()):
            found.append(f"{process.name}: {command}")
    return found
