import json
from datetime import UTC, datetime, timedelta, timezone
from io import BytesIO
from struct import pack
from typing import Any

import pytest
from django.utils import timezone as site_timezone
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from PIL.ExifTags import IFD, Base
from PIL.PngImagePlugin import PngInfo

from articles.pictures.metadata import MAX_LINE, MAX_RAW, MAX_TEXT, MadeWith, Metadata, read_metadata
from tests.pictures.files import UTF8_MARK, alternatives, packet_with, picture, values

CAMERA: dict[int, Any] = {
    Base.ImageDescription: "From EXIF",
    Base.Artist: "Jane Exif",
    Base.Copyright: "© Exif".encode(),
}


def test_a_file_without_metadata_says_nothing() -> None:
    assert read_metadata(picture()) == Metadata()


def test_iptc_alone_fills_what_a_picture_desk_needs() -> None:
    found = read_metadata(
        picture(
            iptc=[
                UTF8_MARK,
                (2, 120, "Boats off Wexmouth at dawn – all of them.\r\nSecond line.".encode()),
                (2, 80, b"Jane Roe"),
                (2, 110, b"Harbour Press"),
                (2, 116, "© 2026 Harbour Press".encode()),
                (2, 115, b"Harbour Archive"),
                (2, 40, b"Embargo: Friday"),
                (2, 105, b"Dawn"),
                (2, 92, b"Old Harbour"),
                (2, 90, b"Wexmouth"),
                (2, 101, b"Norland"),
                (2, 25, b"boats; dawn,harbour"),
                (2, 25, b"boats"),
                (2, 55, b"20240822"),
                (2, 60, b"101112+0200"),
            ]
        )
    )
    assert found.caption == "Boats off Wexmouth at dawn – all of them.\nSecond line."
    assert (found.creator, found.credit, found.copyright_notice) == (
        "Jane Roe",
        "Harbour Press",
        "© 2026 Harbour Press",
    )
    assert (found.source, found.instructions, found.headline) == ("Harbour Archive", "Embargo: Friday", "Dawn")
    assert found.place == "Old Harbour, Wexmouth, Norland"
    assert found.keywords == ("boats", "dawn", "harbour")
    assert found.taken_at == datetime(2024, 8, 22, 10, 11, 12, tzinfo=timezone(timedelta(hours=2)))
    assert set(found.origins.values()) == {"IPTC"}
    assert "alt" not in found.origins and found.alt == ""
    assert found.raw["IPTC"]["2:80"] == ["Jane Roe"]


def test_xmp_alone_fills_everything() -> None:
    found = read_metadata(
        picture(
            xmp=alternatives("dc:description", x_default="Boats")
            + values("dc:creator", "Jane Roe", "John Doe", container="Seq")
            + alternatives("dc:rights", x_default="© Press")
            + values("dc:subject", "boats", "dawn, early")
            + values("Iptc4xmpExt:PersonInImage", "Ann Poe")
            + alternatives("Iptc4xmpCore:AltTextAccessibility", x_default="Six boats in fog")
            + alternatives("Iptc4xmpCore:ExtDescrAccessibility", x_default="Six boats, one red")
            + alternatives("xmpRights:UsageTerms", x_default="Editorial only")
            + "<xmpRights:WebStatement>https://press.example/licence</xmpRights:WebStatement>"
            "<Iptc4xmpCore:Location>Old Harbour</Iptc4xmpCore:Location><photoshop:City>Wexmouth</photoshop:City>"
            "<photoshop:DateCreated>2024-08-22T10:11:12Z</photoshop:DateCreated>"
        )
    )
    assert (found.caption, found.creator, found.copyright_notice) == ("Boats", "Jane Roe, John Doe", "© Press")
    assert (found.keywords, found.people) == (("boats", "dawn, early"), ("Ann Poe",))
    assert (found.alt, found.long_description) == ("Six boats in fog", "Six boats, one red")
    assert (found.usage_terms, found.license_url) == ("Editorial only", "https://press.example/licence")
    assert (found.place, found.taken_at) == ("Old Harbour, Wexmouth", datetime(2024, 8, 22, 10, 11, 12, tzinfo=UTC))
    assert set(found.origins.values()) == {"XMP"}


