"""`manage.py backup PATH`: back up the whole database while the site is in use."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from newsroom import backups


class Command(BaseCommand):
    help = "Back up the whole database to a new file. The site can stay in use."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("path", type=Path, help="the file to write; it must not exist")

    def handle(self, *args: Any, path: Path, **options: Any) -> None:
        try:
            backups.back_up(path)
        except backups.BackupError as error:
            raise CommandError(str(error)) from None
        self.stdout.write(f"Backed up to {path} ({path.stat().st_size // 1024} KB).")
