"""The admin app with this project's admin site in place of Django's."""

from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib.admin.apps import AdminConfig
from django.db import connections
from django.db.models.signals import pre_migrate

from newsroom import error_reports
from newsroom.old_databases import refuse_development_database

# Readers wait so long, at most, behind a migration that waits for a table. It is shorter than PostgreSQL's
# deadlock_timeout of 1 s: if a migration and a reader wait for each other, nearly always the migration gives up.
LOCK_TIMEOUT = "500ms"


class NewsroomAdminConfig(AdminConfig):
    default_site = "newsroom.admin_site.NewsroomAdminSite"

    def ready(self) -> None:
        super().ready()
        import_module("newsroom.checks")
        if settings.SENTRY_DSN:
            error_reports.start(settings.SENTRY_DSN)
        pre_migrate.connect(refuse_development_database, sender=self)
        pre_migrate.connect(set_time_limits, sender=self)


def set_time_limits(*, using: str, **kwargs: Any) -> None:
    """Let migrations take as long as they need, but not wait long for a lock: all who come after it would wait, too.

    See DATABASES in the settings, and the command `migrate`, which tries again.
    """
    if connections[using].vendor == "postgresql":
        with connections[using].cursor() as cursor:
            cursor.execute(f"SET lock_timeout = '{LOCK_TIMEOUT}'; SET statement_timeout = 0")