def test_xmp_is_trusted_before_iptc_and_iptc_before_exif() -> None:
    found = read_metadata(
        picture(
            xmp=alternatives("dc:description", x_default="From XMP") + values("dc:creator", " "),
            iptc=[(2, 120, b"From IPTC"), (2, 80, b"Jane Iptc")],
            exif=CAMERA,
        )
    )
    assert (found.caption, found.creator, found.copyright_notice) == ("From XMP", "Jane Iptc", "© Exif")
    assert found.origins == {"caption": "XMP", "creator": "IPTC", "copyright_notice": "EXIF"}
    assert found.raw["IPTC"]["2:120"] == ["From IPTC"]
    assert found.raw["EXIF"]["ImageDescription"] == "From EXIF"


@pytest.mark.parametrize("kind", ["JPEG", "WEBP", "AVIF"])
def test_xmp_and_exif_are_read_from_each_format(kind: str) -> None:
    found = read_metadata(picture(kind, xmp=alternatives("dc:description", x_default="Boats"), exif=CAMERA))
    assert (found.caption, found.creator) == ("Boats", "Jane Exif")


def test_a_png_keeps_them_elsewhere_and_isn_t_decoded() -> None:
    texts, file = PngInfo(), BytesIO()
    texts.add_itxt("XML:com.adobe.xmp", packet_with(alternatives("dc:description", x_default="Boats – dawn")).decode())
    exif = Image.Exif()
    exif[Base.Artist] = "Jane Exif"
    Image.new("RGB", (8, 8)).save(file, "PNG", pnginfo=texts, exif=exif)
    image = Image.open(file)
    found = read_metadata(image)
    assert (found.caption, found.creator) == ("Boats – dawn", "Jane Exif")
    assert image._im is None  # Its pixels.


@pytest.mark.parametrize(
    ("mark", "text", "expected"),
    [
        ([UTF8_MARK], "Café – Łódź".encode(), "Café – Łódź"),
        ([UTF8_MARK], "Café".encode()[:-1], "Caf"),
        ([], "Café – “dawn”".encode("cp1252"), "Café – “dawn”"),
        ([(1, 90, b"\x1b.A")], "Café".encode("cp1252"), "Café"),
    ],
    ids=["UTF-8", "UTF-8 cut within a letter", "no charset", "another charset"],
)
def test_iptc_is_read_in_its_charset(mark: list[tuple[int, int, bytes]], text: bytes, expected: str) -> None:
    assert read_metadata(picture(iptc=[*mark, (2, 120, text)])).caption == expected


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252"])
def test_exif_is_read_as_utf_8_or_else_as_windows_text(encoding: str) -> None:
    assert read_metadata(picture(exif={Base.Artist: "José “Pepe” Roe".encode(encoding)})).creator == "José “Pepe” Roe"


@pytest.mark.parametrize(
    ("bylines", "creator", "credit"),
    [
        (["Jane Roe"], "Jane Roe", ""),
        (["Jane Roe", "John Doe", "Jane Roe"], "Jane Roe, John Doe", ""),
        (["Jane Roe; John Doe"], "Jane Roe, John Doe", ""),
        (["© Jane Roe"], "Jane Roe", ""),
        (["Copyright 2024, Jane Roe"], "Jane Roe", ""),
        (["(c) 2024 Photo by Jane Roe"], "Jane Roe", ""),
        (["Photograph: Jane Roe"], "Jane Roe", ""),
        (["Photographer: Jane Roe"], "Jane Roe", ""),
        (["Photo Agency Wexmouth"], "Photo Agency Wexmouth", ""),
        (["Jane Roe/Agency"], "Jane Roe", "Agency"),
        (["Photograph: Jane Roe / Agency", "John Doe/Agency"], "Jane Roe, John Doe", "Agency"),
        (["https://janeroe.example/"], "https://janeroe.example/", ""),
        (["/Agency"], "/Agency", ""),
        (["©"], "", ""),
    ],
)
def test_a_byline_becomes_a_creator_and_a_credit(bylines: list[str], creator: str, credit: str) -> None:
    found = read_metadata(picture(iptc=[UTF8_MARK, *((2, 80, byline.encode()) for byline in bylines)]))
    assert (found.creator, found.credit) == (creator, credit)
    assert found.origins == {name: "IPTC" for name in ("creator", "credit") if getattr(found, name)}


