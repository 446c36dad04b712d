"""Print statements of reasons in the form of the EU's transparency database."""

import json
from argparse import ArgumentTypeError
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from articles.moderation.statement_export import statements


def day(raw: str) -> date:
    try:
        return date.fromisoformat(raw)
    except ValueError:
        raise ArgumentTypeError(f"{raw} is not a date such as 2026-11-30") from None


class Command(BaseCommand):
    help = "Print statements of reasons as JSON, in the form of the EU's transparency database."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--from", dest="since", type=day, required=True, help="first day, such as 2026-11-01")
        parser.add_argument("--to", dest="until", type=day, required=True, help="last day, such as 2026-11-30")

    def handle(self, *args: Any, since: date, until: date, **options: Any) -> None:
        found = list(statements(since, until))
        self.stdout.write(json.dumps({"statements": found}, ensure_ascii=False, indent=2))
