"""Draw a headline in the publication's own type, for link previews of an article without a picture."""

import logging
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator
from functools import cache
from io import BytesIO
from math import ceil

from django.conf import settings
from PIL import Image, ImageDraw, ImageFont, features

from articles.text.unicode_folding import composed

WIDTH, HEIGHT = 1200, 630  # Pixels; what networks ask of a large preview.
MARGIN = 80  # Some networks cut the edges off.
# Pillow's wheels read WOFF2. A build without Brotli doesn't, and nothing is drawn. Readers get the Western European
# letters of this face in 38 KB; this file has all of its letters in 65 KB.
FONT = settings.BASE_DIR / "articles/pictures/fonts/newsreader-latin.woff2"
PAPER, INK, ACCENT = "#fffdf9", "#1b1a17", "#962718"  # As in tokens.css.
REGULAR, MEDIUM, BOLD = 400, 500, 600
LABEL_SIZE = 38  # Pixels, of the section and of the publication's name.
HEADLINE_TOP, HEADLINE_BOTTOM, RULE = 144, 472, 496
HEADLINE_SIZES = range(120, 35, -4)
LINE_HEIGHT = 1.08
UNASSIGNED = "\U0010ffff"  # No font has it: what is drawn for it is drawn for every letter that the font lacks.
JPEG = {"quality": 88, "subsampling": 0}  # Letters blur sooner than photographs. 40 to 120 KB.

logger = logging.getLogger(__name__)


def draw_headline(headline: str, *, section: str, paper_name: str) -> tuple[bytes, bool]:
    """Return a JPEG of `WIDTH` by `HEIGHT` pixels, and whether it has the headline.

    Without it where the font lacks a letter of it. Empty bytes if even the publication's name can't be drawn.
    """
    # Without Raqm, Pillow sets a mark beside its letter. Composed, most are one letter.
    headline, section, paper_name = composed(headline), composed(section), composed(paper_name)
    if not _can_draw(paper_name):
        return b"", False
    with_headline = _can_draw(headline)
    image = Image.new("RGB", (WIDTH, HEIGHT), PAPER)
    draw = ImageDraw.Draw(image)
    label = _font(LABEL_SIZE, BOLD)
    if _can_draw(section):
        draw.text((MARGIN, MARGIN), _cut(section, label), ACCENT, label)
    lines, size = _fit(headline if with_headline else paper_name)
    for number, line in enumerate(lines):
        draw.text((MARGIN, HEADLINE_TOP + number * size * LINE_HEIGHT), line, INK, _font(size, MEDIUM))
    draw.line((MARGIN, RULE, WIDTH - MARGIN, RULE), INK, width=2)
    if with_headline:
        draw.text((MARGIN, HEIGHT - MARGIN), _cut(paper_name, label), INK, label, anchor="ls")
    file = BytesIO()
    image.save(file, "JPEG", **JPEG)
    return file.getvalue(), with_headline


@cache
def _font(size: int, weight: int) -> ImageFont.FreeTypeFont:
    """Return the publication's face; each size is read once in a process.

    Raises:
        OSError: Pillow can't read it.
    """
    font = ImageFont.truetype(FONT, size)
    font.set_variation_by_axes([weight])
    return font


def _can_draw(words: str) -> bool:
    """Tell whether the font has all letters, and Pillow can join and order those that ask for it.

    Arabic and the scripts of India need Raqm, which not every build of Pillow has; without it letters stand apart.
    """
    try:
        font = _font(LABEL_SIZE, REGULAR)
    except OSError as error:
        logger.warning("Headlines can't be drawn: Pillow doesn't read %s: %s", FONT.name, error)
        return False
    missing = _shape(font, UNASSIGNED)
    if any(_shape(font, letter) in {None, missing} for letter in set(words)):
        return False
    return features.check("raqm") or not any(_needs_shaping(letter) for letter in words)


def _shape(font: ImageFont.FreeTypeFont, letter: str) -> tuple[tuple[int, int], bytes] | None:
    """Return what is drawn, with its size: a font may draw nothing for what it lacks, as for spaces.

    None for a character that Raqm doesn't take, such as a separator of paragraphs.
    """
    try:
        mask = font.getmask(letter)
    except RuntimeError:
        return None
    return mask.size, bytes(mask)


def _needs_shaping(letter: str) -> bool:
    return unicodedata.bidirectional(letter) in {"R", "AL", "AN"} or unicodedata.category(letter).startswith("M")


def _fit(words: str) -> tuple[list[str], int]:
    """Return the lines and the largest size in which they fit; balanced, as browsers set our headlines."""
    for size in HEADLINE_SIZES:
        font, most = _font(size, MEDIUM), int((HEADLINE_BOTTOM - HEADLINE_TOP) / (size * LINE_HEIGHT))
        lines = list(_wrapped(words, font, WIDTH - 2 * MARGIN))
        longest = ceil(max(map(font.getlength, words.split()), default=0))
        if len(lines) <= most and longest <= WIDTH - 2 * MARGIN:
            break
    narrow, wide = min(longest, WIDTH - 2 * MARGIN), WIDTH - 2 * MARGIN
    while narrow < wide:  # The narrowest measure with as many lines.
        middle = (narrow + wide) // 2
        if len(list(_wrapped(words, font, middle))) <= len(lines):
            wide = middle
        else:
            narrow = middle + 1
    balanced = list(_wrapped(words, font, wide))
    return (balanced if len(balanced) <= most else [*lines[: most - 1], _cut(" ".join(lines[most - 1 :]), font)]), size


def _wrapped(words: str, font: ImageFont.FreeTypeFont, width: float) -> Iterator[str]:
    """Yield lines. A word that is wider than a line is broken where it must be."""
    line = ""
    for word in words.split():
        if line and font.getlength(f"{line} {word}") > width:
            yield line
            line = ""
        line = f"{line} {word}".strip()
        while font.getlength(line) > width and len(line) > 1:
            end = max(1, bisect_right(range(1, len(line)), width, key=lambda end: font.getlength(line[:end])))
            yield line[:end]
            line = line[end:]
    if line:
        yield line


def _cut(words: str, font: ImageFont.FreeTypeFont) -> str:
    """Return as much as one line holds."""
    width: float = WIDTH - 2 * MARGIN
    if font.getlength(words) <= width:
        return words
    end = bisect_right(range(1, len(words)), width, key=lambda end: font.getlength(f"{words[:end]}…"))
    return f"{words[:end]}…"
