"""`manage.py backup PATH`: back up the database and the files of pictures while the site is in use."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from newsroom import backups, media_backups


class Command(BaseCommand):
    help = "Back up the database to a new file, and the files of pictures beside it. The site can stay in use."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("path", type=Path, help="the file to write; it must not exist")
        parser.add_argument("--no-media", action="store_true", help="leave out the files of pictures")

    def handle(self, *args: Any, path: Path, no_media: bool, **options: Any) -> None:
        try:
            number = backups.back_up(path, with_media=not no_media)
        except backups.BackupError as error:
            raise CommandError(str(error)) from None
        self.stdout.write(f"Backed up to {path} ({path.stat().st_size // 1024} KB).")
        if number:
            archive = media_backups.archive_of(path)
            self.stdout.write(f"The {number} files of pictures are in {archive} ({archive.stat().st_size // 1024} KB).")
