"""What a picture's file says about itself, in XMP, IPTC-IIM and EXIF: guesses for an editor to confirm.

Never where it was taken as coordinates, nor a camera's serial number. A caption is no alternative text, and neither is
the name of a file: `alt` is only what was written as such.
"""

import json
import re
import warnings
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from math import isfinite
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from PIL import ExifTags, Image
from PIL.IptcImagePlugin import getiptcinfo
from PIL.JpegImagePlugin import JpegImageFile
from PIL.TiffImagePlugin import IFDRational

from articles.pictures.xmp import read_xmp
from articles.text.sanitizing import clean_line, clean_text

MAX_TEXT = 2_000  # Characters: the length of a caption in IPTC-IIM.
MAX_LINE = 250
MAX_LIST = 100  # Keywords or people.
MAX_RAW = 64_000  # Characters of JSON, since every picture's row carries it; a well-filled file needs five.
MAX_EXIF = 1_000_000  # Bytes. JPEG has 64 KB a segment; other formats set no limit.
FIRST_PHOTOGRAPH = 1826  # An earlier year is a mistake.


class MadeWith(models.TextChoices):
    PHOTOGRAPH = "photograph", _("Photograph")
    ILLUSTRATION = "illustration", _("Illustration")
    COMPOSITE = "composite", _("Composite")
    GENERATED = "generated", _("Generated")


# Terms of IPTC's vocabulary. The first of each is what we write into renditions. What AI had a part in counts as
# generated, since "composite" alone wouldn't tell readers so.
VOCABULARY = "http://cv.iptc.org/newscodes/digitalsourcetype/"
TERMS = {
    MadeWith.PHOTOGRAPH: "digitalCapture computationalCapture negativeFilm positiveFilm print humanEdits",
    MadeWith.ILLUSTRATION: "digitalCreation digitalArt dataDrivenMedia",
    MadeWith.COMPOSITE: "composite compositeCapture compositeSynthetic",
    MadeWith.GENERATED: "trainedAlgorithmicMedia compositeWithTrainedAlgorithmicMedia algorithmicMedia",
}
MADE_WITH = {term: made_with for made_with, terms in TERMS.items() for term in terms.split()}
SOURCE_TYPES: dict[str, str] = {made_with: VOCABULARY + terms.split()[0] for made_with, terms in TERMS.items()}

# Where each field is found, in the order of trust: old IPTC writers cut texts off, and cameras fill EXIF by themselves.
KINDS = ("XMP", "IPTC", "EXIF")
SOURCES = {
    "caption": ("dc:description", "2:120", "ImageDescription"),
    "creator": ("dc:creator", "2:80", "Artist"),
    "credit": ("photoshop:Credit", "2:110", ""),
    "copyright_notice": ("dc:rights", "2:116", "Copyright"),
    "source": ("photoshop:Source", "2:115", ""),
    "instructions": ("photoshop:Instructions", "2:40", ""),
    "headline": ("photoshop:Headline", "2:105", ""),
    "alt": ("Iptc4xmpCore:AltTextAccessibility", "", ""),
    "long_description": ("Iptc4xmpCore:ExtDescrAccessibility", "", ""),
    "place": ("Iptc4xmpCore:Location photoshop:City photoshop:State photoshop:Country", "2:92 2:90 2:95 2:101", ""),
    "license_url": ("xmpRights:WebStatement plus:Licensor/plus:LicensorURL", "", ""),
    "usage_terms": ("xmpRights:UsageTerms", "", ""),
    "made_with": ("Iptc4xmpExt:DigitalSourceType", "", ""),
    "keywords": ("dc:subject", "2:25", ""),
    "people": ("Iptc4xmpExt:PersonInImage", "", ""),
    "taken_at": ("photoshop:DateCreated", "2:55 2:60", "DateTimeOriginal OffsetTimeOriginal"),
}
KEYWORDS = 25  # In IPTC-IIM, some writers put all of them into one value.
# Where a picture was taken and with which camera; then what is no text.
LEFT_OUT = re.compile("gps|wgs84|latitude|longitude|altitude|serial|thumbnail|offset$", re.IGNORECASE)
BINARY = re.compile("[\x00-\x08\x0e-\x1f]")
CREATOR_PREFIX = re.compile(
    r"^(?:(?:©|\(c\)|copyright\b(?: by\b)?|(?:ph|f)oto(?:gra(?:ph|f))?(?:er|y|s)?(?: by\b| ?:))"
    r"[\s:]*(?:(?:19|20)\d\d\b[\s,]*)?)+",
    re.IGNORECASE,
)
NAME_AND_AGENCY = re.compile(r"([^/]+)/([^/]+)")
WEB_ADDRESS = re.compile(r"https?://[^\s/]+\S*", re.IGNORECASE)
# 2026-08-22T10:11:12+02:00 in XMP; 20260822 and 101112+0200 in IPTC; 2026:08:22 10:11:12 and +02:00 in EXIF.
MOMENT = re.compile(
    r"(\d{4})[:-]?(\d\d)[:-]?(\d\d)(?:[T ]?(\d\d:?\d\d(?::?\d\d)?)(?:\.\d*)?(Z|[+-]\d\d:?\d\d)?)?", re.ASCII
)


