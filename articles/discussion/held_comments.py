"""Which comments moderators read before they are published, and what their authors are told."""

from django.db.models import F
from django.utils.translation import gettext as _

from articles.accounts.models import User


def reason_to_hold(author: User) -> str:
    """Return why moderators read this author's next comment before it is published; empty if they don't.

    `accounts.spam_prevention` decides at sign-up how many of an account's first comments are held.
    """
    return _("A moderator reads your first comments before they appear.") if author.held_comments else ""


def count_approval(author_id: int) -> None:
    """Count an approved comment of this author, so that only their first ones are held."""
    counted = User.objects.filter(pk=author_id, held_comments__gt=0)
    counted.update(held_comments=F("held_comments") - 1)
