"""Pictures in an article, as HTML: figures on the page and in feeds."""

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from articles.pictures.markup import Slot, fallback_size, picture_element, rendition_url
from articles.pictures.metadata import MadeWith
from articles.publishing.models import PicturePlacement
from articles.text.sanitizing import trusted

Role = PicturePlacement.Role

# The widths are those of article.css.
SLOTS = {
    Role.LEAD: Slot("landscape", "(min-width: 64rem) 61rem, 100vw", is_first=True),
    Role.BODY: Slot("original", "(min-width: 42rem) 39rem, 100vw"),
    Role.WIDE: Slot("wide", "(min-width: 64rem) 61rem, 100vw"),
    Role.SMALL: Slot("tall", "(min-width: 64rem) 15rem, 8rem"),
    Role.GALLERY: Slot("tall", "(min-width: 64rem) 15rem, 50vw"),
}
# Said before the caption: they look like photographs and are none. Regulation (EU) 2024/1689, article 50(4), asks that
# of generated and manipulated pictures. The others are named in the credit.
SAID_FIRST = {MadeWith.COMPOSITE, MadeWith.GENERATED}


def figure(placement: PicturePlacement, *, language: str) -> SafeString:
    """Return the figure of a picture. Nothing while it has no renditions; a note once its licence has ended."""
    picture = placement.picture
    if not picture.is_ready:
        return trusted("")
    context = {
        "placement": placement,
        "picture": picture,
        "element": picture_element(picture, SLOTS[Role(placement.role)], alt=placement.shown_alt),
        "language": language,
        "said_first": picture.made_with in SAID_FIRST,
    }
    return trusted(render_to_string("publishing/_figure.html", context).strip())


def feed_figure(placement: PicturePlacement) -> str:
    """Return the figure for feeds: one file, with its credit in words."""
    picture = placement.picture
    sizes = picture.sizes_of("original") if picture.is_shown else []
    if not sizes:
        return ""
    size = fallback_size(sizes)
    context = {
        "placement": placement,
        "picture": picture,
        "src": settings.SITE_ADDRESS + rendition_url(picture, size, "jpeg"),
        "size": size,
        "said_first": picture.made_with in SAID_FIRST,
    }
    return render_to_string("publishing/_feed_figure.html", context).strip()
