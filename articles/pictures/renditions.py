"""Make the renditions of a picture: what readers get, encoded anew from its pixels.

An 18-megapixel photograph takes seconds of CPU, so this runs in the worker, never in a request.
"""

import colorsys
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from math import ceil
from threading import Lock
from typing import Any, Literal

from django.utils.translation import gettext as _
from PIL import Image, ImageCms, ImageColor

from articles.errors import Refused
from articles.pictures.file_validation import orientation_of, size_of

WIDTHS = (320, 480, 640, 800, 960, 1280, 1920)  # 800 is twice the width of most phones.
CROPS = {"original": None, "landscape": 3 / 2, "wide": 16 / 9, "square": 1.0, "tall": 4 / 5}
# Twice the slot is enough: squares are at most 7 rem wide on phones, tall ones 61 rem / 2 in a gallery of two.
LARGEST = {"square": 640, "tall": 960}
XMP_WIDTH = 960  # Half a kilobyte of rights would be a tenth of the smallest rendition.

Format = Literal["avif", "jpeg"]
# On engravings, the hardest pictures, AVIF of quality 50 looks like 61 (Wagtail's) at twice its size, for 27 % fewer
# bytes. JPEG's is Wagtail's. AVIF's speed 8 takes half the time of 6 for 5 % more bytes. One thread: the other cores
# belong to the processes that serve pages.
ENCODING: dict[Format, dict[str, Any]] = {
    "avif": {"quality": 50, "speed": 8, "max_threads": 1},
    "jpeg": {"quality": 76, "progressive": True},
}
TRANSPOSE = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
SRGB = ImageCms.createProfile("sRGB")
# Placeholder colours: eight lightnesses of grey and of seven muted hues, as the means of photographs are. Our strict
# policy forbids inline styles, so the stylesheet has a class for each.
COLOURS = tuple(
    "#" + bytes(round(255 * level) for level in colorsys.hls_to_rgb(hue, lightness / 16, saturation)).hex()
    for lightness in range(1, 16, 2)
    for hue, saturation in [(0, 0), *((seventh / 7, 0.3) for seventh in range(7))]
)

Box = tuple[int, int, int, int]

_decoding = Lock()  # 60 megapixels take up to 0.9 GB (WebP) while they are decoded: one at a time in a process.


@dataclass(frozen=True, slots=True)
class Rendition:
    crop: str
    width: int
    height: int
    format: Format
    data: bytes


def crop_box(width: int, height: int, ratio: float | None, focal: tuple[float, float]) -> Box:
    """Return left, top, right and bottom of the largest crop of a ratio, centred on the focal point if edges allow.

    Args:
        width, height: Of the picture as readers see it.
        ratio: Width divided by height; None for the whole picture.
        focal: Fractions of width and height, 0 to 1.
    """
    ratio = ratio or width / height
    crop_width = max(1, min(width, round(height * ratio)))
    crop_height = max(1, min(height, round(width / ratio)))
    left = min(max(round(focal[0] * width - crop_width / 2), 0), width - crop_width)
    top = min(max(round(focal[1] * height - crop_height / 2), 0), height - crop_height)
    return left, top, left + crop_width, top + crop_height


def widths_for(crop_width: int, largest: int = WIDTHS[-1]) -> list[int]:
    """Return the widths in which to make a crop. It is never enlarged; one below the smallest width keeps its own."""
    return [width for width in WIDTHS if width <= min(crop_width, largest)] or [crop_width]


