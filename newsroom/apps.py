"""The admin app with this project's admin site in place of Django's."""

from importlib import import_module
from typing import Any

from django.contrib.admin.apps import AdminConfig
from django.db import connections
from django.db.models.signals import pre_migrate

from newsroom.old_databases import refuse_development_database


class NewsroomAdminConfig(AdminConfig):
    default_site = "newsroom.admin_site.NewsroomAdminSite"

    def ready(self) -> None:
        super().ready()
        import_module("newsroom.checks")
        pre_migrate.connect(refuse_development_database, sender=self)
        pre_migrate.connect(lift_time_limits, sender=self)


def lift_time_limits(*, using: str, **kwargs: Any) -> None:
    """Let migrations take as long as they need. See DATABASES in the settings."""
    if connections[using].vendor == "postgresql":
        with connections[using].cursor() as cursor:
            cursor.execute("SET lock_timeout = 0; SET statement_timeout = 0")
