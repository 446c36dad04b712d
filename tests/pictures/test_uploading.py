"""A file becomes a picture, once, or one sentence says why not."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from threading import Barrier
from types import SimpleNamespace
from typing import Any
from unittest import mock

import pytest
from django.db import connections
from django.utils import timezone
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st
from PIL import ExifTags, Image

from articles.accounts.models import User
from articles.errors import Refused
from articles.pictures import preparing, renditions, uploading
from articles.pictures.metadata import MadeWith
from articles.pictures.models import Picture
from articles.pictures.uploading import upload
from tests import factories
from tests.pictures import files
from tests.pictures.samples import encode, gif_of, plain, png_header, telling_exif

FULL = "You’ve reached today’s limit for uploads. Try again tomorrow, or ask the site’s owner."


@pytest.fixture
def photographer(db: None) -> User:
    return factories.make_reader("photographer", permissions=["articles.add_picture"])


def stored(media: Path) -> list[str]:
    return sorted(str(path.relative_to(media)) for path in media.rglob("*") if path.is_file())


def test_a_file_becomes_a_picture_with_its_size_and_its_uploader(photographer: User, media: Path) -> None:
    data = encode(plain(size=(60, 40)))
    picture, is_new = upload(BytesIO(data), "harbour.jpg", by=photographer)
    assert is_new
    picture.refresh_from_db()
    assert (picture.width, picture.height, picture.size) == (60, 40, len(data))
    assert (picture.file_name, picture.uploaded_by, picture.made_with) == ("harbour.jpg", photographer, "photograph")
    assert not picture.is_ready
    assert stored(media) == [picture.original]
    assert (media / picture.original).read_bytes() == data


def test_a_turned_photograph_is_measured_as_readers_see_it(photographer: User) -> None:
    exif = telling_exif(orientation=6).tobytes()
    picture, _ = upload(BytesIO(encode(plain(size=(60, 40)), exif=exif)), "turned.jpg", by=photographer)
    assert (picture.width, picture.height) == (40, 60)


def test_the_same_file_twice_is_one_picture(photographer: User, media: Path) -> None:
    file = factories.picture_file()
    first, _ = upload(file, "harbour.jpg", by=photographer)
    second, is_new = upload(file, "another name.jpg", by=factories.make_reader())
    assert (second, is_new) == (first, False)
    assert second.file_name == "harbour.jpg"
    assert stored(media) == [first.original]


@pytest.mark.django_db(transaction=True)
def test_the_same_file_twice_at_the_same_time_is_one_picture(media: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    photographer, data, both = factories.make_reader(), factories.picture_file().getvalue(), Barrier(2)
    queued: list[int] = []
    monkeypatch.setattr(preparing, "prepare", SimpleNamespace(enqueue=queued.append))
    check = uploading._check_quota

    def meet(by: User, size: int) -> None:
        check(by, size)
        both.wait(20)  # Neither has stored a row by now.

    monkeypatch.setattr(uploading, "_check_quota", meet)

    def send(_number: int) -> tuple[int, bool]:
        try:
            picture, is_new = upload(BytesIO(data), "harbour.jpg", by=photographer)
            return picture.pk, is_new
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as threads:
        results = list(threads.map(send, range(2)))
    picture = Picture.objects.get()
    assert sorted(results) == [(picture.pk, False), (picture.pk, True)]
    assert stored(media) == [picture.original]
    assert queued == [picture.pk]


def test_a_person_can_upload_only_so_many_pictures_a_day(photographer: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploading, "MAX_PICTURES_A_DAY", 2)
    first, second, third = (factories.picture_file() for _ in range(3))
    upload(first, "1.jpg", by=photographer)
    upload(second, "2.jpg", by=photographer)
    with pytest.raises(Refused) as refused:
        upload(third, "3.jpg", by=photographer)
    assert refused.value.reason == FULL
    upload(third, "3.jpg", by=factories.make_reader())  # Another person's day.
    assert upload(first, "1.jpg", by=photographer)[1] is False  # It takes no room.
    Picture.objects.update(uploaded_at=timezone.now() - timedelta(days=1, minutes=1))
    assert upload(factories.picture_file(), "4.jpg", by=photographer)[1]


def test_a_person_can_upload_only_so_many_bytes_a_day(
    photographer: User, monkeypatch: pytest.MonkeyPatch, media: Path
) -> None:
    file = factories.picture_file()
    monkeypatch.setattr(uploading, "MAX_BYTES_A_DAY", len(file.getvalue()) + 10)
    upload(file, "1.jpg", by=photographer)
    with pytest.raises(Refused) as refused:
        upload(factories.picture_file(), "2.jpg", by=photographer)
    assert refused.value.reason == FULL
    assert len(stored(media)) == 1


def test_what_the_file_says_is_a_guess_that_names_its_source(photographer: User) -> None:
    data = files.picture_data(
        xmp=files.alternatives("dc:description", x_default="Boats at noon.")
        + "<photoshop:Credit>Agency</photoshop:Credit>",
        iptc=[files.UTF8_MARK, (2, 80, b"Jane Roe"), (2, 25, b"harbour"), (2, 25, b"boats")],
        exif={ExifTags.Base.Copyright: "Jane Roe 2026"},
    )
    picture, _ = upload(BytesIO(data), "noon.jpg", by=photographer)
    picture.refresh_from_db()
    assert (picture.caption, picture.creator, picture.credit) == ("Boats at noon.", "Jane Roe", "Agency")
    assert (picture.copyright_notice, picture.keywords) == ("Jane Roe 2026", ["harbour", "boats"])
    assert picture.credit_line == "Jane Roe/Agency"
    assert picture.origins == {
        "caption": "XMP", "credit": "XMP", "creator": "IPTC", "keywords": "IPTC", "copyright_notice": "EXIF",
    }  # fmt: skip
    assert picture.alt == ""  # A caption is no alt text.


def test_the_longest_texts_that_are_read_from_a_file_fit_their_columns(photographer: User) -> None:
    long = "harbour " * 400
    texts = [f"<{name}>{long}</{name}>" for name in ("photoshop:Credit", "photoshop:Source", "photoshop:City")]
    texts += [f"<xmpRights:WebStatement>https://press.example/{'x' * 220}</xmpRights:WebStatement>"]
    texts += [
        files.alternatives(name, x_default=long) for name in ("dc:description", "dc:rights", "xmpRights:UsageTerms")
    ]
    data = files.picture_data(xmp="".join(texts), iptc=[files.UTF8_MARK, (2, 80, long.encode())])
    picture, _ = upload(BytesIO(data), "long.jpg", by=photographer)
    picture.full_clean()  # PostgreSQL refuses a longer text when it is saved, SQLite doesn't.
    assert min(len(picture.creator), len(picture.credit), len(picture.source), len(picture.place)) > 200


def test_a_generated_picture_is_known_as_one(photographer: User) -> None:
    address = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"
    data = files.picture_data(xmp=f"<Iptc4xmpExt:DigitalSourceType>{address}</Iptc4xmpExt:DigitalSourceType>")
    picture, _ = upload(BytesIO(data), "dream.jpg", by=photographer)
    assert picture.made_with == MadeWith.GENERATED


@pytest.mark.parametrize(
    ("sent", "known_as"),
    [
        ("C:\\Users\\jane\\harbour.jpg", "harbour.jpg"),
        ("../../etc/harbour.jpg", "harbour.jpg"),
        ("har\x00bo\x1bur\r\n.jpg", "harbour .jpg"),
        ("harbour\u202egpj.exe", "harbourgpj.exe"),
        ("x" * 300 + ".jpg", "x" * 196 + ".jpg"),
        ("\x00", "Untitled"),
        ("/", "Untitled"),
    ],
)
def test_a_hostile_name_is_only_a_label(photographer: User, media: Path, sent: str, known_as: str) -> None:
    picture, _ = upload(factories.picture_file(), sent, by=photographer)
    picture.refresh_from_db()
    assert picture.file_name == known_as
    assert stored(media) == [picture.original]
    assert picture.original.startswith("originals/")
    assert picture.original.endswith(".jpg")


WHOLE = [encode(plain(), kind) for kind in ("JPEG", "PNG", "GIF", "WEBP", "AVIF")]
STARTS = [
    *WHOLE,
    png_header(12_000, 12_000),
    gif_of(3),
    b"%!PS-Adobe-3.0 EPSF-3.0\n",
    b"<svg xmlns='http://www.w3.org/2000/svg'/>",
]


@st.composite
def any_file(draw: st.DrawFn) -> bytes:
    """Any bytes; or a picture with some of its bytes changed, cut off or appended."""
    data = bytearray(draw(st.sampled_from(STARTS)))
    match draw(st.sampled_from(["random", "changed", "cut", "longer"])):
        case "random":
            return draw(st.binary(max_size=400))
        case "cut":
            return bytes(data[: draw(st.integers(0, len(data)))])
        case "longer":
            return bytes(data) + draw(st.binary(max_size=200))
    for _ in range(draw(st.integers(1, 12))):
        data[draw(st.integers(0, len(data) - 1))] = draw(st.integers(0, 255))
    return bytes(data)


@examples(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(data=any_file())
def test_any_bytes_end_as_a_picture_or_as_one_sentence(photographer: User, data: bytes) -> None:
    """A picture whose header is whole may still prove damaged in the worker: then that is noted at it."""
    reason = ""
    try:
        picture, _ = upload(BytesIO(data), "file.jpg", by=photographer)
        preparing.prepare.call(picture.pk)
        picture.refresh_from_db()
        reason = picture.failure
    except Refused as refused:
        reason = refused.reason
    assert "“file.jpg”" in reason or picture.is_ready


@st.composite
def located_file(draw: st.DrawFn) -> bytes:
    """A picture that says in EXIF, and in XMP where the format has it, where it was taken."""
    degrees, seconds = draw(st.integers(0, 89)), draw(st.floats(0, 59, allow_nan=False))
    exif: dict[int, Any] = {
        ExifTags.Base.Artist: "Jane Roe",
        ExifTags.Base.Orientation: draw(st.integers(1, 8)),
        ExifTags.IFD.GPSInfo: {
            ExifTags.GPS.GPSLatitudeRef: draw(st.sampled_from("NS")),
            ExifTags.GPS.GPSLatitude: (float(degrees), 30.0, seconds),
            ExifTags.GPS.GPSAreaInformation: draw(st.binary(max_size=20)),
        },
    }
    xmp = files.values("dc:creator", "Jane Roe", container="Seq")
    xmp += f"<exif:GPSLatitude>{degrees},30.7N</exif:GPSLatitude>"
    kind = draw(st.sampled_from(["JPEG", "PNG", "WEBP", "AVIF"]))
    return files.picture_data(kind, xmp=xmp, exif=exif, size=draw(st.sampled_from([(8, 8), (60, 40), (40, 60)])))


@examples(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(data=located_file())
def test_renditions_never_tell_where_a_picture_was_taken(photographer: User, media: Path, data: bytes) -> None:
    with Image.open(BytesIO(data)) as original:
        assert original.getexif().get_ifd(ExifTags.IFD.GPSInfo)
    with mock.patch.object(renditions, "XMP_WIDTH", 0):  # All of them carry what is said of rights.
        picture, _ = upload(BytesIO(data), "file.jpg", by=photographer)
        preparing.prepare.call(picture.pk)
    picture.refresh_from_db()
    found = list((media / "renditions" / picture.folder).iterdir())
    assert found
    for file in found:
        with Image.open(file) as image:
            image.load()
            assert "exif" not in image.info and not image.getexif().get_ifd(ExifTags.IFD.GPSInfo)
            assert b"Jane Roe" in image.info["xmp"] and b"GPS" not in image.info["xmp"]
