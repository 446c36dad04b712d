"""An accent colour of the publication's own: whether words in it can be read, its shade for dark pages, its stylesheet.

The backgrounds are those of `static/css/tokens.css`: the page, the wash under notes, and fields.
"""

import re
from collections.abc import Iterable

LIGHT = ("#fffdf9", "#f6f1e7", "#ffffff")
DARK = ("#14130f", "#1d1b16", "#191812")
DEFAULT = "#962718"
LEAST_CONTRAST = 7.0  # WCAG's level AAA for text, which all words of the site have.
COLOUR = re.compile(r"#[0-9a-f]{6}")
STEPS = 100  # Between a colour and black or white.

STYLES = """:root {{ {light} }}
@media screen and (prefers-color-scheme: dark) {{ :root:not([data-theme="light"]) {{ {dark} }} }}
@media screen {{ :root[data-theme="dark"] {{ {dark} }} }}
"""
# The tokens that are made of the accent, with their opacity.
TOKENS = {"--accent": "", "--mark": "24", "--mark-light": "17", "--quotation-line": "73"}


def is_colour(text: str) -> bool:
    return bool(COLOUR.fullmatch(text))


def lowest_contrast(colour: str, backgrounds: Iterable[str] = LIGHT) -> float:
    """Return the contrast of a colour with that of the backgrounds from which it differs least (WCAG 2)."""
    luminances = [(_luminance(colour), _luminance(background)) for background in backgrounds]
    return min((max(pair) + 0.05) / (min(pair) + 0.05) for pair in luminances)


def readable(colour: str, backgrounds: Iterable[str], *, towards: str) -> str:
    """Return the colour, mixed with as little of another as makes it readable."""
    mixes = (_mixed(colour, towards, step / STEPS) for step in range(STEPS + 1))
    return next(mix for mix in mixes if lowest_contrast(mix, backgrounds) >= LEAST_CONTRAST)


def darkened(colour: str) -> str:
    return readable(colour, LIGHT, towards="#000000")


def stylesheet(colour: str) -> str:
    """Return the tokens of an accent, for light pages and, lighter, for dark ones."""
    shades = {"light": darkened(colour), "dark": readable(colour, DARK, towards="#ffffff")}
    return STYLES.format(
        **{
            theme: " ".join(f"{token}: {shade}{opacity};" for token, opacity in TOKENS.items())
            for theme, shade in shades.items()
        }
    )


def _channels(colour: str) -> list[int]:
    return [int(colour[start : start + 2], 16) for start in (1, 3, 5)]


def _luminance(colour: str) -> float:
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (channel / 255 for channel in _channels(colour))
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _mixed(colour: str, other: str, share: float) -> str:
    pairs = zip(_channels(colour), _channels(other), strict=True)
    return "#" + "".join(f"{round(one + (two - one) * share):02x}" for one, two in pairs)