def test_a_credit_of_the_file_is_kept() -> None:
    found = read_metadata(
        picture(iptc=[(2, 80, b"Jane Roe/Agency")], xmp="<photoshop:Credit>Harbour Press</photoshop:Credit>")
    )
    assert (found.creator, found.credit) == ("Jane Roe/Agency", "Harbour Press")


def local(text: str) -> datetime:
    return site_timezone.make_aware(datetime.fromisoformat(text), site_timezone.get_default_timezone())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2024-08-22T10:11:12+02:00", datetime(2024, 8, 22, 8, 11, 12, tzinfo=UTC)),
        ("2024-08-22T10:11:12.5-0200", datetime(2024, 8, 22, 12, 11, 12, tzinfo=UTC)),
        ("2024-08-22T10:11Z", datetime(2024, 8, 22, 10, 11, tzinfo=UTC)),
        ("2024-08-22T10:11:12", local("2024-08-22T10:11:12")),
        ("2024-08-22", local("2024-08-22")),
        ("2024:08:22 10:11:12", local("2024-08-22T10:11:12")),
        ("2024-08", None),
        ("2024-02-30", None),
        ("0000:00:00 00:00:00", None),
        ("0001-01-01T00:00:00+14:00", None),
        ("9999-12-31T23:59:59-14:00", None),
        ("soon", None),
    ],
)
def test_a_date_is_read_in_its_layout(text: str, expected: datetime | None) -> None:
    found = read_metadata(picture(xmp=f"<photoshop:DateCreated>{text}</photoshop:DateCreated>"))
    assert found.taken_at == expected


@pytest.mark.parametrize(
    ("iptc", "exif", "expected", "origin"),
    [
        ([(2, 55, b"20240822")], {}, local("2024-08-22"), "IPTC"),
        (
            [(2, 55, b"20240800")],
            {Base.DateTimeOriginal: "2024:08:22 10:11:12"},
            local("2024-08-22T10:11:12"),
            "EXIF",
        ),
        (
            [(2, 60, b"101112+0200")],
            {Base.DateTimeOriginal: "2024:08:22 10:11:12", Base.OffsetTimeOriginal: "+02:00"},
            datetime(2024, 8, 22, 8, 11, 12, tzinfo=UTC),
            "EXIF",
        ),
    ],
)
def test_a_date_in_the_future_gives_way_to_the_next(
    iptc: list[tuple[int, int, bytes]], exif: dict[int, Any], expected: datetime, origin: str
) -> None:
    tomorrow = site_timezone.now() + timedelta(days=1)
    xmp = f"<photoshop:DateCreated>{tomorrow.isoformat()}</photoshop:DateCreated>"
    found = read_metadata(picture(xmp=xmp, iptc=iptc, exif=exif))
    assert (found.taken_at, found.origins["taken_at"]) == (expected, origin)


@pytest.mark.parametrize(
    ("source_type", "expected"),
    [
        ("http://cv.iptc.org/newscodes/digitalsourcetype/digitalCapture", MadeWith.PHOTOGRAPH),
        ("https://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia", MadeWith.GENERATED),
        ("digsrctype:compositeWithTrainedAlgorithmicMedia", MadeWith.GENERATED),
        ("compositeCapture", MadeWith.COMPOSITE),
        ("http://cv.iptc.org/newscodes/digitalsourcetype/digitalCreation", MadeWith.ILLUSTRATION),
        ("http://cv.iptc.org/newscodes/digitalsourcetype/screenCapture", ""),
    ],
)
def test_how_a_picture_was_made_is_read_from_its_source_type(source_type: str, expected: str) -> None:
    attribute = f'Iptc4xmpExt:DigitalSourceType="{source_type}"'
    assert read_metadata(picture(xmp=packet_with("", attribute))).made_with == expected


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("https://press.example/licence", "https://press.example/licence"),
        ("", "https://licensor.example/"),
        ("javascript:alert(1)", "https://licensor.example/"),
        ("All rights reserved", "https://licensor.example/"),
        ("https://press.example/" + "x" * MAX_LINE, "https://licensor.example/"),
    ],
)
def test_a_licence_page_is_a_web_address(statement: str, expected: str) -> None:
    licensor = (
        '<plus:Licensor><rdf:Seq><rdf:li plus:LicensorURL="https://licensor.example/"/></rdf:Seq></plus:Licensor>'
    )
    found = read_metadata(picture(xmp=f"<xmpRights:WebStatement>{statement}</xmpRights:WebStatement>{licensor}"))
    assert found.license_url == expected


