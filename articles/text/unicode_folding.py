"""Case, accents and letters of every script: which marks are part of a letter, which are accents, what is invisible.

Text is stored in NFC. Two texts are compared by `fold`, and addresses are made with `plain`.
A vowel sign, a dakuten, a virama or a piece of a Korean syllable makes another letter, so these are never dropped. The
accents of Latin and Greek letters and the optional points of Hebrew, Arabic and Cyrillic may be.
"""

import re
import unicodedata
from functools import lru_cache
from itertools import pairwise

# Characters that nobody sees (Unicode's Default_Ignorable_Code_Point): soft hyphen, joiners, directions, fillers,
# variation selectors. Two texts that differ only in them look the same.
INVISIBLE = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f"
    "\ufeff\uffa0\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
_INVISIBLE = re.compile(f"[{INVISIBLE}]+")
# Joiners that change what is read stay in names: after a virama, as in Sinhala, and between Arabic letters, as in
# Persian. The same places are allowed in host names (RFC 5892, appendix A).
ARABIC = "\u0620-\u064a\u066e-\u06d3\u06fa-\u06ff\u0750-\u077f"
VIRAMAS = "\u094d\u09cd\u0a4d\u0acd\u0b4d\u0bcd\u0c4d\u0ccd\u0d4d\u0dca\u0e3a\u0f84\u1039\u103a\u17d2\ua9c0\u1b44\u1a60"
JOINERS = "\u200c\u200d"
_NEEDLESS = re.compile(f"(?:(?<![{VIRAMAS}])\u200d|(?<![{VIRAMAS}{ARABIC}])\u200c|(?![{JOINERS}])[{INVISIBLE}])+")

LAST_MARK = 0x1FFFF  # Beyond it, only variation selectors are marks.


def _ranges(numbers: list[int]) -> str:
    """Return the inside of a character class."""
    starts = [numbers[0], *(number for last, number in pairwise(numbers) if number > last + 1)]
    ends = [*(last for last, number in pairwise(numbers) if number > last + 1), numbers[-1]]
    return "".join(f"{chr(start)}-{chr(end)}" for start, end in zip(starts, ends, strict=True))


# All combining marks; the two of half-width katakana are letters to Unicode.
MARKS = _ranges([n for n in range(0x300, LAST_MARK) if unicodedata.category(chr(n))[0] == "M"]) + "\uff9e\uff9f"
LETTER = f"[^\\W_][{MARKS}{INVISIBLE}]*"
"""A letter or digit with its marks, as a regular expression. An invisible character inside a word is part of it."""

# Accents: marks on letters of any script (except where NFC makes one letter of both), titlo, and the points of
# Hebrew and Arabic, with the tatweel, which only stretches a line. The hamza is a letter's part.
_ACCENTS = re.compile(
    "[\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u0640\u064b-\u0652"
    "\u0656-\u065f\u0670\u06d6-\u06dc\u06df-\u06e8\u06ea-\u06ed\u08d3-\u08ff\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20f0\ufe20-\ufe2f]"
)
# What NFKC takes apart but readers take as one letter: am in Thai and Lao, Lao ligatures, Tibetan vowels.
_WHOLE = set("\u0e33\u0eb3\u0edc\u0edd\u0f77\u0f79")
# Latin letters that don't decompose into a letter and an accent. Those whose Unicode name says so (“l with stroke”)
# are found by it.
_LATIN = {
    "æ": "ae",
    "œ": "oe",
    "ß": "ss",
    "þ": "th",
    "ð": "d",
    "ı": "i",
    "ȷ": "j",
    "ŋ": "n",
    "ĸ": "k",
    "ə": "e",
    "ǝ": "e",
    "ɛ": "e",
    "ɔ": "o",
    "ɑ": "a",
    "ɩ": "i",
    "ʋ": "v",
    "ɣ": "g",
    "ƿ": "w",
    "ȝ": "y",
}
_WITH = re.compile(r"LATIN (?:SMALL|CAPITAL) LETTER ([A-Z]|AE|OE|DOTLESS J) WITH ")
# Spellings that differ from keyboard to keyboard or by habit. They are one letter when texts are compared, and stay
# as they were written in addresses.
_SPELLINGS = {
    "ё": "е",
    "ѐ": "е",
    "ѝ": "и",
    "أ": "ا",
    "إ": "ا",
    "آ": "ا",
    "ٱ": "ا",
    "ى": "ي",
    "ی": "ي",
    "ک": "ك",
}
AM = "\u0e33\u0eb3"
"""The vowel am of Thai and Lao, which is written after a letter and belongs to it."""
# Typed as two characters, with or without a tone between. They look the same, but NFC doesn't join them.
_SPLIT_AM = re.compile("\u0e4d([\u0e48-\u0e4b]?)\u0e32|\u0ecd([\u0ec8-\u0ecb]?)\u0eb2")


