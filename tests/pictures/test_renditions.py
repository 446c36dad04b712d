"""Renditions: every crop and width that readers get, and nothing of the file but its pixels."""

import struct
from collections.abc import Iterator
from io import BytesIO
from typing import Any
from unittest import mock

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from PIL import Image, PngImagePlugin

from articles.errors import Refused
from articles.pictures import file_validation, renditions
from articles.pictures.file_validation import open_picture, size_of
from articles.pictures.renditions import (
    COLOURS,
    CROPS,
    WIDTHS,
    Rendition,
    colour_class,
    crop_box,
    make_renditions,
    mean_colour,
    widths_for,
)
from tests.pictures.samples import (
    BLUE,
    GREEN,
    PLACE,
    RED,
    SERIAL,
    YELLOW,
    display_p3,
    encode,
    gif_of,
    plain,
    png_header,
    quarters,
    telling_exif,
)

NAME = "harbour.jpg"
XMP = b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><!-- Jane Roe / Agency --></x:xmpmeta>'
WHITE = (255, 255, 255)
sides = st.integers(1, 20_000)
fractions = st.floats(0, 1)


def made(data: bytes, focal: tuple[float, float] = (0.5, 0.5)) -> list[Rendition]:
    with open_picture(BytesIO(data), NAME) as image:
        return list(make_renditions(image, NAME, focal, XMP))


def original(data: bytes) -> Image.Image:
    """The JPEG of the uncropped picture, in its smallest width."""
    found = next(each for each in made(data) if (each.crop, each.format) == ("original", "jpeg"))
    return Image.open(BytesIO(found.data)).convert("RGB")


def near(image: Image.Image, place: tuple[int, int], colour: tuple[int, int, int], by: int = 12) -> bool:
    pixel = image.getpixel(place)
    assert isinstance(pixel, tuple)
    return all(abs(a - b) <= by for a, b in zip(pixel, colour, strict=True))


# Which crops, which sizes


