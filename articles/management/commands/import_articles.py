"""`manage.py import_articles PATH...`: import articles from text and Markdown files."""

from contextlib import nullcontext
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from articles.errors import Refused
from articles.importing.file_import import find_files, import_files
from articles.importing.import_lock import import_lock
from articles.importing.import_report import line, report
from articles.importing.storing import State


class Command(BaseCommand):
    help = "Import articles from .txt and .md files and folders."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("paths", metavar="PATH", nargs="+", help="File or folder to import.")
        publish = "Publish imported articles, except those held for review."
        dry_run = "Print what would be imported, with every decision, and change nothing."
        source = "Name of the publication where the articles first appeared."
        parser.add_argument("--publish", action="store_true", help=publish)
        parser.add_argument("--dry-run", action="store_true", help=dry_run)
        parser.add_argument("--source", metavar="NAME", help=source)

    def handle(self, *args: Any, **options: Any) -> None:
        source = " ".join((options["source"] or "").split())
        if len(source) > 120:
            raise CommandError(_("--source: use at most 120 characters."))
        dry_run = options["dry_run"]
        try:
            with nullcontext() if dry_run else import_lock():
                self._import(options["paths"], publish=options["publish"], source=source or None, dry_run=dry_run)
        except Refused as refusal:
            raise CommandError(refusal.reason) from None

    def _import(self, paths: list[str], *, publish: bool, source: str | None, dry_run: bool) -> None:
        refused = total = 0
        for outcome in import_files(find_files(paths), publish=publish, source=source, dry_run=dry_run):
            total += 1
            if outcome.state is State.REJECTED:
                refused += 1
                self.stderr.write(line(outcome))
            else:
                self.stdout.write(report(outcome) if dry_run else line(outcome))
        if refused:
            raise CommandError(_("%(refused)d of %(total)d files not imported.") % {"refused": refused, "total": total})