def test_texts_are_cleaned_and_not_longer_than_we_store() -> None:
    found = read_metadata(
        picture(
            xmp=alternatives("dc:description", x_default="\u202eBoats\n\nat dawn " + "x" * 9_000)
            + f"<photoshop:Headline>Dawn\n in  the {'x' * 900}</photoshop:Headline>"
            + values("dc:subject", *(f"keyword {number}" for number in range(900)))
        )
    )
    assert found.caption.startswith("Boats\n\nat dawn xxx") and len(found.caption) == MAX_TEXT
    assert found.headline.startswith("Dawn in the xxx") and len(found.headline) == MAX_LINE
    assert len(found.keywords) == 100


def test_neither_coordinates_nor_serial_numbers_nor_thumbnails_are_kept() -> None:
    image = picture(
        xmp="<exif:GPSLatitude>54,30.7N</exif:GPSLatitude><aux:SerialNumber>S-4711</aux:SerialNumber>"
        '<Iptc4xmpExt:LocationCreated><rdf:Bag><rdf:li Iptc4xmpExt:City="Wexmouth" exif:GPSLongitude="7,12.7E"/>'
        "</rdf:Bag></Iptc4xmpExt:LocationCreated><xmp:Thumbnails><rdf:Alt><rdf:li>/9j/4AAQ</rdf:li></rdf:Alt>"
        "</xmp:Thumbnails>",
        iptc=[(2, 202, b"\x00\x01preview"), (2, 90, b"Wexmouth")],
        exif={
            Base.Make: "Maker",
            Base.BodySerialNumber: "S-4711",
            Base.MakerNote: b"S-4711",
            Base.ExposureTime: 0.005,
            IFD.GPSInfo: {1: "N", 2: (54.0, 30.7, 0.0)},
        },
    )
    assert read_metadata(image).raw == {
        "XMP": {"Iptc4xmpExt:LocationCreated": [{"Iptc4xmpExt:City": "Wexmouth"}]},
        "IPTC": {"2:90": ["Wexmouth"]},
        "EXIF": {"Make": "Maker", "ExposureTime": 0.005},
    }


def test_raw_metadata_is_bounded_and_a_long_history_doesn_t_crowd_out_the_rest() -> None:
    xmp = values("photoshop:DocumentAncestors", *("uuid" * 9 for _ in range(1_500))) * 5
    found = read_metadata(picture("WEBP", xmp=xmp + "<photoshop:City>Wexmouth</photoshop:City>", exif=CAMERA))
    assert len(json.dumps(found.raw)) <= MAX_RAW * 1.1
    assert found.raw["XMP"]["photoshop:City"] == "Wexmouth"
    assert found.raw["EXIF"]["Artist"] == "Jane Exif"


@given(st.binary(max_size=500), st.binary(max_size=500), st.binary(max_size=500))
def test_any_bytes_as_metadata_are_read_without_an_error(xmp: bytes, iptc: bytes, exif: bytes) -> None:
    image = picture(iptc=iptc)
    image.info |= {"xmp": xmp, "exif": exif}
    found = read_metadata(image)
    json.dumps(found.raw, allow_nan=False)


ENTRY = st.tuples(
    st.sampled_from([270, 315, 33432, 34665, 34853, 33434, 36867, 36881, 256]),
    st.integers(0, 14),
    st.sampled_from([0, 1, 2, 8, 20, 2**32 - 1]),
    st.integers(0, 2**32 - 1) | st.integers(0, 100),
)


@given(
    st.lists(ENTRY, max_size=6),
    st.binary(max_size=100),
    st.lists(st.tuples(st.integers(0, 255), st.binary(max_size=9))),
)
def test_any_exif_and_iptc_of_the_right_form_are_read_without_an_error(
    entries: list[tuple[int, int, int, int]], rest: bytes, datasets: list[tuple[int, bytes]]
) -> None:
    directory = pack("<H", len(entries)) + b"".join(pack("<HHII", *entry) for entry in entries) + bytes(4)
    image = picture(iptc=[(2, dataset, value) for dataset, value in datasets])
    image.info["exif"] = b"Exif\0\0II*\0\x08\0\0\0" + directory + rest
    json.dumps(read_metadata(image).raw, allow_nan=False)
