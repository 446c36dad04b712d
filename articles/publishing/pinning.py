"""Pinned articles and the newest others for the front page and section pages."""

from articles.publishing.models import Article, Pin, Section
from articles.publishing.models.article import ArticleQuerySet


def pinned(articles: ArticleQuerySet, *, on: Section | None = None) -> list[Article]:
    """Return the pinned ones of `articles` for the page of a section, or the front page, in the editors' order."""
    places = {pin.article_id: number for number, pin in enumerate(Pin.objects.current().filter(section=on))}
    if not places:
        return []
    return sorted(articles.filter(pk__in=places).for_lists(), key=lambda article: places[article.pk])


def newest_except(articles: ArticleQuerySet, *, first: list[Article]) -> ArticleQuerySet:
    """Return the other articles, newest first."""
    return articles.exclude(pk__in=[article.pk for article in first]).for_lists().newest_first()
