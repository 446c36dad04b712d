"""Open uploaded files as pictures, within limits that are checked before any pixel is decoded.

What else a file contains is not looked at: phones append clips and depth maps, and metadata may contain any text. A
polyglot, a picture with a script in it, is harmless: readers only get renditions, which are encoded anew from pixels,
and the desk gets the original as an attachment with our media type and `nosniff`.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from importlib.util import find_spec
from io import SEEK_END
from typing import BinaryIO, NamedTuple

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from PIL import ExifTags, Image
from PIL.GifImagePlugin import GifImageFile

from articles.errors import Refused

MAX_BYTES = 40 * 1024 * 1024  # A JPEG of 60 megapixels in the best quality has about 30 MB.
MAX_PIXELS = 60_000_000  # Width times height times frames. A pixel takes 4 bytes or more of memory.
MAX_SIDE = 16_000
MAX_FRAMES = 100


class Format(NamedTuple):
    media_type: str
    extension: str


FORMATS = {  # By the `format` of an open image.
    "JPEG": Format("image/jpeg", "jpg"),
    "PNG": Format("image/png", "png"),
    "WEBP": Format("image/webp", "webp"),
    "AVIF": Format("image/avif", "avif"),
    "GIF": Format("image/gif", "gif"),
}
MPO = "MPO"  # Pillow's name for a JPEG with a second picture after it, such as the brightness map of a phone.
HEIF = "HEIF"
STILLS = {MPO, HEIF}  # Further pictures in these are no animation.
if find_spec("pillow_heif"):  # The optional extra `heic`.
    import_module("pillow_heif").register_heif_opener()
    FORMATS[HEIF] = Format("image/heic", "heic")
READ_FORMATS = tuple(FORMATS)  # Without this, Pillow also reads EPS and 37 others.
FORMATS[MPO] = FORMATS["JPEG"]


@contextmanager
def open_picture(file: BinaryIO, name: str) -> Iterator[Image.Image]:
    """Read the header of an uploaded file and give the picture, its pixels not yet decoded.

    Args:
        file: The file, which stays open.
        name: Its name, for the message.

    Raises:
        Refused: It isn't a picture that we read, or it is too large.
    """
    if not (size := file.seek(0, SEEK_END)):
        raise Refused(_("“%(name)s” is empty. Upload it again.") % {"name": name})
    if size > MAX_BYTES:
        message = _("“%(name)s” is larger than %(limit)s MB. Save a smaller copy and upload that.")
        raise Refused(message % {"name": name, "limit": number_format(MAX_BYTES // 1024**2)})
    file.seek(0)
    try:
        image = Image.open(file, formats=READ_FORMATS)
        frames = _count_frames(image)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_many_pixels(name) from error
    except Exception as error:  # Bytes from elsewhere make Pillow's readers raise almost anything.
        raise _not_a_picture(file, name) from error
    with image:
        if max(image.size) > MAX_SIDE:
            message = _("“%(name)s” is wider or taller than %(limit)s pixels. Save a smaller copy and upload that.")
            raise Refused(message % {"name": name, "limit": number_format(MAX_SIDE, force_grouping=True)})
        if frames > MAX_FRAMES:
            message = _("“%(name)s” has more than %(limit)s frames. Save one frame as a picture and upload that.")
            raise Refused(message % {"name": name, "limit": MAX_FRAMES})
        if image.width * image.height * frames > MAX_PIXELS:
            raise _too_many_pixels(name)
        yield image


def orientation_of(image: Image.Image) -> int:
    """Return the EXIF orientation, 1 to 8, without decoding.

    `Image.getexif` is called on the base class, since PNG's decodes the picture to look for EXIF behind its pixels.
    """
    try:
        orientation = int(Image.Image.getexif(image).get(ExifTags.Base.Orientation, 1))
    except Exception:  # Broken EXIF raises almost anything, and the picture may be whole.
        return 1
    return orientation if orientation in range(1, 9) else 1


def size_of(image: Image.Image) -> tuple[int, int]:
    """Return width and height as readers see the picture, without decoding."""
    return (image.height, image.width) if orientation_of(image) >= 5 else image.size


def _count_frames(image: Image.Image) -> int:
    """Count the frames of an animation, at most one more than allowed.

    A GIF has to be read for that: 40 MB can hold millions of frames, and `n_frames` took 0.8 s for 200,000.
    """
    if image.format in STILLS:
        return 1
    if not isinstance(image, GifImageFile):
        return int(getattr(image, "n_frames", 1))
    frames = 1
    try:
        while frames <= MAX_FRAMES:
            image._seek(frames, update_image=False)  # As `n_frames` does; `seek` would decode them.
            frames += 1
    except EOFError:
        pass
    image.seek(0)
    return frames


def _too_many_pixels(name: str) -> Refused:
    message = _("“%(name)s” has more than %(limit)s million pixels. Save a smaller copy and upload that.")
    return Refused(message % {"name": name, "limit": number_format(MAX_PIXELS // 1_000_000)})


def _not_a_picture(file: BinaryIO, name: str) -> Refused:
    file.seek(0)
    start = file.read(64)
    if start[4:8] == b"ftyp" and any(brand in start for brand in (b"heic", b"heix", b"heim", b"heis", b"hevc")):
        message = _("“%(name)s” is a HEIC picture. Open it in a photo app, export it as JPEG and upload that.")
    else:
        message = _("“%(name)s” isn’t a picture, or it’s damaged. Save it again as JPEG, PNG, WebP, AVIF or GIF.")
    return Refused(message % {"name": name})
