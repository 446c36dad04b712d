"""Draw the sample's pictures: `python draw.py`, or `python draw.py cat` for one. Pillow is all that it needs.

They are printed like old newspaper engravings, from three blocks: ink, one tint and one spot colour. An engraver has no
grey: shades are lines that swell where it is dark. A scene is drawn from back to front; what is drawn later covers what
was there. All random numbers have fixed seeds, so a picture is the same each time. Nothing is traced or borrowed.
"""

import math
import random
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path

from PIL import Image, ImageChops, ImageDraw

FOLDER = Path(__file__).parent
REDUCTION = 3  # Drawn larger and reduced, which makes edges smooth.
LEAD = 1.024  # Prints scenes of 1,260 units in 1,290 pixels, enough for the rendition of 1,280.
STEP = 4  # Between two points at which the width of a line is computed.
SHADES = 3  # From each ground to the ink. With five grounds they make the 16 colours that keep the files small.

PAPER, INK = (246, 239, 224), (28, 31, 33)
SEA, MOSS, OCHRE, SLATE = (150, 170, 172), (176, 180, 138), (214, 178, 112), (168, 166, 158)
LAMP, RED, ORANGE, CRUST = (240, 182, 66), (178, 52, 34), (226, 134, 46), (198, 128, 62)

Colour = tuple[int, int, int]
Point = tuple[float, float]
Polygon = Sequence[Point]
Shape = Sequence[Polygon]
"""Polygons, taken together."""
Tone = float | Callable[[float, float], float]
"""How dark: 0 is paper, 1 is ink. A function of x and y for what changes."""


# Shapes ---------------------------------------------------------------------------------------------------------------


def points(text: str) -> list[Point]:
    """Read "x,y x,y", as SVG has them."""
    return [(float(x), float(y)) for x, y in (pair.split(",") for pair in text.split())]


def box(left: float, top: float, right: float, bottom: float) -> list[Polygon]:
    return [[(left, top), (right, top), (right, bottom), (left, bottom)]]


def disc(x: float, y: float, rx: float, ry: float | None = None) -> list[Polygon]:
    ry = rx if ry is None else ry
    corners = max(12, int(max(rx, ry) * 1.2))
    turns = [2 * math.pi * corner / corners for corner in range(corners)]
    return [[(x + rx * math.cos(turn), y + ry * math.sin(turn)) for turn in turns]]


def line(path: Polygon, width: float) -> list[Polygon]:
    """Return a line with round ends and joints."""
    shape: list[Polygon] = []
    for (x0, y0), (x1, y1) in pairwise(path):
        length = math.hypot(x1 - x0, y1 - y0) or 1
        dx, dy = (y1 - y0) / length * width / 2, (x0 - x1) / length * width / 2
        shape.append([(x0 + dx, y0 + dy), (x1 + dx, y1 + dy), (x1 - dx, y1 - dy), (x0 - dx, y0 - dy)])
    return shape + [disc(x, y, width / 2)[0] for x, y in path if width > 2]


def outline(shape: Shape, width: float) -> list[Polygon]:
    return [part for polygon in shape for part in line([*polygon, polygon[0]], width)]


def moved(shape: Shape, dx: float, dy: float, *, scale: float = 1, turn: float = 0) -> list[Polygon]:
    """Return a shape that was drawn around 0, 0 at another place, in another size, turned by degrees."""
    cos, sin = math.cos(math.radians(turn)) * scale, math.sin(math.radians(turn)) * scale
    return [[(dx + x * cos - y * sin, dy + x * sin + y * cos) for x, y in polygon] for polygon in shape]


# The press ------------------------------------------------------------------------------------------------------------


class Plate:
    """A picture in the making: its three blocks, from 0 (bare) to 255."""

    def __init__(self, width: int, height: int, *, tint: Colour, spot: Colour, seed: int, enlarged: float = 1) -> None:
        self.width, self.height = width, height
        self.tint_colour, self.spot_colour = tint, spot
        self.scale = enlarged * REDUCTION
        size = round(width * enlarged) * REDUCTION, round(height * enlarged) * REDUCTION
        self.ink, self.tint, self.spot = (Image.new("L", size) for _ in range(3))
        self.random = random.Random(seed)  # noqa: S311
        self._levels = [self.random.uniform(-1, 1) for _ in range(256)]
        self._places = self.random.sample(range(256), 256)

    @property
    def everything(self) -> Shape:
        return box(0, 0, self.width, self.height)

    def noise(self, x: float, y: float, size: float) -> float:
        """Return a level from -1 to 1 that changes smoothly over about `size` pixels."""
        column, row = math.floor(x / size), math.floor(y / size)
        fx, fy = x / size - column, y / size - row
        fx, fy = fx * fx * (3 - 2 * fx), fy * fy * (3 - 2 * fy)
        left, right = self._places[column & 255], self._places[(column + 1) & 255]
        top = self._levels[(left + row) & 255] * (1 - fx) + self._levels[(right + row) & 255] * fx
        bottom = self._levels[(left + row + 1) & 255] * (1 - fx) + self._levels[(right + row + 1) & 255] * fx
        return top * (1 - fy) + bottom * fy

    def fill(
        self, shape: Shape, *, ink: float | None = None, tint: float | None = None, spot: float | None = None
    ) -> None:
        """Cover a shape evenly, from 0 to 1 on each block; None leaves a block as it is."""
        for block, level in (self.ink, ink), (self.tint, tint), (self.spot, spot):
            if level is not None:
                mask, (left, top) = self._mask(shape)
                block.paste(round(255 * level), (left, top, left + mask.width, top + mask.height), mask)

    def black(self, shape: Shape) -> None:
        self.fill(shape, ink=1, spot=0)

    def clear(self, shape: Shape, *, tint: float = 0, spot: float = 0) -> None:
        self.fill(shape, ink=0, tint=tint, spot=spot)

    def engrave(
        self,
        shape: Shape,
        tone: Tone,
        *,
        tint: float | None = None,
        spot: float = 0,
        angle: float = 0,
        pitch: float = 5.5,
        wave: float = 0,
        length: float = 150,
        around: Point | None = None,
        edge: float = 0,
    ) -> None:
        """Shade a shape with lines that swell with the tone.

        Args:
            shape, tone: Where, and how dark.
            tint, spot: Cover it on these blocks too, as `fill` does.
            angle, pitch: Of the lines: degrees, and pixels from one to the next.
            wave, length: How far the lines sway, and over how many pixels.
            around: Draw rings around this point instead.
            edge: The width of a black outline.
        """
        self.fill(shape, ink=0, tint=tint, spot=spot)
        mask, (left, top) = self._mask(shape)
        box_ = (left / self.scale, top / self.scale, (left + mask.width) / self.scale, (top + mask.height) / self.scale)
        lines = Image.new("L", mask.size)
        draw = ImageDraw.Draw(lines)
        paths = _rings(box_, around, pitch) if around else self._straight(box_, angle, pitch, wave, length)
        for path in paths:
            for polygon in self._swell(path, tone, pitch):
                draw.polygon([(x * self.scale - left, y * self.scale - top) for x, y in polygon], fill=255)
        self.ink.paste(lines, (left, top), mask)
        if edge:
            self.black(outline(shape, edge))

    def _mask(self, shape: Shape) -> tuple[Image.Image, tuple[int, int]]:
        """Return the part of the plate that a shape covers, and where it begins."""
        points = [point for polygon in shape for point in polygon]
        left, top = (
            max(0, int(min(x for x, _ in points) * self.scale)),
            max(0, int(min(y for _, y in points) * self.scale)),
        )
        right = min(self.ink.width, int(max(x for x, _ in points) * self.scale) + 1)
        bottom = min(self.ink.height, int(max(y for _, y in points) * self.scale) + 1)
        mask = Image.new("1", (max(1, right - left), max(1, bottom - top)))
        draw = ImageDraw.Draw(mask)
        for polygon in shape:
            draw.polygon([(x * self.scale - left, y * self.scale - top) for x, y in polygon], fill=1)
        return mask, (left, top)

    def _straight(
        self, area: tuple[float, float, float, float], angle: float, pitch: float, wave: float, length: float
    ) -> Iterator[Polygon]:
        """Yield parallel lines over an area. They are numbered from the plate's corner, so that neighbours fit."""
        cos, sin = math.cos(math.radians(angle)), math.sin(math.radians(angle))
        corners = [(x, y) for x in (area[0], area[2]) for y in (area[1], area[3])]
        along = [x * cos + y * sin for x, y in corners]
        across = [y * cos - x * sin for x, y in corners]
        steps = range(int(min(along)) - STEP, int(max(along)) + 2 * STEP, STEP)
        for number in range(int((min(across) - wave) / pitch) - 1, int((max(across) + wave) / pitch) + 2):
            path = []
            for u in steps:
                v = number * pitch
                x, y = u * cos - v * sin, u * sin + v * cos
                v += 0.4 * self.noise(x, y, 14)  # The hand is never quite steady.
                if wave:
                    v += wave * math.sin(2 * math.pi * u / length + 2.5 * self.noise(x, y, 120))
                path.append((u * cos - v * sin, u * sin + v * cos))
            yield path

    def _swell(self, path: Polygon, tone: Tone, pitch: float) -> Iterator[Polygon]:
        """Yield the outlines of the parts of a line that print."""
        upper: list[Point] = []
        lower: list[Point] = []
        for (x0, y0), (x1, y1) in pairwise(path):
            dark = (tone(x0, y0) if callable(tone) else tone) + 0.05 * self.noise(x0, y0, 6)
            half = min(dark, 1) * pitch / 2
            if half < 0.25:  # Finer lines would not survive the press.
                if len(upper) > 1:
                    yield upper + lower[::-1]
                upper, lower = [], []
                continue
            span = math.hypot(x1 - x0, y1 - y0) or 1
            dx, dy = (y0 - y1) / span * half, (x1 - x0) / span * half
            upper.append((x0 + dx, y0 + dy))
            lower.append((x0 - dx, y0 - dy))
        if len(upper) > 1:
            yield upper + lower[::-1]

    def print(self) -> Image.Image:
        """Print tint, spot and ink on paper, and keep 16 colours."""
        picture = Image.new("RGB", self.ink.size, PAPER)
        # The second block never sits quite true.
        picture.paste(self.tint_colour, mask=ImageChops.offset(self.tint, 2 * REDUCTION, REDUCTION))
        picture.paste(self.spot_colour, mask=self.spot)
        picture.paste(INK, mask=self.ink)
        tinted, spotted = _mixed(PAPER, self.tint_colour, 1 / 2), _mixed(PAPER, self.spot_colour, 1 / 2)
        grounds = [PAPER, tinted, self.tint_colour, spotted, self.spot_colour]
        colours = [_mixed(ground, INK, shade / SHADES) for ground in grounds for shade in range(SHADES)] + [INK]
        palette = Image.new("P", (1, 1))
        palette.putpalette([level for colour in colours for level in colour])
        return picture.reduce(REDUCTION).quantize(palette=palette, dither=Image.Dither.NONE)


