"""Draw the headlines of articles without pictures, for link previews: in the worker, never inside a request."""

import logging
import secrets
from collections.abc import Iterable
from hashlib import sha256
from itertools import islice

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import IntegrityError
from django.db.models import Exists, OuterRef
from django.tasks import task

from articles.pictures.drawing import WIDTH, draw_headline
from articles.pictures.preparing import PRIORITY, rendition_name
from articles.pictures.stored_files import RENDITIONS, listed
from articles.publishing.models import Article, HeadlineImage, PicturePlacement

CROP, EXTENSION = "headline", "jpeg"  # Of the file's name: it is served as renditions are.
AN_HOUR = 1000  # Drawn at most in one: a minute of CPU. All articles of an older site are outdated after an upgrade.

logger = logging.getLogger(__name__)

_shown_pictures = PicturePlacement.objects.filter(article=OuterRef("pk")).shown()


@task(priority=PRIORITY)
def draw(article_id: int) -> None:
    """Draw the image of a published or scheduled article, unless it has a picture or its image is up to date."""
    articles = Article.objects.filter(pk=article_id, status=Article.Status.LIVE).exclude(Exists(_shown_pictures))
    article = articles.select_related("section", "headline_image").first()
    if article is None or is_current(article):
        return
    image, shows_headline = draw_headline(
        article.typographic_headline,
        section=article.section.name if article.section else "",
        paper_name=settings.PAPER_NAME,
    )
    folder = secrets.token_hex(16) if image else ""
    if image:
        default_storage.save(rendition_name(folder, CROP, WIDTH, EXTENSION), ContentFile(image))
    fields = {"made_of": _words_of(article), "folder": folder, "shows_headline": shows_headline}
    try:
        HeadlineImage.objects.update_or_create(article_id=article_id, defaults=fields)
    except IntegrityError:
        logger.info("Article %s was deleted while its headline was drawn", article_id)


def is_current(article: Article) -> bool:
    """Tell whether an article's image, loaded with it, has the article's own words."""
    image = getattr(article, "headline_image", None)
    return image is not None and image.made_of == _words_of(article)


def _words_of(article: Article) -> str:
    return _digest(article.headline, article.language, article.section.name if article.section else None)


def _digest(headline: str, language: str, section: str | None) -> str:
    """Return a digest of the words on an image. The language decides the quotation marks."""
    return sha256("\n".join([settings.PAPER_NAME, section or "", language, headline]).encode()).hexdigest()


def queue_outdated() -> None:
    """Enqueue the articles that have no image, or one of other words: the section or the publication was renamed.

    Called hourly. Reads the headlines of all published articles: 0.15 s of CPU for 20,000. Newest first.
    """
    _delete_unused()
    articles = Article.objects.filter(status=Article.Status.LIVE).exclude(Exists(_shown_pictures)).order_by("-pk")
    words = articles.values_list("pk", "headline_image__made_of", "headline", "language", "section__name")
    outdated = (pk for pk, made_of, *now in words.iterator() if made_of != _digest(*now))
    for pk in list(islice(outdated, AN_HOUR)):
        draw.enqueue(pk)


def _delete_unused() -> None:
    """Delete the rows of withdrawn articles, and those whose files a backup without files didn't restore."""
    HeadlineImage.objects.exclude(article__status=Article.Status.LIVE).delete()
    rows = dict(HeadlineImage.objects.exclude(folder="").values_list("pk", "folder"))
    stored = set(listed(RENDITIONS)[0])  # Read after the rows: one that was just drawn has its folder.
    HeadlineImage.objects.filter(pk__in=[pk for pk, folder in rows.items() if folder not in stored]).delete()


def folders() -> Iterable[str]:
    """Return the folders whose files are in use."""
    return HeadlineImage.objects.exclude(folder="").values_list("folder", flat=True)
