"""`manage.py restore PATH`: a backup becomes the paper again."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from newsroom import backups


class Command(BaseCommand):
    help = "Fills the database from a backup and brings it up to this version."
    requires_migrations_checks = False

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("path", type=Path, help="a file that `backup` wrote")
        parser.add_argument("--replace", action="store_true", help="throw away what is in the database now")

    def handle(self, *args: Any, path: Path, replace: bool, **options: Any) -> None:
        try:
            backups.restore(path, replace=replace)
        except backups.CannotDo as refusal:
            raise CommandError(str(refusal)) from None
        self.stdout.write(f"Restored from {path}.")