@dataclass(frozen=True, slots=True)
class Metadata:
    caption: str = ""
    creator: str = ""
    credit: str = ""
    copyright_notice: str = ""
    source: str = ""
    instructions: str = ""
    headline: str = ""
    alt: str = ""
    long_description: str = ""
    place: str = ""
    license_url: str = ""
    usage_terms: str = ""
    made_with: MadeWith | str = ""
    keywords: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    taken_at: datetime | None = None
    origins: dict[str, str] = field(default_factory=dict)
    raw: dict[str, Any] = field(default_factory=dict)


def read_metadata(image: Image.Image) -> Metadata:
    """Return what the file of an opened image says; it isn't decoded, and bad metadata counts as none."""
    found = {kind: _cleaned(_found(reader, image)) for kind, reader in READERS.items()}
    fields: dict[str, Any] = {}
    origins: dict[str, str] = {}
    for name, sources in SOURCES.items():
        for kind, paths in zip(KINDS, sources, strict=True):
            values = [text for path in paths.split() for text in _texts(found[kind], path.split("/"))]
            if name not in fields and (value := FORMS.get(name, _line)(values)):
                fields[name], origins[name] = value, kind
    if "creator" in fields and "credit" not in fields:
        matches = [NAME_AND_AGENCY.fullmatch(name) for name in fields["creator"]]
        if agencies := [match[2] for match in matches if match]:
            names = zip(fields["creator"], matches, strict=True)
            fields["creator"] = [match[1] if match else name for name, match in names]
            fields["credit"], origins["credit"] = _joined(agencies), origins["creator"]
    fields["creator"] = _joined(fields.get("creator", []))
    return Metadata(**fields, origins=origins, raw=_bounded(found))


def _found(reader: Callable[[Image.Image], dict[str, Any]], image: Image.Image) -> dict[str, Any]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Pillow warns of each damaged tag.
        try:
            return reader(image)
        except Exception:  # Pillow raises whatever a damaged block leads to. The picture may be whole.
            return {}


def _xmp(image: Image.Image) -> dict[str, Any]:
    return read_xmp(image.info.get("xmp") or image.info.get("XML:com.adobe.xmp", ""))  # The second: a PNG's.


def _iptc(image: Image.Image) -> dict[str, Any]:
    """Return the texts of record 2, which is about the content, named as "2:80"."""
    blocks = getiptcinfo(image) if isinstance(image, JpegImageFile) else None
    found = {key: value if isinstance(value, list) else [value] for key, value in (blocks or {}).items()}
    encoding, errors = ("utf-8", "ignore") if b"\x1b%G" in found.get((1, 90), []) else ("cp1252", "replace")
    texts: dict[str, Any] = {}
    for (record, dataset), values in found.items():
        lines = [value.decode(encoding, errors) for value in values if value]
        if dataset == KEYWORDS:
            lines = [keyword for line in lines for keyword in re.split("[;,]", line)]
        if record == 2 and lines and not any(map(BINARY.search, lines)):
            texts[f"2:{dataset}"] = lines
    return texts


