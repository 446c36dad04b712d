"""Who may write on the site. Each package adds its own conditions in its own rules."""

from articles.accounts.models import User, Viewer
from articles.errors import Refused


def may_write(reader: Viewer) -> bool:
    """Return whether the reader is signed in and not banned."""
    return reader.is_authenticated and not reader.is_banned


def may_comment(reader: Viewer) -> bool:
    """Return whether the reader may write and isn't suspended from commenting."""
    return reader.is_authenticated and not reader.is_banned and not reader.is_suspended


def require_may_write(reader: User) -> None:
    """Stop a banned reader, with the moderator's reason. Reading stays possible.

    Raises:
        Refused: The reader is banned.
    """
    if refusal := reader.write_refusal:
        raise Refused(refusal)


def require_may_comment(reader: User) -> None:
    """Stop a reader who is banned or suspended from commenting, with the moderator's reason.

    Raises:
        Refused: The reader is banned or suspended.
    """
    if refusal := reader.comment_refusal:
        raise Refused(refusal)
