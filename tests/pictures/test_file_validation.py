"""Uploads are opened within limits, or refused with a sentence that names the file."""

from io import BytesIO

import pytest
from PIL.GifImagePlugin import GifImageFile

from articles.errors import Refused
from articles.pictures import file_validation
from articles.pictures.file_validation import FORMATS, open_picture, orientation_of, size_of
from tests.pictures.samples import encode, gif_of, plain, png_header, quarters, telling_exif

NAME = "harbour.jpg"
NO_PICTURE = f"“{NAME}” isn’t a picture, or it’s damaged. Save it again as JPEG, PNG, WebP, AVIF or GIF."
TOO_MANY_PIXELS = f"“{NAME}” has more than 60 million pixels. Save a smaller copy and upload that."
TOO_LONG = f"“{NAME}” is wider or taller than 16,000 pixels. Save a smaller copy and upload that."
TOO_MANY_FRAMES = f"“{NAME}” has more than 100 frames. Save one frame as a picture and upload that."


def refusal(data: bytes) -> str:
    with pytest.raises(Refused) as refused, open_picture(BytesIO(data), NAME):
        pass
    return refused.value.reason


@pytest.mark.parametrize(
    ("format_", "media_type", "extension"),
    [
        ("JPEG", "image/jpeg", "jpg"),
        ("PNG", "image/png", "png"),
        ("WEBP", "image/webp", "webp"),
        ("AVIF", "image/avif", "avif"),
        ("GIF", "image/gif", "gif"),
    ],
)
def test_five_formats_are_read_and_have_a_media_type_of_ours(format_: str, media_type: str, extension: str) -> None:
    file = BytesIO(encode(plain(), format_))
    with open_picture(file, NAME) as image:
        assert image.size == (60, 40)
        assert FORMATS[str(image.format)] == (media_type, extension)
    assert not file.closed


def test_a_phones_jpeg_with_a_second_picture_is_a_jpeg_of_one_frame(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(file_validation, "MAX_PIXELS", 60 * 40)
    data = encode(quarters(), "MPO", save_all=True, append_images=[plain()])
    with open_picture(BytesIO(data), NAME) as image:
        assert (image.format, image.size) == ("MPO", (60, 40))
        assert FORMATS["MPO"] == ("image/jpeg", "jpg")


@pytest.mark.parametrize(
    "data",
    [
        b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\n%%EndComments\nshowpage\n",
        b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><script>alert(1)</script></svg>',
        b"<!doctype html><script>alert(1)</script>",
        b"%PDF-1.7\n",
        encode(plain(), "BMP"),
        encode(plain(), "TIFF"),
        encode(plain())[:30],
        b"\0",
    ],
    ids=["EPS", "SVG", "HTML", "PDF", "BMP", "TIFF", "cut in its header", "a byte"],
)
def test_what_is_no_picture_of_the_five_formats_is_refused_whatever_its_name(data: bytes) -> None:
    assert refusal(data) == NO_PICTURE


def test_an_empty_file_is_refused() -> None:
    assert refusal(b"") == f"“{NAME}” is empty. Upload it again."


def test_a_heic_picture_is_refused_with_the_way_to_a_jpeg() -> None:
    start = b"\0\0\0\x1cftypheic\0\0\0\0mif1heicmiaf"
    assert refusal(start) == f"“{NAME}” is a HEIC picture. Open it in a photo app, export it as JPEG and upload that."


def test_a_file_with_too_many_bytes_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    data = encode(plain(size=(600, 600)), "PNG", compress_level=0)
    monkeypatch.setattr(file_validation, "MAX_BYTES", 1024 * 1024)
    assert refusal(data) == f"“{NAME}” is larger than 1 MB. Save a smaller copy and upload that."


@pytest.mark.parametrize(
    "warnings",
    [
        pytest.param("are errors", marks=pytest.mark.filterwarnings("error")),
        pytest.param("are logged", marks=pytest.mark.filterwarnings("ignore")),
    ],
)
@pytest.mark.parametrize("size", [(12_000, 12_000), (16_000, 16_000), (7_746, 7_747)])
def test_too_many_pixels_are_refused_before_they_are_decoded(size: tuple[int, int], warnings: str) -> None:
    assert refusal(png_header(*size)) == TOO_MANY_PIXELS


def test_a_picture_at_the_limits_is_opened() -> None:
    for size in [(10_000, 6_000), (16_000, 3_750), (1, 16_000)]:
        with open_picture(BytesIO(png_header(*size)), NAME) as image:
            assert size_of(image) == size


def test_a_side_that_is_too_long_is_refused() -> None:
    assert refusal(png_header(16_001, 1)) == TOO_LONG
    assert refusal(png_header(1, 16_001)) == TOO_LONG


def test_the_pixels_of_an_animation_are_those_of_all_frames(monkeypatch: pytest.MonkeyPatch) -> None:
    frames = [plain(colour=(level, 0, 0)) for level in (80, 160, 240)]
    data = [encode(frames[0], format_, save_all=True, append_images=frames[1:]) for format_ in ("GIF", "WEBP", "AVIF")]
    for animation in data:
        with open_picture(BytesIO(animation), NAME) as image:
            assert image.size == (60, 40)
    monkeypatch.setattr(file_validation, "MAX_PIXELS", 60 * 40 * 3 - 1)
    for animation in data:
        assert "million pixels" in refusal(animation)


def test_an_animation_of_more_than_a_hundred_frames_is_refused() -> None:
    with open_picture(BytesIO(gif_of(100)), NAME) as image:
        assert image.tell() == 0
    assert refusal(gif_of(101)) == TOO_MANY_FRAMES
    assert refusal(png_header(9, 9, frames=101)) == TOO_MANY_FRAMES


def test_counting_stops_at_the_first_frame_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = []
    seek = GifImageFile._seek

    def counted(self: GifImageFile, frame: int, update_image: bool = True) -> None:
        seen.append(frame)
        seek(self, frame, update_image)

    monkeypatch.setattr(GifImageFile, "_seek", counted)
    assert refusal(gif_of(5000)) == TOO_MANY_FRAMES
    assert max(seen) == 100


@pytest.mark.parametrize("format_", ["JPEG", "PNG", "WEBP", "AVIF"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_the_size_is_that_of_the_upright_picture(format_: str, orientation: int) -> None:
    data = encode(quarters(), format_, exif=telling_exif(orientation))
    with open_picture(BytesIO(data), NAME) as image:
        assert orientation_of(image) == orientation
        assert size_of(image) == ((40, 60) if orientation >= 5 else (60, 40))


def test_a_png_without_exif_is_measured_without_being_decoded() -> None:
    with open_picture(BytesIO(png_header(300, 200)), NAME) as image:  # It has no pixels that could be decoded.
        assert size_of(image) == (300, 200)


@pytest.mark.parametrize("exif", [b"Exif\0\0nonsense", b"Exif\0\0II*\0\x08\0\0\0\xff\xff", b""])
@pytest.mark.filterwarnings("ignore")
def test_broken_exif_leaves_the_picture_as_it_is(exif: bytes) -> None:
    with open_picture(BytesIO(encode(plain(), exif=exif)), NAME) as image:
        assert size_of(image) == (60, 40)


def test_an_orientation_that_does_not_exist_is_ignored() -> None:
    with open_picture(BytesIO(encode(plain(), exif=telling_exif(9))), NAME) as image:
        assert orientation_of(image) == 1
