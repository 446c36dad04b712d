"""Refuse databases made before version 0.1.0: their migrations were replaced, not continued."""

from typing import Any

from django.core.management.base import CommandError
from django.db import connections
from django.db.migrations.recorder import MigrationRecorder

# Migrations that only such databases have recorded.
DEVELOPMENT_MIGRATIONS = {"0001_squashed_0033", "0012_following", "0033_forms_of_writing"}
DEVELOPMENT_DATABASE = (
    "This database was made by a development version before 0.1.0 and can't be migrated. Start with a new database."
)


def refuse_development_database(*, using: str, **kwargs: Any) -> None:
    """Stop `migrate`, and so also `serve` and `restore`, before it changes such a database.

    Raises:
        CommandError: With one sentence that says what to do.
    """
    applied = MigrationRecorder(connections[using]).applied_migrations()
    if any(("articles", name) in applied for name in DEVELOPMENT_MIGRATIONS):
        raise CommandError(DEVELOPMENT_DATABASE)
