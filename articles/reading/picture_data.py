"""What search engines, link previews and feeds are told about the pictures of an article."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.urls import reverse

from articles.pictures.drawing import HEIGHT, WIDTH
from articles.pictures.markup import rendition_url
from articles.pictures.renditions import widths_for
from articles.publishing import headline_images
from articles.publishing.models import Article, PicturePlacement
from articles.publishing.models.article import ArticleQuerySet

PREVIEW_WIDTH = 1200  # Pixels; what networks ask of a large preview. Theirs are about twice as wide as high.
PREVIEW_CROP = "wide"


def main_picture(placements: Iterable[PicturePlacement]) -> PicturePlacement | None:
    """Return the lead picture, or else the first in the text, of those that readers see today."""
    shown = [placed for placed in placements if placed.picture.is_shown]
    return min(shown, key=lambda placed: not placed.is_lead, default=None)


def preview_image(placement: PicturePlacement) -> dict[str, Any]:
    """Return the rendition for link previews and feeds: its URL, width, height and alt text."""
    sizes = placement.picture.sizes_of(PREVIEW_CROP)
    size = next((size for size in sizes if size["width"] >= PREVIEW_WIDTH), sizes[-1])
    url = settings.SITE_ADDRESS + rendition_url(placement.picture, size, "jpeg")
    return {"url": url, "width": size["width"], "height": size["height"], "alt": placement.shown_alt}


def headline_preview(article: Article) -> dict[str, Any] | None:
    """Return the image of the headline in the same way; None until it is drawn of the article's present words."""
    if not headline_images.is_current(article) or not article.headline_image.folder:
        return None
    path = reverse("rendition", args=[article.headline_image.folder, headline_images.CROP, str(WIDTH), "jpeg"])
    alt = article.typographic_headline if article.headline_image.shows_headline else settings.PAPER_NAME
    return {"url": settings.SITE_ADDRESS + path, "width": WIDTH, "height": HEIGHT, "alt": alt}


def image_object(placement: PicturePlacement) -> dict[str, Any]:
    """Return a picture as schema.org's ImageObject, with the fields from which search engines show its rights."""
    picture = placement.picture
    largest = picture.sizes_of("original")[-1]
    data = {
        "@type": "ImageObject",
        "contentUrl": settings.SITE_ADDRESS + rendition_url(picture, largest, "jpeg"),
        "width": largest["width"],
        "height": largest["height"],
        "caption": placement.shown_caption,
        "description": placement.shown_alt,
        "creator": {"@type": "Person", "name": picture.creator} if picture.creator else None,
        "creditText": picture.credit_line,
        "copyrightNotice": picture.copyright_notice,
        "license": picture.license_url,
        "acquireLicensePage": settings.SITE_ADDRESS + picture.get_absolute_url(),
    }
    return {name: value for name, value in data.items() if value}


def image_urls(articles: ArticleQuerySet) -> dict[int, list[str]]:
    """Return, in one query, the URLs of the pictures that readers see in articles, by the id of the article.

    The widths follow from the picture's: the list of its renditions is the largest column of its row.
    """
    found: dict[int, list[str]] = defaultdict(list)
    placements = PicturePlacement.objects.filter(article__in=articles).shown().order_by("article", "order", "pk")
    for article_id, folder, width in placements.values_list("article", "picture__folder", "picture__width"):
        path = reverse("rendition", args=[folder, "original", str(widths_for(width)[-1]), "jpeg"])
        found[article_id].append(settings.SITE_ADDRESS + path)
    return found
