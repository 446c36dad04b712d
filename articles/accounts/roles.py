"""What each role may do.

A role is a group of Django's, with these permissions on models of `articles`. Opening the admin also takes `is_staff`.
Owners are superusers: they have every permission without a group.

Migration 0003 created the groups and stays as it is. A change here needs a migration of its own, so that existing
sites get it too; a test compares a migrated database with this table.
"""

from collections.abc import Iterable

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

WRITER, EDITOR, MODERATOR = "Writer", "Editor", "Moderator"
GROUPS = (WRITER, EDITOR, MODERATOR)
OWNER = "Owner"
ROLES = (*GROUPS, OWNER)

_WRITER = {
    *("view_article", "add_article", "change_article"),
    *("view_byline", "add_byline", "change_byline", "delete_byline"),
    *("view_picture", "add_picture", "change_picture"),
    *("view_pictureplacement", "add_pictureplacement", "change_pictureplacement", "delete_pictureplacement"),
    *("view_pullquote", "add_pullquote", "change_pullquote", "delete_pullquote"),
    *("view_relatedlink", "add_relatedlink", "change_relatedlink", "delete_relatedlink"),
    *("view_lostlink", "view_block", "view_revision"),
    *("view_author", "view_section", "view_source", "view_topic", "view_articletopic"),
    *("view_importedfile", "view_guess"),
}
PERMISSIONS = {
    WRITER: _WRITER,
    EDITOR: {
        *_WRITER,
        "publish_article",
        "delete_picture",
        *("add_author", "change_author", "add_section", "change_section", "add_source", "change_source"),
        *("add_topic", "change_topic", "add_articletopic", "change_articletopic"),
        *("view_sitepage", "change_sitepage"),
        "change_guess",
        "pick_comment",
    },
    MODERATOR: {
        *("view_comment", "change_comment", "pick_comment"),
        *("view_report", "change_report", "view_moderationaction"),
        "view_article",
    },
}
"""Codenames of permissions by role."""

NAMES: dict[str, Promise] = {
    WRITER: _("Writer"),
    EDITOR: _("Editor"),
    MODERATOR: _("Moderator"),
    OWNER: _("Owner"),
}
DESCRIPTIONS: dict[str, Promise] = {
    WRITER: _("Writes articles and edits any draft, but can’t publish or change what is published."),
    EDITOR: _(
        "Writes, edits, publishes, corrects and withdraws any article, approves topics, and edits sections, authors "
        "and site pages."
    ),
    MODERATOR: _(
        "Decides on reports and held comments, closes discussions and bans readers, and can read articles and drafts "
        "but not change them."
    ),
    OWNER: _("Can do everything, and alone can give and remove roles."),
}
"""What owners and the people they invite are told of a role: one sentence that `PERMISSIONS` must keep true."""


def names_of(roles: Iterable[str]) -> list[str]:
    """Return the translated names of these roles, in their usual order, then those of groups that aren't roles."""
    given = set(roles)
    return [str(NAMES[role]) for role in ROLES if role in given] + sorted(given.difference(ROLES))
