"""Headlines drawn in the publication's own type."""

import string
from io import BytesIO
from typing import Any

import pytest
from django.conf import settings
from PIL import Image, ImageFont, features

from articles.pictures import drawing
from articles.pictures.drawing import draw_headline

# A text page's width is 1,040 pixels: these fill it as little and as much as headlines can.
HEADLINES = [
    "Rain",
    "The harbour counted its lights and found one too many",
    "W" * 300,
    " ".join(["Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"] * 3),
    "“Nobody” — ‘counts’ lights for €5, he said…",
    "Łódź, Příbram, Győr, İzmir, Ţepeş and Chișinău",
    "Tiếng Việt: “Đường phố Hà Nội”",
    "O\u0308sterreich",  # A letter and its mark.
]
FOREIGN = ["العربية", "הנמל", "港の壁", "बंदरगाह", "Λιμάνι", "Гавань", "Harbour 🚢", "A line\u2029and another"]


def drawn(headline: str, *, section: str = "Harbour", paper_name: str = "The Lantern") -> tuple[Image.Image, bool]:
    data, shows_headline = draw_headline(headline, section=section, paper_name=paper_name)
    image = Image.open(BytesIO(data), formats=("JPEG",))
    image.load()
    return image, shows_headline


def ink_box(image: Image.Image) -> tuple[int, int, int, int]:
    """The box around everything that isn't paper."""
    box = image.convert("L").point(lambda level: 255 if level < 128 else 0).getbbox()
    assert box is not None
    return box


@pytest.mark.parametrize("headline", HEADLINES)
def test_a_headline_of_any_length_stays_within_the_margins(headline: str) -> None:
    image, shows_headline = drawn(headline)
    assert shows_headline
    assert image.size == (1200, 630)
    left, top, right, bottom = ink_box(image)
    assert left >= 70
    assert top >= 70
    assert right <= 1130
    assert bottom <= 570


def test_no_line_of_a_long_headline_touches_the_rule_below() -> None:
    image, _shows_headline = drawn("W" * 300)
    gap = image.crop((0, drawing.RULE - 8, 1200, drawing.RULE - 3)).convert("L")
    assert not any(gap.histogram()[:240])  # Nothing but paper.


def test_a_long_headline_keeps_all_its_words() -> None:
    words = " ".join(f"word{number}" for number in range(42))
    lines, size = drawing._fit(words)
    assert len(words) < 300
    assert " ".join(lines) == words
    assert size < 60


@pytest.mark.parametrize("headline", FOREIGN)
def test_letters_that_the_font_lacks_are_left_out_rather_than_drawn_as_boxes(headline: str) -> None:
    image, shows_headline = drawn(headline)
    assert not shows_headline
    assert image.tobytes() == drawn("港")[0].tobytes()


@pytest.mark.skipif(not features.check("raqm"), reason="without Raqm, Pillow rounds the width of letters to pixels")
def test_the_file_has_the_letters_that_readers_get_in_theirs() -> None:
    readers = ImageFont.truetype(settings.BASE_DIR / "static/fonts/newsreader-roman.woff2", 120)
    readers.set_variation_by_axes([drawing.MEDIUM])
    ours = drawing._font(120, drawing.MEDIUM)
    for letters in [*string.ascii_letters, *map(chr, range(0xC0, 0x100)), "Tavern AVAST"]:  # The last is kerned.
        # Rounded to a unit of the font, 0.06 pixels, in either file.
        assert ours.getlength(letters) == pytest.approx(readers.getlength(letters), abs=0.1), letters
        assert ours.getmask(letters).size == readers.getmask(letters).size, letters


def test_a_section_that_the_font_lacks_is_left_out() -> None:
    assert drawn("Rain", section="港")[0].tobytes() == drawn("Rain", section="")[0].tobytes()
    assert drawn("Rain", section="Harbour")[0].tobytes() != drawn("Rain", section="")[0].tobytes()


def test_nothing_is_drawn_for_a_publication_whose_name_the_font_lacks() -> None:
    assert draw_headline("Rain", section="", paper_name="朝日") == (b"", False)


def test_letters_that_have_to_be_joined_need_raqm(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drawing, "_shape", lambda font, letter: ((1, 1), letter.encode()))  # A font that has all.
    for raqm in (True, False):
        monkeypatch.setattr(features, "check", lambda name, raqm=raqm: raqm)
        assert [drawing._can_draw(words) for words in ("Rain", "بحر", "बंदर")] == [True, raqm, raqm]


def test_a_pillow_that_does_not_read_the_font_draws_nothing(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*args: Any) -> None:
        raise OSError("unknown file format")

    drawing._font.cache_clear()
    monkeypatch.setattr(ImageFont, "truetype", broken)
    assert draw_headline("Rain", section="", paper_name="The Lantern") == (b"", False)
    assert "unknown file format" in caplog.text