def _mixed(one: Colour, other: Colour, share: float) -> Colour:
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    return red, green, blue


def _rings(area: tuple[float, float, float, float], centre: Point, pitch: float) -> Iterator[Polygon]:
    farthest = max(math.hypot(x - centre[0], y - centre[1]) for x in (area[0], area[2]) for y in (area[1], area[3]))
    for number in range(1, int(farthest / pitch) + 2):
        ring = disc(*centre, number * pitch)[0]
        yield [*ring, *ring[:2]]


# What several scenes have -----------------------------------------------------------------------------------------


def bell(distance: float, width: float) -> float:
    """Return 1 in the middle, falling to 0 at about twice the width."""
    return math.exp(-((distance / width) ** 2))


def limit(tone: float, low: float = 0.04, high: float = 0.96) -> float:
    return min(max(tone, low), high)


def hills(plate: Plate, y: float, rise: float, seed: int) -> Shape:
    """Return the land under a line of hills."""
    chance = random.Random(seed)  # noqa: S311
    shifts = [(rate, chance.uniform(0, 2 * math.pi)) for rate in (0.7, 1.3, 2.6, 5.1)]
    ridge = [
        (x, y - rise * sum(math.sin(2 * math.pi * rate * x / plate.width + shift) / rate for rate, shift in shifts) / 2)
        for x in range(-20, plate.width + 40, 12)
    ]
    return [[*ridge, (plate.width + 40, plate.height + 20), (-20, plate.height + 20)]]


def night_sky(plate: Plate, horizon: float, moon: Point) -> None:
    def tone(x: float, y: float) -> float:
        from_moon = math.hypot(x - moon[0], y - moon[1])
        cloud = max(0, 0.6 * plate.noise(x, y * 2.2, 190) + 0.35 * plate.noise(x, y * 2.2, 70))
        return limit(0.93 - 0.34 * (max(y, 0) / horizon) ** 1.6 - 0.55 * math.exp(-from_moon / 150) - 0.45 * cloud)

    plate.engrave(box(0, 0, plate.width, horizon + 10), tone, tint=0.8, pitch=5.6, wave=3, length=420)
    for _ in range(44):
        x, y = plate.random.uniform(0, plate.width), plate.random.uniform(0, horizon * 0.6)
        plate.clear(disc(x, y, plate.random.uniform(1.2, 2.6)))
    plate.clear(disc(*moon, 38))
    plate.engrave(disc(moon[0] - 9, moon[1] - 6, 9), 0.3, angle=40, tint=0)
    plate.engrave(disc(moon[0] + 12, moon[1] + 9, 13), 0.24, angle=40, tint=0)


def water(
    plate: Plate,
    top: float,
    *,
    dark: float,
    light: float,
    lamps: Iterable[tuple[Point, float]] = (),
    moon: float | None = None,
) -> None:
    """Draw water down to the edge, with the paths of the moon and of lamps, given by place and power."""
    lamps = list(lamps)
    depth = plate.height - top

    def tone(x: float, y: float) -> float:
        down = (y - top) / depth
        level = dark + (light - dark) * down + 0.1 * math.sin(x / 37 + 2 * math.sin(y / 9)) * (0.3 + down)
        if moon is not None:
            flicker = 0.55 + 0.45 * math.sin(y / (3 + 5 * down) + 2 * plate.noise(x, y, 40))
            level -= 0.62 * bell(x - moon, 60 * (0.4 + down)) * flicker
        for (lamp, _), power in lamps:
            reach = bell(x - lamp - 2.5 * math.sin(y / 5), 6 + 9 * down) * math.exp(-2.1 * down / power)
            level -= 0.8 * power * reach * (0.6 + 0.4 * math.sin(y / 3.2 + lamp))
        return limit(level)

    plate.engrave(box(0, top, plate.width, plate.height), tone, tint=0.7, pitch=5.6, wave=2.2)
    for (lamp, _), power in lamps:
        y = top + 4.0
        while (strength := power * math.exp(-2.1 * (y - top) / depth / power)) > 0.12:
            width = (5 + 9 * (y - top) / depth) * plate.random.uniform(0.5, 1.1)
            middle = lamp + 2.5 * math.sin(y / 5)
            plate.fill(disc(middle, y, width, 2), spot=min(0.9, strength))
            y += 5.6


