"""Picture files with metadata, made as cameras and picture desks make them."""

from collections.abc import Iterable
from io import BytesIO
from struct import pack
from typing import Any

from PIL import ExifTags, Image

from articles.pictures.xmp import PREFIXES, RDF_URI

UTF8_MARK = (1, 90, b"\x1b%G")


def picture(
    kind: str = "JPEG",
    *,
    xmp: str | bytes = b"",
    iptc: bytes | Iterable[tuple[int, int, bytes]] = b"",
    exif: bytes | dict[int, Any] = b"",
) -> Image.Image:
    """Return a small picture, opened and not decoded."""
    return Image.open(BytesIO(picture_data(kind, xmp=xmp, iptc=iptc, exif=exif)))


def picture_data(
    kind: str = "JPEG",
    *,
    xmp: str | bytes = b"",
    iptc: bytes | Iterable[tuple[int, int, bytes]] = b"",
    exif: bytes | dict[int, Any] = b"",
    size: tuple[int, int] = (8, 8),
) -> bytes:
    options: dict[str, Any] = {"exif": _exif(exif) if isinstance(exif, dict) else exif}
    packet = packet_with(xmp) if isinstance(xmp, str) else xmp
    if packet:
        options["xmp"] = packet
    file = BytesIO()
    Image.new("RGB", size, "teal").save(file, kind, **{key: value for key, value in options.items() if value})
    data = file.getvalue()
    if iptc:
        block = iptc if isinstance(iptc, bytes) else b"".join(pack(">BBBH", 28, r, d, len(v)) + v for r, d, v in iptc)
        resource = (
            b"Photoshop 3.0\0" + pack(">4sHHI", b"8BIM", 0x0404, 0, len(block)) + block + b"\0" * (len(block) % 2)
        )
        data = data[:2] + b"\xff\xed" + pack(">H", len(resource) + 2) + resource + data[2:]
    return data


def packet_with(properties: str, attributes: str = "") -> bytes:
    namespaces = "".join(f' xmlns:{prefix}="{uri}"' for uri, prefix in PREFIXES.items())
    return (
        f'<?xpacket begin="\ufeff"?><x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="{RDF_URI}"{namespaces}>'
        f'<rdf:Description rdf:about="" {attributes}>{properties}</rdf:Description></rdf:RDF></x:xmpmeta>'
        '<?xpacket end="w"?>'
    ).encode()


def alternatives(name: str, **texts: str) -> str:
    """Return a property in several languages; `x_default` is the default one."""
    items = "".join(f'<rdf:li xml:lang="{key.replace("_", "-")}">{text}</rdf:li>' for key, text in texts.items())
    return f"<{name}><rdf:Alt>{items}</rdf:Alt></{name}>"


def values(name: str, *texts: str, container: str = "Bag") -> str:
    items = "".join(f"<rdf:li>{text}</rdf:li>" for text in texts)
    return f"<{name}><rdf:{container}>{items}</rdf:{container}></{name}>"


def _exif(tags: dict[int, Any]) -> bytes:
    """Return EXIF, with the tags of the camera (above 33434) and the place in directories of their own."""
    exif = Image.Exif()
    for tag, value in tags.items():
        if tag == ExifTags.IFD.GPSInfo:
            exif.get_ifd(tag).update(value)
        elif tag > ExifTags.Base.Copyright:
            exif.get_ifd(ExifTags.IFD.Exif)[tag] = value
        else:
            exif[tag] = value
    return exif.tobytes()
