"""The quotation marks of each language: what straight marks become in an article of that language.

From Unicode's CLDR and the style guides of newspapers. A language that isn't here has English marks.
"""

type Marks = tuple[str, str, str, str]
"""Opening and closing, then the same for a quotation in a quotation."""

ENGLISH: Marks = ("“", "”", "‘", "’")
_LOW: Marks = ("„", "“", "‚", "‘")
_LOW_HIGH: Marks = ("„", "”", "‚", "’")
_LOW_AND_ANGLES: Marks = ("„", "”", "«", "»")
_ANGLES: Marks = ("«", "»", "“", "”")
_ANGLES_AND_LOW: Marks = ("«", "»", "„", "“")
_SPACED_ANGLES: Marks = ("«\u202f", "\u202f»", "“", "”")  # With narrow no-break spaces.
_HIGH: Marks = ("”", "”", "’", "’")

MARKS: dict[str, Marks] = {
    **dict.fromkeys(("de", "cs", "sk", "sl", "is", "lt", "lv", "et", "bg", "ka", "hsb", "dsb", "lb", "mk", "sq"), _LOW),
    **dict.fromkeys(("hr", "sr", "bs", "nl-be", "af"), _LOW_HIGH),
    **dict.fromkeys(("pl", "ro"), _LOW_AND_ANGLES),
    **dict.fromkeys(("es", "it", "ca", "gl", "eu", "pt-pt", "el", "hy", "az", "kk", "uz"), _ANGLES),
    **dict.fromkeys(("ru", "uk", "be"), _ANGLES_AND_LOW),
    **dict.fromkeys(("sv", "fi", "he"), _HIGH),
    **dict.fromkeys(("fr", "br"), _SPACED_ANGLES),
    **dict.fromkeys(("nb", "nn", "no"), ("«", "»", "‘", "’")),
    **dict.fromkeys(("ar", "fa", "ur", "ps", "ckb", "de-ch", "fr-ch", "it-ch", "de-li"), ("«", "»", "‹", "›")),
    "hu": ("„", "”", "»", "«"),
    **dict.fromkeys(("ja", "zh-hant", "zh-tw", "zh-hk"), ("「", "」", "『", "』")),
}


# Words that begin with an apostrophe, without it, and can't be the first word of a quotation: “'tis”, “rock 'n' roll”,
# “'s avonds”, “'ne Idee”, “'ndrangheta”.
ELISIONS: dict[str, tuple[str, ...]] = {
    "en": ("tis", "twas", "twere", "twill", "twould", "em", "til", "cos", "coz", "neath", "tween", "n", "nuff"),
    "de": ("n", "ne", "nem", "nen", "ner", "s"),
    **dict.fromkeys(("nl", "af"), ("t", "s", "n", "k", "r", "m")),
    "it": ("ndrangheta",),
    "sv": ("n", "na"),
}


def elisions_of(language: str) -> tuple[str, ...]:
    """Return the words of a language code that begin with an apostrophe; English ones if there is no code."""
    return ELISIONS.get(language.lower().replace("_", "-").partition("-")[0] or "en", ())


def marks_of(language: str) -> Marks:
    """Return the marks of a language code, of the longest part of it that is known: “de-at” has those of “de”."""
    code = language.lower().replace("_", "-")
    while code:
        if code in MARKS:
            return MARKS[code]
        code = code.rpartition("-")[0]
    return ENGLISH
