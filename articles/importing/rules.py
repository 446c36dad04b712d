"""Permissions for importing articles at the desk."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from articles.accounts.models import User


def may_import(person: "User") -> bool:
    """Return whether a person may import articles: those may who decide on detections, which are editors."""
    needed = ("articles.add_article", "articles.change_guess")
    return person.is_staff and not person.is_banned and person.has_perms(needed)
