"""Permissions for importing articles at the desk."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from articles.accounts.models import User


def may_import(person: "User") -> bool:
    """Return whether a person may import articles: editors may.

    A file can also create authors, sections and sources, which writers can't, and its detections are an editor's to
    decide.
    """
    needed = ("articles.add_article", "articles.change_guess", "articles.add_author", "articles.add_section")
    return person.is_staff and not person.is_banned and person.has_perms(needed)
