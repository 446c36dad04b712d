"""The admin app with this project's admin site in place of Django's."""

from django.contrib.admin.apps import AdminConfig
from django.db.models.signals import pre_migrate

from newsroom.old_databases import refuse_development_database


class NewsroomAdminConfig(AdminConfig):
    default_site = "newsroom.admin_site.NewsroomAdminSite"

    def ready(self) -> None:
        super().ready()
        pre_migrate.connect(refuse_development_database, sender=self)
