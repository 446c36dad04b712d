"""`manage.py reindex`: rebuild the search index."""

from typing import Any

from django.core.management.base import BaseCommand

from articles.search.index import reindex


class Command(BaseCommand):
    help = "Rebuild the search index of all articles. Search keeps working while it runs."

    def handle(self, *args: Any, **options: Any) -> None:
        count = reindex()
        if options["verbosity"]:
            self.stdout.write(f"{count} articles indexed.")
