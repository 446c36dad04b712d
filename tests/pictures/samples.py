"""Sample pictures, made in memory."""

import struct
import zlib
from io import BytesIO
from typing import Any

from PIL import ExifTags, Image

RED, GREEN, BLUE, YELLOW = (220, 30, 30), (30, 180, 30), (30, 30, 220), (230, 220, 30)
SERIAL = "SERIAL-4711"
PLACE = "Harbour of Nowhere"


def encode(image: Image.Image, format_: str = "JPEG", **options: Any) -> bytes:
    file = BytesIO()
    image.save(file, format_, **options)
    return file.getvalue()


def plain(mode: str = "RGB", size: tuple[int, int] = (60, 40), colour: Any = RED) -> Image.Image:
    return Image.new(mode, size, colour)


def quarters(width: int = 60, height: int = 40) -> Image.Image:
    """Red and green above blue and yellow, so that every way of turning it shows."""
    image = Image.new("RGB", (2, 2))
    for place, colour in zip([(0, 0), (1, 0), (0, 1), (1, 1)], [RED, GREEN, BLUE, YELLOW], strict=True):
        image.putpixel(place, colour)
    return image.resize((width, height), Image.Resampling.NEAREST)


def telling_exif(orientation: int = 1) -> Image.Exif:
    """What a camera writes and readers must not get: its serial number, the photographer's name, the position."""
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    exif[ExifTags.Base.Artist] = "Photographer"
    exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.BodySerialNumber] = SERIAL
    exif.get_ifd(ExifTags.IFD.GPSInfo).update(
        {
            ExifTags.GPS.GPSLatitude: (54.0, 30.0, 0.0),
            ExifTags.GPS.GPSAreaInformation: PLACE.encode(),
        }
    )
    return exif


def png_header(width: int, height: int, frames: int = 0) -> bytes:
    """A PNG that claims a size, or to be an animation, without the pixels for it."""
    chunks = [(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))]
    if frames:
        chunks.append((b"acTL", struct.pack(">II", frames, 0)))
        chunks.append((b"fcTL", struct.pack(">IIIIIHHBB", 0, width, height, 0, 0, 1, 1, 0, 0)))
    chunks.append((b"IDAT", zlib.compress(b"")))
    parts = (
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def gif_of(frames: int) -> bytes:
    frame = b"\x2c" + struct.pack("<HHHHB", 0, 0, 1, 1, 0) + b"\x02\x02\x44\x01\x00"
    return b"GIF89a" + struct.pack("<HHBBB", 1, 1, 0x80, 0, 0) + bytes(6) + frame * frames + b";"


def display_p3() -> bytes:
    """A minimal ICC profile of Display P3: its primaries, and a plain gamma of 2.2."""

    def xyz(*values: float) -> bytes:
        return b"XYZ " + bytes(4) + struct.pack(">3i", *(round(value * 65536) for value in values))

    curve = b"curv" + bytes(4) + struct.pack(">IH", 1, round(2.2 * 256)) + bytes(2)
    tags = {
        b"wtpt": xyz(0.9642, 1, 0.8249),
        b"rXYZ": xyz(0.51512, 0.24120, -0.00105),
        b"gXYZ": xyz(0.29198, 0.69225, 0.04189),
        b"bXYZ": xyz(0.15710, 0.06657, 0.78407),
        **dict.fromkeys([b"rTRC", b"gTRC", b"bTRC"], curve),
    }
    table, data = struct.pack(">I", len(tags)), b""
    start = 128 + 4 + 12 * len(tags)
    for tag, value in tags.items():
        table += tag + struct.pack(">II", start + len(data), len(value))
        data += value
    head = struct.pack(">I4sI4s4s4s", start + len(data), b"", 0x02400000, b"mntr", b"RGB ", b"XYZ ")
    head += bytes(12) + b"acsp" + bytes(28) + struct.pack(">3i", 63190, 65536, 54061)
    return head.ljust(128, b"\0") + table + data
