"""Recount comments, replies, recommendations, reports, badges and unread notifications from the rows; fix errors."""

from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from articles.discussion import badges, comment_counts
from articles.discussion.models import Comment
from articles.notifications import following, unread_counts


class Command(BaseCommand):
    help = "Recount comments, replies, recommendations, reports and inboxes, and fix stored counts that are wrong."

    def handle(self, *args: Any, **options: Any) -> None:
        fixed = [*comment_counts.recount(), *unread_counts.recount_all(), *following.recount_hides()]
        with transaction.atomic():
            if wrong := badges.fix_badges(Comment.objects.all()):
                fixed.append(f"{wrong} badges were wrong")
        for line in fixed:
            self.stdout.write(line)
        self.stdout.write(f"Counts fixed: {len(fixed)}." if fixed else "All counts are correct.")
