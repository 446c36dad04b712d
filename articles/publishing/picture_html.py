"""Pictures in an article, as HTML: figures on the page and in feeds."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString

from articles.pictures.markup import Slot, fallback_size, picture_element, rendition_url
from articles.pictures.metadata import MadeWith
from articles.publishing.models import PicturePlacement
from articles.text.sanitizing import trusted

Role = PicturePlacement.Role

# The widths are those of pictures.css. Nobody sees more than two pixels of a picture for one of the page, but phones
# load up to three and a half: they are told two thirds of the width, and load less than half of the bytes.
DENSE = "(min-resolution: 2.25dppx)"
ALL = f"{DENSE} 66vw, 100vw"
INSIDE = f"{DENSE} calc(66vw - 1.65rem), calc(100vw - 2.5rem)"
ACROSS = f"(min-width: 64rem) 61rem, (min-width: 41.5rem) calc(100vw - 2.5rem), {ALL}"
IN_TEXT = f"(min-width: 41.5rem) 39rem, {INSIDE}"
SLOTS = {
    Role.LEAD: Slot("landscape", ACROSS, is_first=True),
    Role.BODY: Slot("original", IN_TEXT),
    Role.WIDE: Slot("wide", ACROSS),
    Role.SMALL: Slot("tall", "(min-width: 64rem) 15rem, (min-width: 41.5rem) 11rem, 9rem"),
}
UPRIGHT = Slot("original", f"(min-width: 28.5rem) 26rem, {INSIDE}")
PAGE = Slot("original", ACROSS, is_first=True)  # A picture’s own page.
UPRIGHT_PAGE = Slot("original", IN_TEXT, is_first=True)
# Galleries by their columns; on phones all have two.
GALLERIES = {
    2: Slot("tall", "(min-width: 41.5rem) 19.1rem, calc(50vw - 1.65rem)"),
    3: Slot("tall", "(min-width: 64rem) 19.8rem, (min-width: 41.5rem) calc(33.3vw - 1.37rem), calc(50vw - 1.65rem)"),
    4: Slot("tall", "(min-width: 64rem) 14.65rem, (min-width: 41.5rem) calc(25vw - 1.23rem), calc(50vw - 1.65rem)"),
}
# Cards. A narrow one has a square at the end of its headline, wherever it stands.
THUMBNAIL = Slot("square", "6.6rem")
CARDS = {
    "lead": Slot(
        "landscape",
        "(min-width: 76rem) 41.125rem, (min-width: 62rem) calc(58.33vw - 3.21rem), "
        f"(min-width: 41.5rem) calc(100vw - 2.5rem), {ALL}",
        is_first=True,
    ),
    # Of two, three or four columns.
    "half": Slot("landscape", "(min-width: 76rem) 35.25rem, calc(50vw - 2.75rem)", on_phones=THUMBNAIL),
    "third": Slot(
        "landscape",
        "(min-width: 76rem) 22.5rem, (min-width: 62rem) calc(33.3vw - 2.83rem), calc(33.3vw - 2.17rem)",
        on_phones=THUMBNAIL,
    ),
    "quarter": Slot(
        "landscape",
        "(min-width: 76rem) 16.125rem, (min-width: 62rem) calc(25vw - 2.875rem), calc(50vw - 2.75rem)",
        on_phones=THUMBNAIL,
    ),
    "list": Slot("landscape", "11rem", on_phones=THUMBNAIL),
}
# Said before the caption: they look like photographs and are none. Regulation (EU) 2024/1689, article 50(4), asks that
# of generated and manipulated pictures. The others are named in the credit.
SAID_FIRST = {MadeWith.COMPOSITE, MadeWith.GENERATED}
NO_LINKS: Mapping[int, str] = MappingProxyType({})


def figure(placement: PicturePlacement, *, language: str, links: Mapping[int, str] = NO_LINKS) -> SafeString:
    """Return the figure of a picture. Nothing while it has no renditions; a note once its licence has ended.

    Args:
        links: What follows the captions, by placement: links to respond. Pictures that have one have an id.
    """
    if placement.role == Role.GALLERY:
        return gallery([placement], language=language, links=links)
    upright = placement.role == Role.BODY and placement.picture.height > placement.picture.width
    slot = UPRIGHT if upright else SLOTS[Role(placement.role)]
    return _figure(placement, slot, language, links, upright=upright)


def gallery(
    placements: Iterable[PicturePlacement], *, language: str, links: Mapping[int, str] = NO_LINKS
) -> SafeString:
    """Return the figures of a gallery, in as many columns as fill its last row best."""
    ready = [placement for placement in placements if placement.picture.is_ready]
    number = len(ready)
    columns = 2 if number <= 2 else min((4, 3), key=lambda columns: -number % columns)
    figures = [_figure(placement, GALLERIES[columns], language, links) for placement in ready]
    return (
        format_html('<div class="gallery of-{}">{}</div>', columns, trusted("".join(figures)))
        if figures
        else trusted("")
    )


def _figure(
    placement: PicturePlacement, slot: Slot, language: str, links: Mapping[int, str], *, upright: bool = False
) -> SafeString:
    picture = placement.picture
    if not picture.is_ready:
        return trusted("")
    context = {
        "placement": placement,
        "picture": picture,
        "element": picture_element(picture, slot, alt=placement.shown_alt),
        "upright": upright,
        "response_link": links.get(placement.pk, ""),
        "language": language,
        "said_first": picture.made_with in SAID_FIRST,
    }
    return trusted(render_to_string("publishing/_figure.html", context).strip())


def card_picture(placement: PicturePlacement, kind: str) -> SafeString:
    """Return the picture of an article on a card, one of `CARDS`. Only the lead of a front page has a caption."""
    picture = placement.picture
    context = {
        "placement": placement,
        "picture": picture,
        "element": picture_element(picture, CARDS[kind], alt=placement.shown_alt),
        "with_caption": kind == "lead",
        "language": placement.article.language if kind == "lead" else "",
        "said_first": picture.made_with in SAID_FIRST,
    }
    return trusted(render_to_string("publishing/_card_picture.html", context).strip())


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
        "site": settings.SITE_ADDRESS,
        "src": settings.SITE_ADDRESS + rendition_url(picture, size, "jpeg"),
        "size": size,
        "said_first": picture.made_with in SAID_FIRST,
    }
    return render_to_string("publishing/_feed_figure.html", context).strip()