def house(plate: Plate, x: float, base: float, width: float, height: float, roof: float, *, lit: float) -> list[Point]:
    """Draw a house with some of its windows lit. Return the places of the lit ones."""
    top = base - height
    plate.engrave(box(x, top, x + width, base), plate.random.uniform(0.66, 0.9), tint=0.35, angle=90, pitch=4.4)
    slope = [(x - 3, top + 1), (x + 8, top - roof), (x + width - 8, top - roof), (x + width + 3, top + 1)]
    if plate.random.random() < 0.4:
        slope[1:3] = [(x + width / 2, top - roof)]
    plate.engrave([slope], 0.92, tint=0.5, angle=24, pitch=4.6, edge=3)
    chimney = x + width * plate.random.uniform(0.2, 0.7)
    plate.black(box(chimney, top - roof - 9, chimney + 7, top - roof + 8))
    lamps = []
    columns = max(1, int(width / 26))
    for row in range(max(1, int(height / 34))):
        for column in range(columns):
            left, upper = x + (column + 0.5) * width / columns - 4, top + 10 + row * 32
            window = box(left, upper, left + 8, upper + 13)
            if plate.random.random() < lit:
                plate.clear(window, spot=0.9)
                lamps.append((left + 4, upper + 6))
            else:
                plate.black(window)
    return lamps


def rowing_boat(plate: Plate, x: float, y: float, scale: float) -> None:
    """Draw a boat with two rowers, one with a hat."""

    def put(shape: Shape) -> list[Polygon]:
        return moved(shape, x, y, scale=scale)

    for dx, lean in ((-34, 10), (34, -6)):
        body = [[(dx - 17, -6), (dx - 15 + lean, -52), (dx + lean, -62), (dx + 16 + lean, -50), (dx + 19, -6)]]
        head = disc(dx + 1 + lean, -74, 11, 13)
        plate.clear(outline(put(body), 5 * scale) + outline(put(head), 5 * scale))
        plate.engrave(put(body), 0.84, tint=0.2, angle=64, pitch=5, edge=2)
        plate.black(put(head))
    hat = [points("-38,-80 -32,-94 -14,-94 -8,-80")]
    plate.clear(outline(put(hat), 4 * scale))
    plate.black(put(hat))
    hull = [points("-98,-18 -60,16 62,16 106,-22 60,-8 -50,-8")]
    plate.clear(outline(put(hull), 6 * scale))
    plate.engrave(put(hull), 0.74, tint=0.2, angle=2, pitch=6, edge=3)
    for oar in (points("-20,-30 -150,26"), points("-14,-30 30,44")):
        plate.clear(put(line(oar, 5)))
        plate.black(put(line(oar, 2.8)))


# Scenes ---------------------------------------------------------------------------------------------------------------


def harbour_night() -> Plate:
    plate = Plate(1290, 860, tint=SEA, spot=LAMP, seed=7)
    horizon, moon = 482.0, (755.0, 146.0)
    night_sky(plate, horizon, moon)
    plate.engrave(
        hills(plate, 370, 60, 3),
        lambda x, y: 0.68 + 0.2 * plate.noise(x, y, 90),
        tint=0.9,
        angle=-18,
        wave=4,
        length=200,
    )
    near = [[(x, y - 60 * bell(x - 206, 260)) for x, y in hills(plate, 438, 24, 11)[0]]]
    plate.engrave(near, lambda x, y: 0.88 + 0.1 * plate.noise(x, y, 60), tint=1, angle=12, wave=5)

    lamps: list[Point] = []
    x = -10.0
    while x < 890:
        width, height = plate.random.uniform(44, 100), plate.random.uniform(36, 92)
        lamps += house(plate, x, horizon, width, height, plate.random.uniform(16, 36), lit=0.42)
        x += width
    church = 400
    plate.engrave(box(church - 19, horizon - 176, church + 19, horizon - 56), 0.8, tint=0.4, angle=90, pitch=4.4)
    plate.black([[(church - 25, horizon - 172), (church, horizon - 262), (church + 25, horizon - 172)]])
    plate.clear(disc(church, horizon - 148, 8), spot=0.6)

    # The salt store, and the light too many.
    store, extra = 980, (1044.0, horizon - 62)
    plate.engrave(
        box(store, horizon - 118, store + 196, horizon + 14),
        lambda x, y: 0.8 - 0.45 * bell(math.hypot(x - extra[0], y - extra[1]), 60),
        tint=0.3,
        angle=90,
        pitch=5,
    )
    roof = [[(store - 10, horizon - 114), (store + 98, horizon - 190), (store + 206, horizon - 114)]]
    plate.engrave(roof, 0.9, tint=0.4, angle=33, pitch=5, edge=4)
    for window in (116, 158):
        plate.black(box(store + window, horizon - 84, store + window + 14, horizon - 60))
    plate.black(box(store + 124, horizon - 40, store + 160, horizon + 14))

    plate.engrave(box(0, horizon, 1290, horizon + 22), 0.86, tint=0.3, pitch=4.4)
    water(
        plate,
        horizon + 20,
        dark=0.8,
        light=0.55,
        lamps=[(lamp, 0.5) for lamp in lamps[::2]] + [(extra, 1.5)],
        moon=moon[0],
    )
    for pile in range(30, 1290, 64):
        plate.black(box(pile, horizon + 4, pile + 9, horizon + 34))
    for radius, strength in ((30, 0.3), (21, 0.55)):
        plate.fill(disc(*extra, radius), spot=strength)
    for turn in range(0, 360, 30):
        ray = line(points("15,0 33,0"), 2.4)
        plate.clear(moved(ray, *extra, turn=turn), spot=1)
    plate.clear(disc(*extra, 12), spot=1)
    rowing_boat(plate, 390, 680, 1.45)
    return plate


def long_arm() -> Plate:
    plate = Plate(1400, 660, tint=SEA, spot=LAMP, seed=9)
    horizon = 400.0
    lamp = (980.0, 150.0)

    def sky(x: float, y: float) -> float:
        beam = 0.0
        if x < lamp[0]:  # It sweeps out to sea, to the left.
            away = lamp[0] - x
            beam = 0.6 * bell(y - lamp[1] - 0.1 * away, 12 + 0.10 * away) * math.exp(-away / 900)
        return limit(0.9 - 0.3 * (max(y, 0) / horizon) ** 2 + 0.16 * plate.noise(x, y * 2.5, 160) - beam)

    plate.engrave(box(0, 0, 1400, horizon + 10), sky, tint=0.85, pitch=5.8, wave=3, length=460)
    for _ in range(38):
        plate.clear(disc(plate.random.uniform(0, 1400), plate.random.uniform(0, 230), plate.random.uniform(1.2, 2.4)))
    plate.engrave(
        hills(plate, 352, 46, 5),
        lambda x, y: 0.84 + 0.12 * plate.noise(x, y, 90),
        tint=1,
        angle=-10,
        wave=4,
        length=220,
    )
    water(plate, horizon, dark=0.84, light=0.6, lamps=[(lamp, 1.1)])

    # The arm: rows of stone that come nearer to the right.
    top, foot = points("520,402 1400,392"), points("1400,486 520,416")
    plate.black([[*top, *foot]])
    for course in range(4):
        x = 528.0
        while x < 1400:
            along = (x - 520) / 880
            height = (14 + 80 * along) / 4
            upper = 402 - 10 * along + course * height + 1.5
            width = plate.random.uniform(18, 30) * (0.6 + 1.4 * along)
            plate.engrave(
                box(x, upper, x + width - 2.5, upper + height - 2.5),
                plate.random.uniform(0.2, 0.62),
                tint=plate.random.uniform(0.1, 0.5),
                angle=plate.random.uniform(-20, 20),
                pitch=4.4,
            )
            x += width

    # The tower, in bands.
    x, base = lamp[0], 400.0

    def white_band(px: float, _: float) -> float:
        return limit(0.5 * (px - x + 30) / 70, 0, 0.92)

    def dark_band(px: float, py: float) -> float:
        return min(white_band(px, py) + 0.5, 0.92)

    for band in range(5):
        upper, lower = base - 38 * (band + 1), base - 38 * band
        half_up, half_low = 46 - 4.4 * (band + 1), 46 - 4.4 * band
        shape = [[(x - half_low, lower), (x - half_up, upper), (x + half_up, upper), (x + half_low, lower)]]
        plate.engrave(shape, white_band if band % 2 else dark_band, pitch=4.6, edge=3)
    plate.black(box(x - 34, base - 198, x + 34, base - 190))
    plate.clear(box(x - 20, base - 234, x + 20, base - 198), spot=1)
    for bar in (-20, -7, 7, 20):
        plate.black(box(x + bar - 1.5, base - 234, x + bar + 1.5, base - 198))
    plate.black([[(x - 28, base - 233), (x, base - 264), (x + 28, base - 233)]])
    plate.black(disc(x, base - 266, 5))
    rowing_boat(plate, 250, 560, 1.25)
    return plate


