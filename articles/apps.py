"""The one app: connects each package's receivers and data-export parts once all models are loaded."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate


class ArticlesConfig(AppConfig):
    name = "articles"
    verbose_name = "Newsroom"

    def ready(self) -> None:
        from articles.accounts import security_log  # noqa: F401
        from articles.discussion import data_export as discussion_export  # noqa: F401
        from articles.discussion import receivers as discussion_receivers  # noqa: F401
        from articles.discussion import track_record  # noqa: F401
        from articles.importing import data_export as importing_export  # noqa: F401
        from articles.mail import receivers as mail_receivers  # noqa: F401
        from articles.moderation import data_export as moderation_export  # noqa: F401
        from articles.moderation import receivers as moderation_receivers  # noqa: F401
        from articles.notifications import data_export as notifications_export  # noqa: F401
        from articles.notifications import hidden_targets  # noqa: F401
        from articles.notifications import receivers as notifications_receivers  # noqa: F401
        from articles.pictures import data_export as pictures_export  # noqa: F401
        from articles.publishing import receivers as publishing_receivers  # noqa: F401
        from articles.reading import data_export as reading_export  # noqa: F401
        from articles.reading import page_triggers
        from articles.search import receivers as search_receivers  # noqa: F401
        from articles.search import sqlite_icontains
        from articles.topics import data_export as topics_export  # noqa: F401
        from articles.topics import receivers as topics_receivers  # noqa: F401

        sqlite_icontains.register()
        pre_migrate.connect(page_triggers.drop_triggers, sender=self)
        post_migrate.connect(page_triggers.create_triggers, sender=self)
