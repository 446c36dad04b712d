"""The publication's logo: a small PNG made of whatever picture an owner uploads."""

from hashlib import sha256
from io import BytesIO
from typing import BinaryIO

from django.utils.translation import gettext as _
from PIL import Image, UnidentifiedImageError

from articles.errors import Refused
from articles.publishing.models import SiteSettings

HEIGHT = 160  # Pixels: twice what the front page of a laptop shows.
MOST_WIDTH = 960  # Six times as wide as high; a longer name is better set in type.
MAX_UPLOAD = 2 * 1024 * 1024  # Bytes.
MAX_PIXELS = 20_000_000  # A bomb of pixels has few bytes.
FORMATS = ("PNG", "WEBP", "JPEG", "GIF")


def set_logo(row: SiteSettings, file: BinaryIO) -> None:
    """Set the logo without saving.

    Raises:
        Refused: The file is no picture, or too large.
    """
    data = file.read(MAX_UPLOAD + 1)
    if len(data) > MAX_UPLOAD:
        raise Refused(_("The logo can have up to 2 MB."))
    try:
        with Image.open(BytesIO(data), formats=FORMATS) as image:
            if image.width * image.height > MAX_PIXELS:
                raise Refused(_("The logo has too many pixels. Upload a smaller one."))
            logo = image.convert("RGBA")
    except (UnidentifiedImageError, OSError, ValueError, Image.DecompressionBombError):
        raise Refused(_("The logo must be a PNG, WebP, JPEG or GIF picture.")) from None
    logo.thumbnail((MOST_WIDTH, HEIGHT), Image.Resampling.LANCZOS)
    packed = BytesIO()
    logo.save(packed, "PNG", optimize=True)
    row.logo = packed.getvalue()
    row.logo_digest = sha256(row.logo).hexdigest()[:16]
    row.logo_width, row.logo_height = logo.size


def clear_logo(row: SiteSettings) -> None:
    row.logo, row.logo_digest, row.logo_width, row.logo_height = None, "", 0, 0
