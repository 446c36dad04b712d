"""What a database error means for the one who waits: a bug, or a database that can't be used just now."""

from django.db import Error, InterfaceError, OperationalError

READ_ONLY_TRANSACTION = "25006"  # PostgreSQL's code: a standby, or a primary that takes no writes.


def is_unavailable(error: BaseException | None) -> bool:
    """Return whether the database doesn't answer, is busy, full or takes no writes. All pass without us."""
    return isinstance(error, OperationalError | InterfaceError) or is_read_only(error)


def is_read_only(error: BaseException | None) -> bool:
    """Return whether the database can be read, but takes no writes. Django calls that an internal error."""
    if not isinstance(error, Error):
        return False
    cause = error.__cause__
    return (
        getattr(cause, "sqlstate", None) == READ_ONLY_TRANSACTION
        or getattr(cause, "sqlite_errorname", None) == "SQLITE_READONLY"
    )