def _exif(image: Image.Image) -> dict[str, Any]:
    """Return texts and numbers. `image.getexif()` would decode a PNG."""
    block = image.info.get("exif", b"")
    exif = Image.Exif()
    exif.load(block if len(block) <= MAX_EXIF else b"")
    found: dict[str, Any] = {}
    for tag, value in [*exif.items(), *exif.get_ifd(ExifTags.IFD.Exif).items()]:
        if isinstance(value, str):  # Pillow took it for Latin-1.
            value = _decoded(value.encode("latin-1", "ignore").replace(b"\0", b" "))
        elif isinstance(value, float | IFDRational):
            value = round(float(value), 6)
        if tag in ExifTags.TAGS and (isinstance(value, str | int) or (isinstance(value, float) and isfinite(value))):
            found[ExifTags.TAGS[tag]] = value
    return found


READERS = dict(zip(KINDS, (_xmp, _iptc, _exif), strict=True))


def _decoded(text: bytes) -> str:
    try:
        return text.decode()
    except UnicodeDecodeError:
        return text.decode("cp1252", "replace")


def _cleaned(value: Any) -> Any:
    """Return clean texts, without what would tell where a picture was taken or with which camera."""
    if isinstance(value, dict):
        return {clean_line(name): _cleaned(inner) for name, inner in value.items() if not LEFT_OUT.search(name)}
    if isinstance(value, list):
        return [_cleaned(item) for item in value]
    return clean_text(value).strip() if isinstance(value, str) else value


def _bounded(found: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """Return the found values that fit into the limit, each whole or not at all."""
    room = MAX_RAW
    raw: dict[str, dict[str, Any]] = {}
    for kind, values in found.items():
        for name, value in values.items():
            size = len(json.dumps({name: value}))
            if size <= room:
                room -= size
                raw.setdefault(kind, {})[name] = value
    return raw


def _texts(value: Any, path: list[str]) -> list[str]:
    if isinstance(value, list):
        return [text for item in value for text in _texts(item, path)]
    if path:
        return _texts(value.get(path[0]), path[1:]) if isinstance(value, dict) else []
    return [value] if value and isinstance(value, str) else []


def _text(values: list[str]) -> str:
    return values[0][:MAX_TEXT].rstrip() if values else ""


def _line(values: list[str]) -> str:
    return clean_line(values[0])[:MAX_LINE].rstrip() if values else ""


def _lines(values: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(None, (_line([value]) for value in values))))[:MAX_LIST]


def _joined(values: list[str]) -> str:
    return _line([", ".join(_lines(values))])


def _creators(values: list[str]) -> list[str]:
    return list(_lines([CREATOR_PREFIX.sub("", clean_line(name)) for value in values for name in value.split(";")]))


def _url(values: list[str]) -> str:
    """Return the first web address. One that is too long is left out, since half an address leads nowhere."""
    return next((url for url in values if len(url) <= MAX_LINE and WEB_ADDRESS.fullmatch(url)), "")


def _made_with(values: list[str]) -> MadeWith | None:
    return MADE_WITH.get(re.split("[/:]", values[0])[-1]) if values else None


def _moment(values: list[str]) -> datetime | None:
    """Return a date with its time, in the site's time zone if it has none; not one that can't be."""
    match = MOMENT.match("".join(values))
    if not match:
        return None
    year, month, day, time, offset = match.groups("")
    try:
        moment = datetime.fromisoformat(f"{year}-{month}-{day}" + (f"T{time}{offset}" if time else ""))
    except ValueError:
        return None
    if timezone.is_naive(moment):
        moment = timezone.make_aware(moment, timezone.get_default_timezone())
    return moment if moment.year >= FIRST_PHOTOGRAPH and moment <= timezone.now() else None


FORMS: dict[str, Callable[[list[str]], Any]] = {
    **dict.fromkeys(("caption", "instructions", "alt", "long_description", "usage_terms"), _text),
    "creator": _creators,
    "place": _joined,
    "license_url": _url,
    "made_with": _made_with,
    "keywords": _lines,
    "people": _lines,
    "taken_at": _moment,
}