class _Letters(dict[int, str]):
    """What each character becomes, worked out once per character that occurs."""

    def __init__(self, *, spellings: bool) -> None:
        self._spellings = _SPELLINGS if spellings else {}

    def __missing__(self, number: int) -> str:
        letter = chr(number)
        plain = "".join(map(_without_accents, compatible(letter))).casefold()
        # Once more, since some letters are only told apart after their case is folded.
        plain = "".join(map(_without_accents, unicodedata.normalize("NFC", plain)))
        self[number] = "".join(self._spellings.get(each, each) for each in plain)
        return self[number]


def _without_accents(letter: str) -> str:
    if _ACCENTS.match(letter):
        return ""
    base = unicodedata.normalize("NFD", letter)[0]
    name = unicodedata.name(base, "")
    if name.startswith("LATIN"):
        lower = base.lower()[0]
        if found := _WITH.match(name):
            lower = {"DOTLESS J": "j"}.get(found[1], found[1].lower())
        return _LATIN.get(lower, lower) if len(lower) == 1 else lower
    return base if name.startswith("GREEK") else letter


_plain_letters = _Letters(spellings=False)
_folded_letters = _Letters(spellings=True)


def composed(text: str) -> str:
    """Return the text in NFC, the form in which text is stored. The vowel am of Thai and Lao becomes one letter too."""
    if text.isascii():
        return text
    text = unicodedata.normalize("NFC", text)
    return _SPLIT_AM.sub(_joined_am, text) if "\u0e4d" in text or "\u0ecd" in text else text


def visible(text: str) -> str:
    """Return the text without the characters that nobody sees, except joiners that change what is read."""
    return text if text.isascii() else _NEEDLESS.sub("", text)


def compatible(text: str) -> str:
    """Return the text in NFC with the usual letters for full-width, half-width and other compatibility ones."""
    if text.isascii():
        return text
    return composed("".join(letter if letter in _WHOLE else unicodedata.normalize("NFKC", letter) for letter in text))


def plain(text: str) -> str:
    """Return the text in lower case, without accents and invisible characters; other letters as they are written."""
    return text.lower() if text.isascii() else _translated(text, _plain_letters)


def fold(text: str) -> str:
    """Return the text in the form in which it is compared: plain, and with one spelling of letters that have several.

    Folding what is folded changes nothing.
    """
    return text.lower() if text.isascii() else _translated(text, _folded_letters)


def exact(text: str) -> str:
    """Return the text in lower case without invisible characters, and with its accents."""
    return composed(_INVISIBLE.sub("", composed(text)).casefold())


def _translated(text: str, letters: _Letters) -> str:
    return composed(composed(_INVISIBLE.sub("", text)).translate(letters))


def _joined_am(found: re.Match[str]) -> str:
    return found[1] + "\u0e33" if found[1] is not None else (found[2] or "") + "\u0eb3"


@lru_cache(maxsize=64)
def _not_in_words(kept: str) -> re.Pattern[str]:
    return re.compile(f"[^\\w{MARKS}{re.escape(kept)}]|_")


def only_letters(text: str, *, keep: str = "") -> str:
    """Return the letters and digits of a text with their marks, and the characters of `keep`."""
    return _not_in_words(keep).sub("", text)


TYPED_WORD = re.compile(f"(?:{LETTER})+(?:['’](?:{LETTER})+)*")


def words_of(text: str) -> list[str]:
    """Return the words in the form in which they are compared: folded, without punctuation, straight apostrophes."""
    return [fold(word).replace("’", "'") for word in TYPED_WORD.findall(text)]
