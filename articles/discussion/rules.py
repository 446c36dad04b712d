"""Permissions in the discussion."""

from articles.accounts.models import Viewer
from articles.accounts.rules import may_write


def may_pick(reader: Viewer) -> bool:
    """Return whether the reader may pick comments at all. `picking.pick` has the exceptions."""
    return may_write(reader) and reader.has_perm("articles.pick_comment")


def may_request_quotes(reader: Viewer) -> bool:
    """Return whether the reader may ask to quote comments: those who may publish."""
    return may_write(reader) and reader.has_perm("articles.publish_article")


def may_moderate(reader: Viewer) -> bool:
    return may_write(reader) and reader.has_perm("articles.change_comment")