def library_van() -> Plate:
    plate = Plate(1260, 840, tint=MOSS, spot=RED, seed=13, enlarged=LEAD)
    width = plate.width
    plate.engrave(
        plate.everything,
        lambda x, y: limit(0.3 - 0.24 * y / 840 + 0.24 * plate.noise(x, y * 1.8, 220), 0, 0.6),
        tint=0.1,
        pitch=7.5,
        wave=3,
        length=400,
    )
    plate.engrave(
        hills(plate, 430, 64, 8),
        lambda x, y: limit(0.4 + 0.18 * plate.noise(x, y, 110)),
        tint=0.6,
        angle=-18,
        pitch=7,
        wave=6,
        length=220,
        edge=2,
    )

    def road_at(x: float) -> float:
        return 722 - 290 * math.pow(max(x, 1) / width, 1.25)

    road = [(float(x), road_at(x)) for x in range(-20, width + 40, 10)]
    plate.engrave(
        [[*road, (width + 40, 860), (-20, 860)]],
        lambda x, y: limit(0.56 - 0.2 * (y - 500) / 340 + 0.26 * plate.noise(x, y, 140), 0.08, 0.85),
        tint=1,
        angle=-16,
        pitch=7,
        wave=5,
        length=260,
    )
    plate.clear([[*road, *((x, y + 46) for x, y in road[::-1])]], tint=0.1)
    plate.black(line(road, 4) + line([(x, y + 46) for x, y in road], 3))

    x, turn = 560.0, -17.0
    y = road_at(x) + 16

    def put(shape: Shape) -> list[Polygon]:
        return moved(shape, x, y, scale=1.2, turn=turn)

    body = [points("-190,-34 -190,-186 -176,-200 108,-200 122,-184 140,-112 196,-96 202,-34")]
    plate.clear(outline(put(body), 9), tint=0.1)
    plate.engrave(put(body), 0.12, tint=0, spot=0.9, angle=turn, pitch=7, edge=7)
    plate.engrave(put([points("-186,-40 -186,-76 197,-76 197,-40")]), 0.5, spot=0.9, angle=turn, pitch=6)
    plate.black(put(box(-160, -168, 58, -88)))
    plate.clear(put(box(-154, -162, 52, -94)))
    book = -150.0
    while book < 42:
        thick, tall = plate.random.uniform(8, 18), plate.random.uniform(38, 60)
        shade = plate.random.choice([0.95, 0.6, 0.3, 0.8])
        spine = put(box(book, -94 - tall, book + thick - 2, -94))
        plate.engrave(spine, shade, tint=plate.random.random(), angle=73, pitch=4.4)
        book += thick
    window = put([points("74,-170 100,-170 124,-108 74,-108")])
    plate.clear(window, tint=0.3)
    plate.black(outline(window, 5))
    for wheel in (-118, 128):
        hub = moved([[(wheel, -30)]], x, y, scale=1.2, turn=turn)[0][0]
        plate.clear(disc(*hub, 57))
        plate.black(disc(*hub, 53))
        plate.engrave(disc(*hub, 24), 0.3, tint=0, angle=45)
        plate.black(disc(*hub, 7))
    for puff in range(4):
        smoke = moved([[(-230 - 38 * puff, -50 - 9 * puff)]], x, y, scale=1.2, turn=turn)[0][0]
        plate.engrave(disc(*smoke, 16 + 7 * puff), 0.15, tint=0.1, angle=30, pitch=7, edge=3)

    tree = (1085.0, road_at(1085.0))
    plate.black(box(tree[0] - 9, tree[1] - 100, tree[0] + 9, tree[1] + 4))
    crown = [(0, -168, 74), (-54, -132, 52), (54, -134, 54), (0, -112, 50)]
    plate.black([disc(tree[0] + dx, tree[1] + dy, radius)[0] for dx, dy, radius in crown])
    for dx, dy, radius in crown[1:] + crown[:1]:
        plate.engrave(
            disc(tree[0] + dx, tree[1] + dy, radius - 5),
            lambda px, py: limit(0.68 - 0.4 * bell(math.hypot(px - tree[0] + 26, py - tree[1] + 190), 70)),
            tint=1,
            angle=-40,
            pitch=6,
            wave=3,
            length=24,
        )
    return plate


def wall() -> Plate:
    plate = Plate(1260, 840, tint=MOSS, spot=RED, seed=5, enlarged=LEAD)
    plate.engrave(
        plate.everything,
        lambda x, y: limit(0.34 - 0.2 * y / 420 + 0.26 * plate.noise(x, y * 1.8, 230), 0, 0.6),
        tint=0.12,
        pitch=7.5,
        wave=3,
        length=380,
    )
    ranges = ((330.0, 84, 2, 0.44, 0.4, -14.0), (420, 70, 9, 0.5, 0.7, 16), (510, 54, 4, 0.34, 1.0, -7))
    for y0, rise, seed, shade, tint, angle in ranges:
        far_hills(plate, hills(plate, y0, rise, seed), shade + 0.18 * y0 / 300, tint, angle)

    def foot(t: float) -> tuple[float, float, float]:
        """Return the place of the wall's foot and its height, from here (0) to far away (1)."""
        return (
            1260 * (-0.02 + 0.88 * t**0.75),
            840 * (0.99 - 0.58 * t - 0.05 * math.sin(7 * t)),
            205 * (1 - t) ** 1.25 + 11,
        )

    steps = [foot(step / 200) for step in range(201)]
    ground = [(x, y) for x, y, _ in steps]
    plate.engrave(
        [ground + [(x + 40 + h * 0.3, y + 12 + h * 0.12) for x, y, h in steps[::-1]]], 0.75, tint=1, angle=-20, pitch=6
    )
    plate.black([ground + [(x, y - h) for x, y, h in steps[::-1]]])
    t = 0.0
    while t < 0.985:
        x0, y0, high = foot(t)
        stride = plate.random.uniform(0.019, 0.032) * (1 - t) ** 0.6 + 0.004
        x1, y1, high1 = foot(min(1, t + stride))
        rows = 6 if high > 60 else 4
        for row in range(rows):
            lower, upper = row / rows, (row + 1) / rows
            shift = (row % 2) * (x1 - x0) * 0.45
            gap = max(1.0, high * 0.012)
            corners = [
                (x0 + shift + gap, y0 - high * upper + gap),
                (x1 + shift - gap, y1 - high1 * upper + gap),
                (x1 + shift - gap, y1 - high1 * lower - gap),
                (x0 + shift + gap, y0 - high * lower - gap),
            ]
            stone = [
                (x + plate.random.gauss(0, high * 0.011), y + plate.random.gauss(0, high * 0.011)) for x, y in corners
            ]
            shade = 0.1 + 0.4 * plate.random.random() ** 1.6 + 0.2 * (row == 0)
            lines_at = plate.random.uniform(-50, 50)
            plate.engrave([stone], shade, tint=0.25 * plate.random.random(), angle=lines_at, pitch=5)
        t += stride

    for x, y, scale in ((730, 742, 1.3), (830, 668, 0.9), (1075, 752, 1.5), (960, 622, 0.66)):
        sheep(plate, x, y, scale)
    waller(plate, 500, 818)
    return plate


