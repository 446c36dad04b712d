"""`manage.py migrate`: Django's command, which tries again when readers and writers keep a table from it."""

import time
from typing import Any

from django.conf import settings
from django.core.management import CommandError
from django.core.management.commands import migrate
from django.db import OperationalError, connections
from django.db.migrations.executor import MigrationExecutor

# Of PostgreSQL: a lock was not available in time (`newsroom.apps` sets the limit), or two waited for each other.
LOCKED = {"55P03", "40P01"}
PAUSES = (1, 2, 4, 8, 15, 30)  # Seconds between attempts. What was applied stays so.


class Command(migrate.Command):
    def handle(self, *args: Any, **options: Any) -> None:
        if settings.PGBOUNCER:
            # Time limits for a migration would stay on a connection that others get next.
            executor = MigrationExecutor(connections[options["database"]])
            if executor.migration_plan(executor.loader.graph.leaf_nodes()):
                raise CommandError("Migrate with the DATABASE_URL of PostgreSQL itself, and without PGBOUNCER.")
            return
        for pause in (*PAUSES, None):
            try:
                super().handle(*args, **options)
            except OperationalError as error:
                if pause is None or getattr(error.__cause__, "sqlstate", None) not in LOCKED:
                    raise
                self.stderr.write(f"A table is in use: next attempt in {pause} s.")
                time.sleep(pause)
            else:
                return
