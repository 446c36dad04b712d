"""`manage.py sample_paper`: add sample content to an empty site, or remove it."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from articles.errors import Refused
from articles.importing.sample_content import remove_sample, write_sample


class Command(BaseCommand):
    help = "Add sample articles and comments to an empty site, or remove them."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--remove",
            action="store_true",
            help="Remove the sample content. Articles with comments or edits by others are kept and listed.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["remove"]:
            removed = remove_sample()
            self.stdout.write(f"Removed {removed.articles} sample articles.")
            for headline in removed.kept:
                self.stdout.write(f"Kept (has comments or edits by others): {headline}")
            return
        try:
            count = write_sample()
        except Refused as refusal:
            raise CommandError(refusal.reason) from None
        self.stdout.write(f"Added {count} sample articles.")
