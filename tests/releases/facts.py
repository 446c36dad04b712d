"""What must be the same in the database of a release before and after its migration."""

from typing import Any

from django.test import Client

from articles.discussion.models import Comment
from articles.publishing.models import Article


def facts() -> dict[str, Any]:
    """Return, for each published article by its URL, what readers find there."""
    return {
        article.get_absolute_url(): {
            "headline": article.headline,
            "comments": Comment.objects.public().filter(article=article).count(),
            "topics": sorted(row.topic.name for row in article.article_topics.select_related("topic")),
            "pull quotes": article.pull_quotes.count(),
            "editions": article.revisions.editions().count(),
        }
        for article in Article.objects.public().order_by("pk")
    }


def statuses(urls: list[str]) -> dict[str, int]:
    client = Client(headers={"host": "localhost"})
    return {url: client.get(url).status_code for url in urls}
