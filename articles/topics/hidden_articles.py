"""Lists of articles as a reader wants them: without the stories, topics and people that they hide."""

from django.http import HttpRequest

from articles.accounts.blocking import hidden_by
from articles.publishing.models.article import ArticleQuerySet
from articles.topics.models import ArticleTopic

SHOW_ALL = "all"  # In the address: this once, everything.


def wanted(articles: ArticleQuerySet, request: HttpRequest, *, on_topic: int | None = None) -> ArticleQuerySet:
    """These articles without what the reader hides. No query of its own.

    Args:
        articles: Any that the reader may see.
        request: Whose reader asks, for everything if the address says so.
        on_topic: A topic's own page shows what stands there, also to those who hide that topic elsewhere.
    """
    hidden = hidden_by(request.user)
    if not hidden.affects_lists or SHOW_ALL in request.GET:
        return articles
    if hidden.articles:
        articles = articles.exclude(pk__in=hidden.articles)
    if topics := hidden.topics - {on_topic}:
        under = ArticleTopic.objects.filter(topic__in=topics, state=ArticleTopic.State.SHOWN)
        articles = articles.exclude(pk__in=under.values("article"))
    if hidden.people:
        articles = articles.exclude(bylines__author__user__in=hidden.people)
    return articles


def leaves_out(request: HttpRequest) -> str:
    """What a list says of it: "some", "none" when all is shown this once, nothing to those who hide no articles."""
    if not hidden_by(request.user).affects_lists:
        return ""
    return "none" if SHOW_ALL in request.GET else "some"
