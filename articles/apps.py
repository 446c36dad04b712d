"""The one app; connects the rooms' listeners once all models are loaded."""

from django.apps import AppConfig


class ArticlesConfig(AppConfig):
    name = "articles"
    verbose_name = "The paper"

    def ready(self) -> None:
        from articles.search import listening  # noqa: F401