def far_hills(plate: Plate, shape: Shape, shade: float, tint: float, angle: float) -> None:
    plate.engrave(
        shape,
        lambda x, y: limit(shade + 0.22 * plate.noise(x, y, 150) - 0.18 * y / 300, 0.05, 0.8),
        tint=tint,
        angle=angle,
        pitch=7,
        wave=7,
        length=260,
        edge=2.5,
    )


def sheep(plate: Plate, x: float, y: float, scale: float) -> None:
    def put(shape: Shape) -> list[Polygon]:
        return moved(shape, x, y, scale=scale)

    for leg in (-24, -12, 14, 26):
        plate.black(put(line([(leg, 0), (leg, 34)], 6)))
    fleece = [(-26, -4, 24), (0, -12, 27), (26, -4, 24), (-10, 8, 24), (14, 8, 24)]
    plate.black(put([disc(dx, dy, radius + 3)[0] for dx, dy, radius in fleece]))
    for dx, dy, radius in fleece:
        plate.engrave(
            put(disc(dx, dy, radius)), lambda _, py: limit(0.55 * (py - y) / (36 * scale), 0, 0.6), tint=0, pitch=5.5
        )
    plate.black(put(disc(-54, -8, 15, 12)) + put([points("-52,-20 -40,-30 -42,-16")]))


def waller(plate: Plate, x: float, y: float) -> None:
    """Draw a woman in a red coat, with a stone in her hands and string in her pocket."""

    def put(shape: Shape) -> list[Polygon]:
        return moved(shape, x, y, scale=1.25)

    coat = [points("-34,-60 -30,-150 -16,-172 14,-172 28,-150 34,-60")]
    legs = box(-24, -64, -5, 0) + box(5, -64, 24, 0) + box(-30, -8, -5, 4) + box(5, -8, 32, 4)
    head = disc(0, -192, 19, 22)
    stone = [points("-76,-118 -64,-142 -30,-146 -14,-128 -20,-104 -62,-100")]
    plate.clear(outline(put(coat), 9) + outline(put(head), 9) + outline(put(stone), 9), tint=0.6)
    plate.black(put(legs))
    plate.engrave(
        put(coat),
        lambda px, _: limit(0.22 + 0.5 * (px - x + 20) / 60, 0.1, 0.8),
        spot=0.95,
        tint=0,
        angle=84,
        pitch=6,
        edge=5,
    )
    plate.engrave(put(head), lambda px, _: limit(0.1 + 0.5 * (px - x) / 22, 0, 0.7), tint=0, pitch=4.6, edge=3)
    cap = [points("-20,-200 -17,-214 -2,-221 14,-216 20,-200")]
    plate.engrave(put(cap), 0.7, tint=0.4, pitch=4.6, edge=3)
    plate.black(put(disc(-9, -192, 2) + line(points("-14,-180 -5,-179"), 2)))
    plate.engrave(put(stone), 0.2, tint=0.1, angle=28, pitch=6, edge=5)
    for arm in (points("-24,-150 -34,-124 -42,-108"), points("22,-150 14,-118 -26,-106")):
        plate.black(put(line(arm, 17)))
        plate.fill(put(line(arm, 11)), ink=0, spot=0.95)
    plate.clear(put(disc(-44, -103, 8) + disc(-28, -103, 8)))


def harbour_cat() -> Plate:
    plate = Plate(720, 900, tint=OCHRE, spot=LAMP, seed=21)
    plate.engrave(
        plate.everything,
        lambda x, y: limit(
            0.34 + 0.12 * plate.noise(x, y, 160) - 0.34 * bell(math.hypot(x - 400, y - 330), 260), 0.03, 0.7
        ),
        tint=0.55,
        pitch=6.5,
        wave=4,
        length=300,
    )
    plate.engrave(
        box(0, 560, 720, 900),
        lambda x, y: limit(0.62 - 0.2 * (y - 560) / 340 + 0.2 * plate.noise(x, y * 3, 90)),
        tint=0.9,
        pitch=7,
        wave=2.5,
        length=120,
    )
    # The bollard.
    plate.engrave(
        box(250, 680, 476, 900),
        lambda x, _: limit(0.16 + 0.8 * ((x - 330) / 150), 0.08, 0.93),
        tint=0.1,
        pitch=6,
        edge=6,
    )
    plate.engrave(disc(363, 680, 154, 30), 0.24, tint=0.1, pitch=6.5, edge=7)

    tail = points("440,650 505,640 545,690 552,750 530,800")
    plate.clear(line(tail, 56), tint=0.5)
    plate.black(line(tail, 46))
    plate.engrave(line(tail, 38), 0.66, angle=20, tint=0.2)
    for ring in ((548, 712), (550, 752), (536, 788)):
        plate.black(moved(box(-20, -5, 20, 5), *ring, turn=6))

    def fur(x: float, y: float) -> float:
        stripe = 0.2 if math.sin(y / 11 + 0.0022 * (x - 360) ** 2) > 0.45 else 0
        return limit(0.52 + stripe + 0.3 * (x - 360) / 130 - 0.1 * bell(x - 320, 50), 0.2, 0.93)

    body = [points("300,664 270,600 272,500 300,410 420,410 458,500 470,610 440,668")]
    plate.clear(outline(body, 14), tint=0.5)
    plate.black(outline(body, 7))
    plate.engrave(body, fur, angle=90, wave=2, length=60, tint=0.2)
    bib = [points("320,420 398,420 388,500 358,560 334,500")]
    plate.engrave(bib, lambda x, y: limit(0.35 * (x - 340) / 60, 0, 0.4), tint=0, angle=82, pitch=7)
    for leg in (318, 398):
        plate.engrave(box(leg - 24, 540, leg + 24, 660), 0.58, angle=88, tint=0.2)
        plate.black(line([(leg - 24, 560), (leg - 24, 650)], 4) + line([(leg + 24, 560), (leg + 24, 650)], 4))
        plate.engrave(disc(leg - 3, 664, 34, 18), 0.1, tint=0, angle=90, pitch=7, edge=5)

    x, y = 360.0, 345.0
    for side in (-1, 1):
        ear = [[(x + side * 14, y - 68), (x + side * 80, y - 132), (x + side * 88, y - 28)]]
        plate.clear(outline(ear, 13), tint=0.5)
        plate.engrave(ear, 0.74, angle=90, edge=7, tint=0.2)
        inner = [[(x + side * 36, y - 68), (x + side * 72, y - 106), (x + side * 76, y - 46)]]
        plate.engrave(inner, 0.3, tint=0.6, angle=90, pitch=5)
    plate.clear(disc(x, y, 104, 88), tint=0.5)
    plate.black(disc(x, y, 99, 83))

    def face(px: float, py: float) -> float:
        mark = 0.34 if py < y - 24 and math.sin((px - x) / 7.5) > 0.2 else 0  # The tabby’s M.
        return limit(0.46 + mark + 0.3 * (px - x) / 100 + 0.12 * (py - y) / 80, 0.15, 0.93)

    plate.engrave(disc(x, y, 93, 77), face, angle=90, wave=2, length=60, tint=0.2)
    for side in (-1, 1):
        eye = (x + side * 37, y - 8)
        plate.black(disc(*eye, 25, 20))
        plate.clear(disc(*eye, 21, 16), spot=1)
        plate.black(disc(*eye, 5, 14))
        plate.clear(disc(eye[0] + 5, eye[1] - 6, 3))
    for side in (-1, 1):
        plate.engrave(disc(x + side * 17, y + 36, 24, 18), 0.1, tint=0, angle=70, pitch=6.5)
    plate.black([[(x - 12, y + 15), (x + 12, y + 15), (x, y + 28)]])
    plate.black(line([(x - 20, y + 44), (x - 8, y + 46), (x, y + 28), (x + 8, y + 46), (x + 20, y + 44)], 3.4))
    for side in (-1, 1):
        for whisker in (-1, 0, 1):
            hair = [(x + side * 30, y + 34 + 5 * whisker), (x + side * 132, y + 26 + 22 * whisker)]
            plate.clear(line(hair, 2.4), tint=0)
    return plate


