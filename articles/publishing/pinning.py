"""Fill a page: what editors pinned first, in their order, then the newest of the rest."""

from articles.publishing.models import Article, Pin, Section
from articles.publishing.models.article import ArticleQuerySet


def pinned(articles: ArticleQuerySet, *, on: Section | None = None) -> list[Article]:
    """Those of these articles that are pinned to a page now, ready for cards.

    Args:
        articles: What the reader may see and wants to; a pin of anything else waits.
        on: The section whose page it is; None for the front page.
    """
    places = {pin.article_id: number for number, pin in enumerate(Pin.objects.holding().filter(section=on))}
    if not places:
        return []
    return sorted(articles.filter(pk__in=places).for_cards(), key=lambda article: places[article.pk])


def filled(articles: ArticleQuerySet, *, first: list[Article]) -> ArticleQuerySet:
    """The newest of the others: what fills a page says nothing twice."""
    return articles.exclude(pk__in=[article.pk for article in first]).for_cards().newest_first()