def test_a_large_picture_gets_every_crop_in_every_width(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(renditions.ENCODING, "avif")  # Which takes ten times as long.
    found = made(encode(quarters(2000, 1500)))
    sizes = {crop: [(each.width, each.height) for each in found if each.crop == crop] for crop in CROPS}
    assert sizes == {
        "original": [(320, 240), (480, 360), (640, 480), (800, 600), (960, 720), (1280, 960), (1920, 1440)],
        "landscape": [(320, 213), (480, 320), (640, 427), (800, 533), (960, 640), (1280, 853), (1920, 1280)],
        "wide": [(320, 180), (480, 270), (640, 360), (800, 450), (960, 540), (1280, 720), (1920, 1080)],
        "square": [(320, 320), (480, 480), (640, 640)],
        "tall": [(320, 400), (480, 600), (640, 800), (800, 1000), (960, 1200)],
    }
    for each in found:
        with Image.open(BytesIO(each.data)) as image:
            assert image.size == (each.width, each.height)
        assert (XMP in each.data) == (each.width >= 960)


def test_each_size_is_made_as_avif_and_as_jpeg() -> None:
    found = made(encode(quarters()))
    for each in found:
        with Image.open(BytesIO(each.data)) as image:
            assert (image.format, image.size) == (each.format.upper(), (each.width, each.height))
    assert sorted((each.crop, each.format) for each in found) == sorted(
        (crop, format_) for crop in CROPS for format_ in ("avif", "jpeg")
    )


def test_a_picture_smaller_than_the_smallest_width_keeps_its_own() -> None:
    sizes = {each.crop: (each.width, each.height) for each in made(encode(plain(size=(100, 50))))}
    assert sizes == {
        "original": (100, 50),
        "landscape": (75, 50),
        "wide": (89, 50),
        "square": (50, 50),
        "tall": (40, 50),
    }
    assert {(each.width, each.height) for each in made(encode(plain(size=(1, 1))))} == {(1, 1)}


def test_crops_that_are_the_same_are_encoded_once() -> None:
    found = made(encode(plain(size=(60, 40))))
    whole, landscape = (next(each for each in found if each.crop == crop) for crop in ("original", "landscape"))
    assert whole.data is landscape.data


@given(st.integers(1, 20_000))
def test_a_crop_is_never_enlarged(crop_width: int) -> None:
    widths = widths_for(crop_width)
    assert max(widths) <= crop_width
    assert widths == ([crop_width] if crop_width < 320 else [width for width in WIDTHS if width <= crop_width])
    assert widths_for(crop_width, 640) == [width for width in widths if width <= 640]


@given(sides, sides, st.sampled_from(list(CROPS.values())), st.tuples(fractions, fractions))
def test_a_crop_is_as_large_as_its_ratio_allows_and_holds_the_focal_point(
    width: int, height: int, ratio: float | None, focal: tuple[float, float]
) -> None:
    left, top, right, bottom = crop_box(width, height, ratio, focal)
    assert 0 <= left < right <= width and 0 <= top < bottom <= height
    assert left <= focal[0] * width <= right and top <= focal[1] * height <= bottom
    assert right - left == width or bottom - top == height
    if ratio is None:
        assert (left, top, right, bottom) == (0, 0, width, height)
    else:
        widest, highest = max(1, round((bottom - top) * ratio)), max(1, round((right - left) / ratio))
        assert right - left == widest or bottom - top == highest


def test_a_crop_is_centred_on_the_focal_point_until_an_edge_stops_it() -> None:
    assert crop_box(1000, 500, 1.0, (0.5, 0.5)) == (250, 0, 750, 500)
    assert crop_box(1000, 500, 1.0, (0.6, 0.0)) == (350, 0, 850, 500)
    assert crop_box(1000, 500, 1.0, (0.9, 1.0)) == (500, 0, 1000, 500)
    assert crop_box(500, 1000, 1.0, (0.5, 0.1)) == (0, 0, 500, 500)


def test_the_crop_shows_the_part_with_the_focal_point() -> None:
    for focal, colour in [((0.1, 0.1), RED), ((0.9, 0.9), YELLOW)]:
        found = next(each for each in made(encode(quarters(100, 40)), focal) if each.crop == "tall")
        assert near(Image.open(BytesIO(found.data)).convert("RGB"), (16, 8 if colour == RED else 32), colour)


@pytest.mark.parametrize("size", [(3840, 90), (90, 3840), (7000, 2), (2, 7000)])
def test_long_and_narrow_pictures_keep_their_ratio(size: tuple[int, int]) -> None:
    for each in made(encode(plain(size=size))):
        ratio = CROPS[each.crop] or size[0] / size[1]
        assert each.height == max(1, round(each.width / ratio)) or each.height == size[1]
        assert each.width <= size[0] and each.height <= size[1]


# Colours, and the right way up


@pytest.mark.parametrize("format_", ["JPEG", "PNG", "WEBP", "AVIF"])
@pytest.mark.parametrize(
    ("orientation", "corners"),
    [
        (1, [RED, GREEN, BLUE, YELLOW]),
        (2, [GREEN, RED, YELLOW, BLUE]),
        (3, [YELLOW, BLUE, GREEN, RED]),
        (4, [BLUE, YELLOW, RED, GREEN]),
        (5, [RED, BLUE, GREEN, YELLOW]),
        (6, [BLUE, RED, YELLOW, GREEN]),
        (7, [YELLOW, GREEN, BLUE, RED]),
        (8, [GREEN, YELLOW, RED, BLUE]),
    ],
)
def test_a_picture_is_turned_upright(format_: str, orientation: int, corners: list[tuple[int, int, int]]) -> None:
    data = encode(quarters(), format_, quality=90, exif=telling_exif(orientation))
    image = original(data)
    with open_picture(BytesIO(data), NAME) as opened:
        assert image.size == size_of(opened)
    right, bottom = image.width - 6, image.height - 6
    places = [(5, 5), (right, 5), (5, bottom), (right, bottom)]
    assert all(near(image, place, colour) for place, colour in zip(places, corners, strict=True))


def test_a_picture_that_is_reduced_before_it_is_cropped_shows_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(renditions, "WIDTHS", (320,))
    for data in (encode(quarters(1300, 800), quality=90), encode(quarters(3000, 1600), "PNG")):
        image = original(data)
        places = [(40, 40), (280, 40), (40, image.height - 20), (280, image.height - 20)]
        assert all(near(image, p, c) for p, c in zip(places, [RED, GREEN, BLUE, YELLOW], strict=True))


@pytest.mark.parametrize(
    ("data", "colour"),
    [
        (encode(plain("CMYK", colour=(0, 255, 255, 0))), (255, 0, 0)),
        (encode(plain("CMYK", colour=(0, 255, 255, 0)), icc_profile=display_p3()), (255, 0, 0)),
        (encode(plain(colour=(200, 100, 80)), icc_profile=b"no profile"), (200, 100, 80)),
        (encode(plain("L", colour=90), icc_profile=display_p3()), (90, 90, 90)),
        (encode(plain("I;16", colour=0x8000), "PNG"), (128, 128, 128)),
        (encode(plain("1", colour=1), "PNG"), WHITE),
        (encode(plain("LA", colour=(0, 0)), "PNG"), WHITE),
        (encode(plain("LA", colour=(0, 128)), "PNG"), (127, 127, 127)),
        (encode(plain("RGBA", colour=(255, 0, 0, 0)), "PNG"), WHITE),
        (encode(plain("RGBA", colour=(0, 0, 0, 0)), "WEBP"), WHITE),
        (encode(plain("RGBA", colour=(0, 0, 0, 0)), "AVIF"), WHITE),
        (encode(plain("RGB", colour=(9, 9, 9)), "PNG", transparency=(9, 9, 9)), WHITE),
        (encode(plain("P", colour=0), "PNG", transparency=0), WHITE),
        (encode(plain("P", colour=0), "PNG", transparency=bytes([0])), WHITE),
        (encode(plain("P", colour=0), "GIF", transparency=0), WHITE),
    ],
    ids=(
        "CMYK|CMYK with a wrong profile|broken profile|grey with a wrong profile|16 bits|1 bit|grey, clear|grey, half"
        "|RGBA|WebP|AVIF|RGB with one clear colour|palette|palette with alphas|GIF"
    ).split("|"),
)
def test_every_kind_of_pixels_becomes_srgb_on_white(data: bytes, colour: tuple[int, int, int]) -> None:
    assert near(original(data), (30, 20), colour, by=3)


@pytest.mark.parametrize("format_", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_colours_of_display_p3_become_those_of_srgb(format_: str) -> None:
    image = original(encode(plain(colour=(200, 100, 80)), format_, quality=95, icc_profile=display_p3()))
    assert near(image, (30, 20), (216, 93, 72), by=3)


@pytest.mark.parametrize("format_", ["GIF", "WEBP", "AVIF", "PNG"])
def test_an_animation_shows_its_first_frame(format_: str) -> None:
    data = encode(plain(colour=RED), format_, save_all=True, append_images=[plain(colour=BLUE), plain(colour=GREEN)])
    assert near(original(data), (30, 20), RED)


def test_a_phones_jpeg_shows_its_first_picture() -> None:
    data = encode(quarters(), "MPO", save_all=True, append_images=[plain(colour=WHITE)])
    assert near(original(data), (5, 5), RED)


# What readers must not get


def segments(data: bytes) -> Iterator[tuple[int, bytes]]:
    """The markers of a JPEG before its pixels, with what they hold."""
    at = 2
    while data[at + 1] != 0xDA:
        (length,) = struct.unpack(">H", data[at + 2 : at + 4])
        yield data[at + 1], data[at + 4 : at + 2 + length]
        at += 2 + length


def telling_files() -> dict[str, bytes]:
    image, exif, size = plain(), telling_exif(6), (960, 640)
    text = PngImagePlugin.PngInfo()
    text.add_text("Comment", f"<script>{PLACE}</script>")
    everything: dict[str, Any] = {"exif": exif, "icc_profile": display_p3(), "xmp": f"<x>{SERIAL}</x>".encode()}
    script = b"<script>alert(1)</script>"
    jpeg = encode(image.resize(size), comment=script, **everything)
    return {
        "JPEG": jpeg + script,
        "PNG": encode(image.resize(size), "PNG", pnginfo=text, exif=exif, icc_profile=display_p3()) + script,
        "WEBP": encode(image.resize(size), "WEBP", **everything),
        "AVIF": encode(image.resize(size), "AVIF", speed=10, **everything),
        "GIF": encode(image, "GIF", comment=script) + script,
    }


@pytest.mark.parametrize(("format_", "data"), telling_files().items())
def test_renditions_carry_nothing_of_the_file_but_its_pixels(
    format_: str, data: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(renditions, "CROPS", {"original": None, "square": 1.0})
    assert any(secret in data for secret in (SERIAL.encode(), b"<script>"))
    found = made(data)
    assert {each.format for each in found} == {"jpeg", "avif"}
    for each in found:
        for secret in (SERIAL, PLACE, "Photographer", "script", "Exif", "GPS", "ICC_PROFILE", "acsp", "mntr"):
            assert secret.encode() not in each.data
        with Image.open(BytesIO(each.data)) as image:
            image.load()
            assert not image.info.keys() & {"exif", "icc_profile", "comment", "photoshop"}
            assert dict(image.getexif()) == {}
            assert image.info.get("xmp") == (XMP if each.width >= 960 else None)
        if each.format == "jpeg":
            kinds = [kind for kind, _ in segments(each.data)]
            assert set(kinds) - {0xE1} == {0xE0, 0xDB, 0xC2, 0xC4}  # JFIF, and the tables of a progressive JPEG.
            assert kinds.count(0xE1) == (each.width >= 960)


def test_a_polyglot_is_read_as_the_picture_that_it_also_is() -> None:
    page = b"<!doctype html><script>alert(document.domain)</script>"
    assert near(original(encode(plain(), comment=page) + page), (30, 20), RED)


# What is damaged


@pytest.mark.parametrize("format_", ["JPEG", "PNG", "WEBP", "AVIF", "GIF"])
def test_a_truncated_file_is_refused_by_name(format_: str) -> None:
    image = Image.effect_noise((200, 200), 80).convert("RGB")
    data = encode(image, format_)
    with pytest.raises(Refused) as refused:
        made(data[: len(data) * 2 // 3])
    assert refused.value.reason in {
        f"“{NAME}” is damaged or incomplete. Save it again and upload that.",
        f"“{NAME}” isn’t a picture, or it’s damaged. Save it again as JPEG, PNG, WebP, AVIF or GIF.",
    }


def test_a_header_without_pixels_is_refused_when_it_is_decoded() -> None:
    with open_picture(BytesIO(png_header(30, 20)), NAME) as image:
        found = make_renditions(image, NAME, (0.5, 0.5), XMP)
        with pytest.raises(Refused) as refused:
            next(found)
    assert refused.value.reason == f"“{NAME}” is damaged or incomplete. Save it again and upload that."


def test_the_file_stays_open_for_whoever_opened_it() -> None:
    file = BytesIO(encode(plain("RGBA"), "PNG"))
    with open_picture(file, NAME) as image:
        list(make_renditions(image, NAME, (0.5, 0.5), XMP))
    assert not file.closed


SAMPLES = [encode(quarters(24, 16), format_) for format_ in ("JPEG", "PNG", "WEBP", "AVIF", "GIF")]
SAMPLES += [gif_of(3), png_header(9, 9, frames=2), encode(plain("P", (9, 9), 0), "PNG", transparency=0)]
SAMPLES += [encode(quarters(24, 16), exif=telling_exif(6), icc_profile=display_p3())]
changed = st.builds(
    lambda data, at, new, keep: (data[: (at := at % len(data))] + new + data[at + len(new) :])[: keep % len(data) + 1],
    st.sampled_from(SAMPLES),
    st.integers(0, 10_000),
    st.binary(max_size=6),
    st.one_of(st.just(-1), st.integers(0, 10_000)),
)


@given(st.one_of(changed, st.builds(lambda data, more: data[:12] + more, st.sampled_from(SAMPLES), st.binary())))
@example(b"GIF89a")
@settings(max_examples=150, deadline=None)
@pytest.mark.filterwarnings("ignore")
def test_any_bytes_end_as_a_picture_or_one_sentence(data: bytes) -> None:
    reason, crops = None, set()
    with mock.patch.object(file_validation, "MAX_PIXELS", 20_000):
        try:
            crops = {each.crop for each in made(data)}
        except Refused as refused:
            reason = refused.reason
    assert crops == set(CROPS) if reason is None else reason.startswith(f"“{NAME}” ")


# Placeholder colours


def test_the_mean_colour_of_the_smallest_rendition() -> None:
    for each in made(encode(plain(colour=(120, 80, 40)), "PNG")):
        mean = bytes.fromhex(mean_colour(each)[1:])
        assert all(abs(a - b) <= 4 for a, b in zip(mean, (120, 80, 40), strict=True))


def test_a_colour_gets_the_nearest_of_64_classes() -> None:
    assert len(set(COLOURS)) == 64
    assert [colour_class(colour) for colour in COLOURS] == list(range(64))
    assert COLOURS[colour_class("#8c9092")] == "#8f8f8f"
    assert COLOURS[colour_class("#a06060")] == "#b16e6e"
