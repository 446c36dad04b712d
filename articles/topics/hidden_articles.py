"""Leave out of article lists what the reader hides: articles, topics and people."""

from django.http import HttpRequest

from articles.accounts.hidden_items import hidden_by
from articles.publishing.models.article import ArticleQuerySet
from articles.topics.models import ArticleTopic

SHOW_ALL = "all"  # In the query string: show hidden articles on this page.


def without_hidden(articles: ArticleQuerySet, request: HttpRequest, *, on_topic: int | None = None) -> ArticleQuerySet:
    """Exclude the articles that the reader hides, unless the URL has `?all`. Runs no query of its own.

    The page of a topic, `on_topic`, lists its articles even to readers who hide the topic.
    """
    hidden = hidden_by(request.user)
    if not hidden.affects_lists or SHOW_ALL in request.GET:
        return articles
    if hidden.articles:
        articles = articles.exclude(pk__in=hidden.articles)
    if topics := hidden.topics - {on_topic}:
        shown = ArticleTopic.objects.filter(topic__in=topics, state=ArticleTopic.State.SHOWN)
        articles = articles.exclude(pk__in=shown.values("article"))
    if hidden.people:
        articles = articles.exclude(bylines__author__user__in=hidden.people)
    return articles


def hidden_articles_state(request: HttpRequest) -> str:
    """Return "excluded", or "included" with `?all`, for readers whose lists leave something out; "" for all others."""
    if not hidden_by(request.user).affects_lists:
        return ""
    return "included" if SHOW_ALL in request.GET else "excluded"
