"""Write the search index anew: after a change of its rules, or when it is doubted."""

from typing import Any

from django.core.management.base import BaseCommand

from articles.search.reindexing import reindex


class Command(BaseCommand):
    help = "Writes the search index of all articles anew. Safe at any time; readers search on meanwhile."

    def handle(self, *args: Any, **options: Any) -> None:
        count = reindex()
        if options["verbosity"]:
            self.stdout.write(f"{count} articles are in the search index.")