def marmalade() -> Plate:
    plate = Plate(1260, 840, tint=SLATE, spot=ORANGE, seed=17, enlarged=LEAD)
    plate.engrave(
        plate.everything,
        lambda x, y: limit(0.62 - 0.52 * bell(math.hypot(x - 380, y - 170), 520), 0.06, 0.9),
        tint=0.5,
        angle=32,
        pitch=7.5,
        wave=2,
    )
    table = 620.0
    plate.engrave(
        box(-10, table, 1270, 850),
        lambda x, y: 0.34 + 0.2 * plate.noise(x, y * 3, 80),
        tint=0.2,
        pitch=7.5,
        wave=4,
        length=340,
        edge=4,
    )
    for number, (x, scale, shade) in enumerate(((190, 1.08, 0.0), (450, 1.34, 0.0), (722, 1.0, 0.7), (985, 1.24, 0.0))):
        jar(plate, x, table + 56 + 18 * (number % 2), scale, dark=shade)
    return plate


def jar(plate: Plate, x: float, y: float, scale: float, *, dark: float) -> None:
    def put(shape: Shape) -> list[Polygon]:
        return moved(shape, x, y, scale=scale)

    plate.engrave(put([points("60,-14 230,-4 190,14 -90,12")]), 0.88, tint=0.2, pitch=6)
    glass = box(-92, -258, 92, -10) + disc(0, -13, 92, 16)
    plate.clear(outline(put(glass), 12), tint=0.2)
    plate.black(outline(put(glass), 6))
    plate.engrave(
        put(glass),
        lambda px, _: limit(dark + 0.06 + 0.6 * max(0, (px - x + 40 * scale) / (140 * scale)) ** 1.6, 0.05, 0.86),
        tint=0,
        spot=0.95,
        angle=90,
        pitch=6.5,
    )
    for _ in range(11):
        px, py, turn = plate.random.uniform(-62, 58), plate.random.uniform(-245, -50), plate.random.uniform(0, 3)
        peel = [
            (0.0, 0.0),
            (12 * math.cos(turn), 9 * math.sin(turn)),
            (21 * math.cos(turn + 0.9), 21 * math.sin(turn + 0.9)),
        ]
        plate.black(put([[(px + dx, py + dy) for dx, dy in polygon] for polygon in line(peel, 3.4)]))
    plate.clear(put(box(-76, -240, -66, -44)), spot=0.15)
    label = put(box(-56, -196, 64, -92))
    if dark:  # Number 11 had no card.
        label = put(moved(disc(0, 0, 46, 40), 4, -142))
    plate.clear(label)
    plate.black(outline(label, 4))
    if not dark:
        for row in range(3):
            plate.black(put(box(-36 + 8 * row, -170 + 24 * row, 46 - 8 * row, -165 + 24 * row)))
    else:
        plate.black(put(line(points("-8,-160 -8,-124"), 7) + line(points("14,-160 14,-124"), 7)))
    cloth = [points("-100,-250 -84,-296 84,-296 100,-250 70,-242 40,-252 8,-242 -30,-252 -64,-242")]
    plate.engrave(put(cloth), 0.36, tint=0.8, spot=0, angle=60, pitch=7, edge=5)
    plate.engrave(put(disc(0, -296, 84, 14)), 0.22, tint=0.6, angle=-30, pitch=7, edge=5)
    plate.black(put(box(-90, -268, 90, -261)))


def bread() -> Plate:
    """Draw the oven, its fire, round loaves with sesame and the basket for the boats."""
    plate = Plate(1260, 840, tint=OCHRE, spot=CRUST, seed=23, enlarged=LEAD)
    fire = (470.0, 400.0)

    def from_fire(x: float, y: float) -> float:
        return math.hypot(x - fire[0], y - fire[1])

    plate.black(plate.everything)
    y, row = -8.0, 0
    while y < 620:
        x = -60.0 * (row % 2)
        while x < 1260:
            width = plate.random.uniform(88, 124)
            shade = limit(0.92 - 0.75 * bell(from_fire(x + width / 2, y + 24), 420) + plate.random.gauss(0, 0.05), 0.1)
            brick = box(x + 2, y + 2, x + width - 2, y + 46)
            plate.engrave(brick, shade, tint=0.7, angle=plate.random.choice([-8, 0, 8]), pitch=6.5)
            x += width
        y += 50
        row += 1
    # The mouth of the oven, with an arch of stones.
    for stone in range(13):
        turn = math.pi + math.pi * stone / 13
        wedge = [
            (fire[0] + radius * math.cos(turn + part), fire[1] + 20 + radius * math.sin(turn + part))
            for radius, part in ((214, 0.02), (214, 0.22), (272, 0.22), (272, 0.02))
        ]
        plate.black(outline([wedge], 6))
        plate.engrave([wedge], plate.random.uniform(0.1, 0.4), tint=0.2, angle=math.degrees(turn), pitch=6.5)
    mouth = [*disc(fire[0], fire[1] + 20, 210), *box(fire[0] - 210, fire[1] + 20, fire[0] + 210, 560)]
    glow = (fire[0], 540.0)
    plate.engrave(
        mouth,
        lambda x, y: limit(0.02 + (math.hypot((x - glow[0]) / 1.1, y - glow[1]) / 250) ** 1.5, 0, 1),
        tint=0.9,
        spot=0.35,
        around=glow,
        pitch=8,
    )
    for flame, (dx, tall) in enumerate(((-120, 100), (-70, 150), (-16, 196), (40, 160), (88, 186), (132, 96))):
        x, lean = glow[0] + dx, (14, -10, 8)[flame % 3]
        tip = [(lean - 6.0, -tall * 0.7), (lean, -tall), (lean + 14, -tall * 0.6)]
        tongue = moved([[(-32, 0), (-30, -tall * 0.35), *tip, (32, -tall * 0.25), (30, 0)]], x, 540)
        plate.clear(tongue, tint=0.2, spot=0.9)
        plate.black(outline(tongue, 3))
        plate.clear(moved(moved(tongue, -x, -540), x, 540, scale=0.55), tint=0)
    for log in range(-150, 150, 76):
        plate.black(line([(glow[0] + log, 552), (glow[0] + log + 80, 536)], 22))

    plate.engrave(
        box(-10, 556, 1270, 850),
        lambda x, y: limit(0.5 - 0.3 * bell(x - fire[0], 420) + 0.14 * plate.noise(x, y * 4, 70)),
        tint=0.45,
        pitch=7.5,
        wave=3,
        length=320,
        edge=6,
    )
    for x, y, size in ((175, 640, 92), (400, 655, 96), (640, 640, 92), (270, 745, 104), (530, 752, 106)):
        loaf(plate, x, y, size)
    basket(plate, 985, 770)
    return plate


def loaf(plate: Plate, x: float, y: float, size: float) -> None:
    plate.engrave(disc(x + 14, y + size * 0.24, size * 1.08, size * 0.42), 0.86, tint=0.4, pitch=6)
    crust = disc(x, y, size, size * 0.46)
    plate.engrave(
        crust,
        lambda px, py: limit(0.08 + 0.5 * ((px - x) / size + (py - y) / size * 1.4), 0.05, 0.75),
        tint=0.2,
        spot=0.85,
        around=(x - size * 0.3, y - size * 0.2),
        pitch=6.5,
        edge=5,
    )
    for _ in range(20):
        turn, far = plate.random.uniform(0, 2 * math.pi), math.sqrt(plate.random.random()) * 0.8
        seed = disc(x + far * size * math.cos(turn), y + far * size * 0.42 * math.sin(turn), 4.2, 2.6)
        plate.clear(seed)
        plate.black(outline(seed, 1.2))


