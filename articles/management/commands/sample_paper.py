"""`manage.py sample_paper`: a paper to look at, and away with it."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from articles.errors import Refused
from articles.importing.sample_content import remove_sample, write_sample


class Command(BaseCommand):
    help = "Writes the sample paper into an empty database, or removes it again."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--remove",
            action="store_true",
            help="remove the sample; articles that somebody else commented on or edited stay, and are named",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["remove"]:
            removed = remove_sample()
            self.stdout.write(f"Removed {removed.articles} articles of the sample paper.")
            for headline in removed.kept:
                self.stdout.write(f"Kept, since people wrote there: {headline}")
            return
        try:
            count = write_sample()
        except Refused as refusal:
            raise CommandError(refusal.reason) from None
        self.stdout.write(f"Wrote the sample paper: {count} articles.")
