"""What publishing asks of the pictures of an article."""

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from articles.errors import Refused
from articles.publishing.models import Article, PicturePlacement


def unready(article: Article) -> QuerySet[PicturePlacement]:
    """Return the placements of pictures whose renditions are still to be made."""
    return article.placements.filter(picture__folder="", picture__failure="")


def require_complete(article: Article) -> None:
    """Check that every picture can be shown, and that somebody decided what screen readers say of it.

    Raises:
        Refused: A picture couldn't be prepared, or has neither an alt text nor is it decorative.
    """
    for placed in article.placements.for_pages():
        if placed.picture.failure:
            raise Refused(placed.picture.failure)
        if not placed.is_described:
            raise Refused(
                _("The picture %(name)s has no alt text. Say what it shows, or mark it as decorative.")
                % {"name": placed.picture.file_name}
            )
