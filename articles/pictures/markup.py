"""The picture element: which file a browser loads at which width."""

from dataclasses import dataclass
from typing import Any

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString

from articles.pictures.models import Picture
from articles.pictures.renditions import Format
from articles.text.sanitizing import trusted

FALLBACK_WIDTH = 960  # Pixels; see `fallback_size`.


@dataclass(frozen=True, slots=True)
class Slot:
    """A place on a page: the crop that it shows, and how wide it is there (the `sizes` of HTML)."""

    crop: str
    sizes: str
    is_first: bool = False
    """Whether it is what a visitor sees first: loaded at once, before what is further down."""
    on_phones: "Slot | None" = None
    """What a narrow screen shows in its place, if that is another crop."""


def picture_element(picture: Picture, slot: Slot, *, alt: str) -> SafeString:
    """Return a picture element with width and height, so that nothing moves when the file arrives.

    Empty for a picture without renditions.
    """
    files = _files(picture, slot)
    if files is None:
        return trusted("")
    context = {
        "files": files,
        "on_phones": _files(picture, slot.on_phones) if slot.on_phones else None,
        "is_first": slot.is_first,
        "alt": alt,
        "colour": picture.colour,
    }
    return trusted(render_to_string("pictures/_picture.html", context).strip())


def _files(picture: Picture, slot: Slot) -> dict[str, Any] | None:
    found = picture.sizes_of(slot.crop)
    if not found:
        return None
    return {
        "avif": _srcset(picture, found, "avif"),
        "jpeg": _srcset(picture, found, "jpeg"),
        "src": rendition_url(picture, fallback_size(found), "jpeg"),
        "largest": found[-1],
        "sizes": slot.sizes,
    }


def rendition_url(picture: Picture, size: dict[str, Any], format_: Format) -> str:
    return reverse("rendition", args=[picture.folder, size["crop"], str(size["width"]), format_])


def fallback_size(found: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the size for programs that choose none: wide enough for an old browser on a laptop."""
    return next((size for size in found if size["width"] >= FALLBACK_WIDTH), found[-1])


def _srcset(picture: Picture, found: list[dict[str, Any]], format_: Format) -> str:
    return ", ".join(f"{rendition_url(picture, size, format_)} {size['width']}w" for size in found)
