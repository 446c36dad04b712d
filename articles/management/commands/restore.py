"""`manage.py restore PATH`: restore the database and the files of pictures from a backup."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from newsroom import backups


class Command(BaseCommand):
    help = "Restore the database and the files of pictures from a backup, and migrate to this version."
    requires_migrations_checks = False

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("path", type=Path, help="a file written by `backup`")
        parser.add_argument("--replace", action="store_true", help="overwrite a database that is not empty")

    def handle(self, *args: Any, path: Path, replace: bool, **options: Any) -> None:
        try:
            lost = backups.restore(path, replace=replace)
        except backups.BackupError as error:
            raise CommandError(str(error)) from None
        self.stdout.write(f"Restored from {path}.")
        if lost:
            self.stderr.write(f"{lost} pictures lack their files, which this backup doesn't have.")
