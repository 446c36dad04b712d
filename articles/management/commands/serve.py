"""`manage.py serve`: migrate the database and serve the site with its worker."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError

from newsroom import database_lock, server, startup


class Command(BaseCommand):
    help = "Migrate the database, then serve the site and run its background jobs until stopped."
    requires_migrations_checks = False
    requires_system_checks = []  # They query the database: `handle` runs them when it is known to be unlocked.

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--without-worker", action="store_true", help="`manage.py work` runs elsewhere.")

    def handle(self, *args: Any, **options: Any) -> None:
        server.turn_ctrl_c_into_sigterm()
        if not server.port_is_free():
            raise CommandError(
                f"Port {settings.PORT} on {settings.HOST} is in use. Stop the program that uses it, or choose another"
                f" port: PORT={settings.PORT + 1} make run"
            )
        try:
            database_lock.require_unlocked()
            self.check()
            startup.prepare()
        except OSError as error:
            where = error.filename or settings.VAR_DIR
            raise CommandError(f"Can't write to {where}: {error.strerror}.") from None
        except DatabaseError as error:
            raise CommandError(f"Can't use the database: {str(error).strip().splitlines()[0]}") from error
        server.serve(with_worker=not options["without_worker"])
