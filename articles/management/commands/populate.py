"""`manage.py populate`: fill a site with generated articles, comments and readers, to see how it does with many."""

from time import monotonic
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from articles.errors import Refused
from articles.importing.populating import make_plan, populate, real_readers
from articles.reading import page_triggers
from articles.web.progress_bar import ProgressBar


class Command(BaseCommand):
    help = "Fill a site with generated content, the same for the same numbers. A run that was stopped is continued."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--articles", type=int, default=1000)
        parser.add_argument("--comments", type=int, help="By default 64 for each article.")
        parser.add_argument("--readers", type=int, help="By default one for 10 comments.")
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--from", type=int, dest="year", help="The year of the first article, by default 20 ago.")
        parser.add_argument("--among-real-readers", action="store_true", help="Do it where people have accounts, too.")

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["among_real_readers"] and (settings.PUBLIC or real_readers()):
            raise CommandError(
                "This site is public or has real readers, who would find generated articles. "
                "Use --among-real-readers to add them for good."
            )
        names = ("articles", "comments", "readers", "seed", "year")
        bar, begun, rows = ProgressBar(options["articles"]), monotonic(), 0
        # As during migrations: nothing is cached until they are there again. A run that dies leaves a slow site.
        page_triggers.drop_triggers(plan=names)
        try:
            for progress in populate(make_plan(**{name: options[name] for name in names})):
                rows += progress.rows
                bar.show(progress.articles, f"{rows:,} rows")
        except Refused as refusal:
            raise CommandError(refusal.reason) from None
        finally:
            page_triggers.create_triggers()
        seconds = max(monotonic() - begun, 0.001)
        self.stdout.write(f"Added {rows:,} rows in {seconds:,.0f} seconds, {rows / seconds:,.0f} a second.")
