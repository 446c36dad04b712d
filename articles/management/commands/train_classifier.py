"""Train the site's own classifier of comments from its moderators' decisions."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from articles.discussion import classifier_training
from articles.discussion.comment_classifier import ANY
from articles.errors import Refused


class Command(BaseCommand):
    help = "Train the site's own classifier of comments from its moderators' decisions, and print what it can do."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            trained = classifier_training.train()
        except Refused as refusal:
            raise CommandError(refusal.reason) from None
        for row in trained:
            name = "all rules" if row.kind == ANY else f"rule {row.kind}"
            self.stdout.write(
                f"{name}: measured with {row.bad} hidden comments and {row.good} that stayed. AUC {row.auc:.2f}, "
                f"precision {row.precision:.2f}, {row.caught:.0%} caught, {row.good_held:.1%} of the others held."
            )
        holding = [row for row in trained if row.threshold is not None]
        least = f"a precision of {classifier_training.HOLD_PRECISION:.1f}"
        if holding:
            self.stdout.write(f"Holds {', '.join(row.kind for row in holding)}. The rest only orders the queue.")
        else:
            self.stdout.write(f"Holds nothing: none reaches {least}. It only orders the queue.")
