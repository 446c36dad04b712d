"""The one app; connects the rooms' listeners once all models are loaded."""

from django.apps import AppConfig


class ArticlesConfig(AppConfig):
    name = "articles"
    verbose_name = "The paper"

    def ready(self) -> None:
        from articles.discussion import exporting as told_by_discussion  # noqa: F401
        from articles.discussion import listening as heard_by_discussion  # noqa: F401
        from articles.following import exporting as told_by_following  # noqa: F401
        from articles.following import hiding  # noqa: F401
        from articles.following import listening as heard_by_following  # noqa: F401
        from articles.notifications import listening as heard_by_notifications  # noqa: F401
        from articles.search import listening  # noqa: F401
        from articles.topics import exporting as told_by_topics  # noqa: F401
        from articles.topics import listening as heard_by_topics  # noqa: F401
