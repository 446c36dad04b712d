"""What publishing asks of the pictures of an article."""

from collections.abc import Iterable, Sequence

from django.db.models import Prefetch, QuerySet, prefetch_related_objects
from django.utils.translation import gettext as _

from articles.errors import Refused
from articles.publishing.models import Article, PicturePlacement


def unready(article: Article) -> QuerySet[PicturePlacement]:
    """Return the placements of pictures whose renditions are still to be made."""
    return article.placements.filter(picture__folder="", picture__failure="")


def require_complete(article: Article) -> None:
    """Check that every picture can be shown, and that somebody decided what screen readers say of it.

    Call it with `companions.prefetched_parts`: it reads each picture.

    Raises:
        Refused: A picture couldn't be prepared, or has neither an alt text nor is it decorative.
    """
    for placed in article.placements.all():
        if placed.picture.failure:
            raise Refused(placed.picture.failure)
        if not placed.is_described:
            raise Refused(
                _("The picture %(name)s has no alt text. Say what it shows, or mark it as decorative.")
                % {"name": placed.picture.file_name}
            )


def load_lead_pictures(articles: Sequence[Article]) -> None:
    """Load the pictures of cards, in one query: the lead pictures that readers see today."""
    leads = PicturePlacement.objects.filter(role=PicturePlacement.Role.LEAD).shown().for_pages()
    prefetch_related_objects(articles, Prefetch("placements", leads, to_attr="lead_placements"))


def keep_pictures_apart(articles: Iterable[Article]) -> None:
    """Take away, from cards in a row, each picture that would stand next to another."""
    beside = False
    for article in articles:
        beside = bool(article.lead_placements) and not beside
        if not beside:
            article.lead_placements = []
