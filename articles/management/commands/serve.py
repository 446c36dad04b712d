"""`manage.py serve`: the whole paper, ready for readers."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from newsroom import server


class Command(BaseCommand):
    help = "Brings the database up to date and serves the paper, with its background work, until it is stopped."
    requires_migrations_checks = False

    def handle(self, *args: Any, **options: Any) -> None:
        if not server.port_is_free():
            raise CommandError(
                f"Port {settings.PORT} at {settings.HOST} is taken: stop what runs there, or choose another one,"
                f" such as PORT={settings.PORT + 1} make run."
            )
        try:
            server.make_ready()
        except OSError as error:
            where = error.filename or settings.VAR_DIR
            raise CommandError(f"Nothing can be written to {where}: {error.strerror}.") from None
        except DatabaseError as error:
            raise CommandError(f"The database can’t be used: {str(error).strip().splitlines()[0]}") from error
        server.serve()
