"""Count comments, replies, recommendations, reports and inboxes from the rows, and mend what was wrong."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import transaction

from articles.discussion import badges, comment_counts, comment_html
from articles.discussion.models import Comment
from articles.notifications import following, unread_counts


class Command(BaseCommand):
    help = "Count comments, replies, recommendations, reports and inboxes afresh, and mend what was wrong."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--cards", action="store_true", help="also make the stored HTML of every comment again")

    def handle(self, *args: Any, **options: Any) -> None:
        mended = [*comment_counts.recount(), *unread_counts.recount_all(), *following.recount_hides()]
        with transaction.atomic():
            if worn := badges.put_right(Comment.objects.all()):
                mended.append(f"{worn} badges were wrong")
        for line in mended:
            self.stdout.write(line)
        self.stdout.write(f"{len(mended)} numbers mended." if mended else "All numbers are right.")
        if options["cards"]:
            self.stdout.write(f"{comment_html.remake_all(Comment.objects.all())} cards made.")