def make_renditions(image: Image.Image, name: str, focal: tuple[float, float], xmp: bytes) -> Iterator[Rendition]:
    """Decode a picture once, and make each crop in each width as AVIF and JPEG.

    They carry no EXIF, no GPS position, no colour profile and no comment, only `xmp` from `XMP_WIDTH` on.

    Args:
        image: From `open_picture`; its pixels are gone afterwards.
        name: The name of the file, for the message.
        focal: Fractions of width and height as readers see the picture, 0 to 1.
        xmp: A packet of our own with creator and rights; may be empty.

    Raises:
        Refused: When the first rendition is asked for, if the file is damaged.
    """
    width, height = size_of(image)
    plan: dict[tuple[Box, tuple[int, int]], list[str]] = {}  # Crops of one box and size are encoded once.
    for crop, ratio in CROPS.items():
        box = crop_box(width, height, ratio, focal)
        for new_width in widths_for(box[2] - box[0], LARGEST.get(crop, WIDTHS[-1])):
            new_height = max(1, min(box[3] - box[1], round(new_width / (ratio or width / height))))
            plan.setdefault((box, (new_width, new_height)), []).append(crop)
    pixels = _decode(image, name, shrink=min((box[2] - box[0]) / size[0] for box, size in plan))
    scale_x, scale_y = pixels.width / width, pixels.height / height
    for (box, size), crops in plan.items():
        scaled = (box[0] * scale_x, box[1] * scale_y, box[2] * scale_x, box[3] * scale_y)
        resized = pixels.resize(size, Image.Resampling.LANCZOS, box=scaled, reducing_gap=3.0)
        for format_, options in ENCODING.items():
            file = BytesIO()
            resized.save(file, format_, xmp=xmp if size[0] >= XMP_WIDTH else b"", **options)
            for crop in crops:
                yield Rendition(crop, *size, format_, file.getvalue())


def mean_colour(rendition: Rendition) -> str:
    """Return the mean colour as #rrggbb. The smallest rendition suffices, and spares decoding the file again."""
    with Image.open(BytesIO(rendition.data), formats=(rendition.format,)) as image:
        mean = image.convert("RGB").resize((1, 1), Image.Resampling.BOX).tobytes()
    return f"#{mean.hex()}"


def colour_class(colour: str) -> int:
    """Return the index of the colour in `COLOURS` that is nearest to #rrggbb."""
    red, green, blue = ImageColor.getrgb(colour)[:3]
    known = [ImageColor.getrgb(each)[:3] for each in COLOURS]
    distances = [(red - r) ** 2 + (green - g) ** 2 + (blue - b) ** 2 for r, g, b in known]
    return distances.index(min(distances))


def _decode(image: Image.Image, name: str, shrink: float) -> Image.Image:
    """Return the pixels in sRGB, upright and without metadata.

    Args:
        shrink: How many times larger than any rendition needs the picture is.
    """
    width, turn, profile = image.width, TRANSPOSE.get(orientation_of(image)), image.info.get("icc_profile")
    with _decoding:
        try:
            # JPEG alone can decode to a half, a quarter or an eighth: a fraction of memory and time.
            image.draft(None, (ceil(image.width / shrink), ceil(image.height / shrink)))
            image.load()
            pixels = _opaque(image)
            # Twice what is needed, so that the filter of `resize` decides what it looks like.
            if (factor := int(shrink * image.width / width / 2)) > 1:
                pixels = pixels.reduce(factor)
            pixels = _to_srgb(pixels, profile)
        except Exception as error:  # Bytes from elsewhere make Pillow's decoders raise almost anything.
            message = _("“%(name)s” is damaged or incomplete. Save it again and upload that.")
            raise Refused(message % {"name": name}) from error
        if pixels is not image:
            Image.Image.close(image)  # Frees the pixels; `image.close` would close the caller's file too.
    if turn is not None:
        pixels = pixels.transpose(turn)
    pixels.info = {}  # Encoders copy comments and profiles from here.
    return pixels


def _opaque(image: Image.Image) -> Image.Image:
    """Return it in 8 bits as RGB, grey or CMYK.

    What is transparent becomes white: JPEG knows no transparency, both formats have to look alike, and logos and charts
    without a background are drawn for white paper.
    """
    if image.mode.startswith("I"):  # 16-bit grey, which `convert` would clip.
        return image.point(lambda level: level / 256).convert("L")
    if image.has_transparency_data:
        layer = image if image.mode == "RGBA" else image.convert("RGBA")
        opaque = Image.new("RGB", image.size, "white")
        opaque.paste(layer, mask=layer)
        return opaque
    return image if image.mode in {"RGB", "L", "CMYK"} else image.convert("RGB")


def _to_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """Convert to sRGB: without a profile browsers take it for that, and Display P3 or Adobe RGB would look dull."""
    if profile:
        try:
            source = ImageCms.ImageCmsProfile(BytesIO(profile))
            converted = ImageCms.profileToProfile(image, source, SRGB, outputMode="RGB")
        except (ImageCms.PyCMSError, OSError, ValueError):
            converted = None  # A broken profile, or one of another colour space.
        if converted:
            return converted
    return image if image.mode == "RGB" else image.convert("RGB")
