"""`manage.py backup PATH`: a copy of the whole database, made while the paper runs."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from newsroom import backups


class Command(BaseCommand):
    help = "Writes the whole database to a new file, consistently, while the paper goes on."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("path", type=Path, help="the file to write; it must not exist")

    def handle(self, *args: Any, path: Path, **options: Any) -> None:
        try:
            backups.back_up(path)
        except backups.CannotDo as refusal:
            raise CommandError(str(refusal)) from None
        self.stdout.write(f"Backed up to {path} ({path.stat().st_size // 1024} KB).")