def basket(plate: Plate, x: float, y: float) -> None:
    plate.engrave(disc(x + 20, y, 215, 34), 0.88, tint=0.4, pitch=6)
    for dx, dy, size in ((-96, -176, 84), (84, -182, 88), (-6, -206, 92)):
        loaf(plate, x + dx, y + dy, size)
    side = [[(x - 206, y - 170), (x + 206, y - 170), (x + 160, y + 6), (x - 160, y + 6)]]
    plate.black(outline(side, 8))
    plate.black(side)
    for row in range(6):
        lower = y + 2 - 29 * row
        half = 160 + 7.6 * row
        strands = 13
        for strand in range(strands):
            if (strand + row) % 2:
                continue
            wide = 2 * half / strands
            left = x - half + wide * strand
            ends = [*points("-8,-13 8,-24"), (wide + 8, -24.0), (wide + 20, -13), (wide + 8, 0), (8, 0)]
            weave = [[(limit(left + dx, x - half - 4, x + half + 4), lower + dy) for dx, dy in ends]]
            plate.engrave(weave, 0.16 + 0.1 * (strand % 3), tint=0.9, pitch=5, edge=2)
    cloth = points("-216,-186 -120,-160 -30,-172 70,-152 216,-186 196,-120 130,-96 60,-118 -50,-92 -150,-120")
    plate.engrave(
        moved([cloth], x, y),
        lambda px, py: limit(0.16 + 0.3 * math.sin((px - x) / 26), 0, 0.6),
        tint=0,
        angle=70,
        pitch=7,
        edge=5,
    )


def lamp_frame(seed: int, spot: Colour, *, centre: Point, rings: bool = True) -> Plate:
    """Begin a picture of one light in the dark."""
    plate = Plate(640, 800, tint=SEA, spot=spot, seed=seed)
    plate.engrave(
        plate.everything,
        lambda x, y: limit(0.95 - 0.84 * math.exp(-((math.hypot(x - centre[0], y - centre[1]) / 250) ** 1.5))),
        tint=0.8,
        around=centre if rings else None,
        pitch=8,
    )
    return plate


def light_1() -> Plate:
    """Draw the great light at the end of the Long Arm."""
    x, y = 320.0, 336.0
    plate = lamp_frame(31, LAMP, centre=(x, y))
    plate.engrave(
        box(x - 146, 540, x + 146, 800),
        lambda px, _: limit(0.1 + 0.8 * (px - x + 100) / 250, 0.06, 0.92),
        tint=0.1,
        pitch=7,
        edge=7,
    )
    plate.black(box(x - 196, 504, x + 196, 534))
    plate.clear(box(x - 118, 200, x + 118, 504), tint=0, spot=0.55)
    plate.clear(disc(x, y, 62, 92), spot=1)
    for ring in range(-3, 4):
        plate.black(line([(x - 60, y + 24 * ring), (x + 60, y + 24 * ring)], 3))
    plate.fill(disc(x, y, 62, 92), spot=1)
    for bar in (-120, -60, 0, 60, 120):
        plate.black(box(x + bar - 2.5, 196, x + bar + 2.5, 508))
    for upper in (200, 352):
        plate.black(
            line([(x - 118, upper), (x + 118, upper + 152)], 4) + line([(x + 118, upper), (x - 118, upper + 152)], 4)
        )
    roof = [[(x - 150, 200), (x - 60, 104), (x + 60, 104), (x + 150, 200)]]
    plate.engrave(roof, lambda px, _: limit(0.5 + 0.5 * (px - x) / 120, 0.3, 0.95), tint=0.5, angle=72, pitch=6, edge=7)
    plate.black(disc(x, 92, 22))
    plate.black(box(x - 194, 440, x + 194, 447))
    for post in range(-190, 200, 38):
        plate.black(box(x + post - 2, 442, x + post + 2, 506))
    return plate


def light_17() -> Plate:
    """Draw the window of the chip shop, which is no light at all."""
    plate = lamp_frame(32, LAMP, centre=(320, 420), rings=False)
    for row in range(23):
        y, shift = 128 + 30.0 * row, 30 * (row % 2)
        for x in range(40 - shift, 600, 60):
            brick = box(max(42, x + 2), y + 2, min(598, x + 58), y + 28)
            plate.engrave(brick, plate.random.uniform(0.7, 0.86), tint=0.4, pitch=7)
    plate.black(box(70, 250, 570, 580))
    plate.clear(box(82, 262, 558, 568), spot=0.95)
    plate.black(box(316, 262, 324, 568))
    for stripe in range(9):
        left, right = 64 + 57 * stripe, 121 + 57 * stripe
        shade = [[(left, 158), (right, 158), (right + 3 * (stripe - 4), 276), (left + 3 * (stripe - 5), 276)]]
        plate.engrave(shade, 0.92 if stripe % 2 else 0.06, tint=0.6 if stripe % 2 else 0, angle=90, pitch=6)
    plate.black(line(points("64,158 577,158"), 6) + line(points("50,277 590,277"), 7))
    for x, y in ((192, 448), (444, 406)):
        fish = [*disc(x, y, 62, 26), [(x + 46, y), (x + 96, y - 28), (x + 82, y), (x + 96, y + 28)]]
        plate.black(fish)
        plate.engrave(disc(x + 8, y, 38, 17), 0.5, tint=0, spot=0.6, angle=62, pitch=9)
        plate.clear(disc(x - 38, y - 6, 5))
    plate.engrave([points("60,586 580,586 720,800 -80,800")], 0.42, tint=0.1, spot=0.4, pitch=8, wave=2)
    for x, scale in ((205, 1.0), (286, 0.92), (440, 1.1)):
        person = [points("-20,652 20,652 38,690 46,805 -46,805 -38,690")]
        plate.black([[(x + dx * scale, y) for dx, y in person[0]]])
        plate.black(disc(x, 622, 22 * scale, 27 * scale))
    return plate


def light_41() -> Plate:
    """Draw the red bulb of the wedding, on the corner of the slip."""
    x, y = 320.0, 336.0
    plate = lamp_frame(33, RED, centre=(x, y))
    plate.engrave(
        box(-10, 566, 650, 810),
        lambda px, py: limit(0.78 - 0.6 * bell(math.hypot(px - x, (py - 566) * 0.8), 170)),
        tint=0.5,
        pitch=7.5,
        wave=2,
        edge=5,
    )
    plate.black([[(x - 14, 800), (x - 11, 400), (x + 11, 400), (x + 14, 800)]])
    plate.clear(box(x - 6, 430, x - 2, 800), tint=0.2)
    plate.black(disc(x, y, 60, 74))
    plate.clear(disc(x, y, 51, 65), spot=1)
    plate.clear(disc(x - 16, y - 24, 9, 16), spot=0.2)
    plate.black(box(x - 34, y + 56, x + 34, y + 86) + box(x - 46, y - 82, x + 46, y - 68))
    plate.black([[(x - 42, y - 80), (x, y - 108), (x + 42, y - 80)]])
    for wire in (-54, -19, 19, 54):
        plate.black(line([(x + wire, y - 70), (x + wire, y + 60)], 4))
    return plate


def light_42() -> Plate:
    """Draw the light too many, on the face of the salt store."""
    x, y = 320.0, 360.0
    plate = lamp_frame(34, LAMP, centre=(x, y))
    plate.black(plate.everything)
    top = 0.0
    while top < 800:
        height, left = plate.random.uniform(44, 68), -plate.random.uniform(0, 60)
        while left < 640:
            width = plate.random.uniform(72, 150)
            away = math.hypot(left + width / 2 - x, top + height / 2 - y)
            shade = limit(0.9 - 0.8 * math.exp(-((away / 220) ** 1.6)) + plate.random.gauss(0, 0.05), 0.06, 0.93)
            stone = box(left + 3, top + 3, left + width - 3, top + height - 3)
            plate.engrave(stone, shade, tint=0.45, angle=plate.random.uniform(-25, 25), pitch=6.5)
            left += width
        top += height
    plate.black(line([(x, y - 170), (x, y - 90)], 7) + line([(x - 74, y - 170), (x + 4, y - 170)], 10))
    plate.black([[(x - 58, y - 62), (x - 22, y - 94), (x + 22, y - 94), (x + 58, y - 62)]])
    plate.black(box(x - 46, y - 64, x + 46, y + 72) + box(x - 56, y + 66, x + 56, y + 80))
    plate.clear(box(x - 38, y - 58, x + 38, y + 62), spot=0.95)
    plate.clear(disc(x, y + 14, 15, 36), spot=0.15)
    plate.black(box(x - 40, y - 2, x + 40, y + 2))
    return plate


def coal_boat() -> Plate:
    """Draw the Patient Margaret, leaving, and the band on the quay, late."""
    plate = Plate(1260, 840, tint=SLATE, spot=RED, seed=27, enlarged=LEAD)
    horizon = 470.0
    plate.engrave(
        box(0, 0, 1260, horizon + 10),
        lambda x, y: limit(0.42 - 0.3 * y / horizon + 0.3 * plate.noise(x, y * 2, 210), 0, 0.7),
        tint=0.2,
        pitch=7,
        wave=3,
        length=420,
    )
    plate.engrave(
        hills(plate, 440, 26, 12),
        lambda x, y: 0.5 + 0.14 * plate.noise(x, y, 90),
        tint=0.6,
        angle=-12,
        pitch=6.5,
        wave=4,
    )
    water(plate, horizon, dark=0.5, light=0.3)

    # Smoke drifts back to the left.
    for puff in range(13):
        x, y, radius = 600 - 48 * puff, 176 - 7 * puff + 12 * math.sin(puff * 1.7), 26 + 5.2 * puff
        smoke(plate, x, y, radius, 0.82 - 0.035 * puff)

    hull = [points("420,408 960,408 1100,376 1060,520 470,520")]
    plate.clear(outline(hull, 12), tint=0.2)
    plate.engrave(
        hull,
        lambda x, y: limit(0.9 - 0.2 * (y - 376) / 140 - 0.1 * bell(x - 800, 160)),
        tint=0.6,
        angle=3,
        pitch=6.5,
        edge=6,
    )
    plate.engrave([points("462,500 1066,500 1058,524 472,524")], 0.3, tint=0, spot=0.9, pitch=6)
    plate.clear([points("421,414 960,414 1096,384 1095,390 960,421 423,421")])
    plate.engrave(
        box(460, 318, 700, 408),
        lambda x, _: limit(0.1 + 0.4 * (x - 500) / 200, 0.05, 0.6),
        tint=0,
        angle=90,
        pitch=6.5,
        edge=6,
    )
    plate.engrave(box(520, 262, 680, 320), 0.12, tint=0, angle=90, pitch=6.5, edge=6)
    for port in range(4):
        plate.black(disc(500 + 56 * port, 362, 13))
        plate.black(box(536 + 34 * port, 276, 560 + 34 * port, 300))
    plate.black(box(506, 252, 694, 264))
    funnel = [points("560,252 566,176 640,176 646,252")]
    plate.engrave(
        funnel, lambda x, _: limit(0.1 + 0.6 * (x - 580) / 66, 0.05, 0.8), tint=0, spot=0.9, angle=90, pitch=6, edge=6
    )
    plate.black(box(562, 176, 644, 200))
    for mast in (780, 950):
        plate.black(line([(mast, 408), (mast, 220)], 9))
        plate.black(line([(mast, 390), (mast + 110, 270)], 6) + line([(mast, 226), (mast + 110, 270)], 2.4))
    plate.black(
        line(points("780,222 950,222"), 2) + line(points("950,222 1094,378"), 2) + line(points("640,180 780,222"), 2)
    )
    for hatch in (750, 890):
        plate.engrave(
            [[(hatch - 50, 408), (hatch - 20, 366), (hatch + 26, 362), (hatch + 64, 408)]],
            0.9,
            tint=0.4,
            angle=30,
            pitch=5.4,
            edge=4,
        )
    # The master on the bridge wing takes off his cap.
    plate.black(
        box(698, 262, 742, 270) + box(708, 222, 724, 262) + disc(716, 210, 10, 11) + line(points("722,230 742,204"), 6)
    )
    plate.black([points("734,202 750,192 758,200 746,208")])
    for ripple in range(7):
        y = 524 + 14.0 * ripple
        plate.clear(
            line([(430 - 40 * ripple, y + 10), (560, y), (1000, y), (1090 + 26 * ripple, y + 10)], 2.6), tint=0.2
        )

    # The end of the arm, and the band that runs.
    quay = [points("-10,676 760,716 800,850 -10,850")]
    plate.engrave(
        quay, lambda x, y: limit(0.3 + 0.14 * plate.noise(x, y, 90)), tint=0.9, angle=3, pitch=7, wave=1, edge=6
    )
    for x, instrument in ((110, "drum"), (240, "horn"), (370, "tuba"), (490, "horn"), (600, "horn")):
        musician(plate, x, 724 + x * 0.05, instrument)
    return plate


def smoke(plate: Plate, x: float, y: float, radius: float, dark: float) -> None:
    plate.engrave(
        disc(x, y, radius),
        lambda px, py: limit(dark + 0.4 * (py - y) / radius - 0.25 * (x - px) / radius, 0.1, 0.95),
        tint=0.5,
        around=(x - radius * 0.4, y - radius * 0.5),
        pitch=6.5,
    )


def musician(plate: Plate, x: float, y: float, instrument: str) -> None:
    def put(shape: Shape) -> list[Polygon]:
        return moved(shape, x, y, scale=1.1)

    legs = line(points("-4,-58 -30,-26 -52,-20"), 13) + line(points("4,-58 26,-34 22,0 36,2"), 13)
    coat = [points("-20,-54 -8,-124 14,-130 30,-118 24,-54")]
    head = disc(18, -148, 15, 17)
    cap = [points("0,-154 4,-174 34,-174 36,-158 48,-154")]
    brass = {
        "drum": disc(58, -84, 36, 40),
        "horn": [*line(points("28,-140 62,-138"), 6), points("60,-144 92,-164 92,-112 60,-132")],
        "tuba": [*disc(50, -84, 30, 34), points("58,-104 46,-196 118,-206 76,-100")],
    }[instrument]
    arm = line(points("14,-112 36,-92 54,-120"), 12)
    for part in (legs, coat, head, brass):
        plate.clear(outline(put(part), 6), tint=0.2)
    plate.black(put(legs))
    plate.engrave(put(coat), 0.5, tint=0, spot=0.9, angle=80, pitch=5.6, edge=4)
    plate.engrave(put(head), 0.14, tint=0, pitch=5, edge=3)
    plate.black(put(cap))
    plate.engrave(put(brass), 0.16, tint=0.3, angle=40, pitch=6, edge=4)
    plate.black(put(arm))


SCENES: dict[str, Callable[[], Plate]] = {
    scene.__name__.replace("_", "-"): scene
    for scene in (
        *(harbour_night, long_arm, light_1, light_17, light_41, light_42),
        *(library_van, wall, harbour_cat, marmalade, bread, coal_boat),
    )
}


def main() -> None:
    for name in sys.argv[1:] or SCENES:
        path = FOLDER / f"{name}.webp"
        SCENES[name]().print().save(path, lossless=True, quality=100, method=4)  # 6 saves 3 % in 50 times the time.
        print(f"{path.name}: {path.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
