"""Slugs, and keys for comparing names without case, accents and look-alike letters."""

import re

from articles.text.excerpts import cut
from articles.text.unicode_folding import MARKS, compatible, exact, fold, only_letters, plain

# Letters that most typefaces draw like a Latin one (from confusables.txt of Unicode, UTS 39). Digits that look like
# letters are folded too, so that “Paul” and “Pau1” can't both have an account.
LOOK_ALIKES = str.maketrans(
    {
        **dict(zip("аеорсухіјѕԁһԛԝӏոսує", "aeopcyxijsdhqwlnuye", strict=True)),  # Cyrillic, Armenian
        **dict(zip("ονρακιυτ", "ovpakiut", strict=True)),  # Greek
        **dict(zip("0i1|Ɩıℓ", "ollllll", strict=True)),  # A capital i looks like a small l, so i folds to l
    }
)
SLUG_LENGTH = 80  # Characters; enough to recognise a headline, short enough for one line of an email.
APOSTROPHES = re.compile("[‘’'ʼʻ]")
NOT_IN_SLUGS = re.compile(f"(?:(?:[^\\w{MARKS}]|_)[{MARKS}]*)+|^[{MARKS}]+")
SLUG = f"[-\\w{MARKS}]+"
"""A slug as a regular expression, for URLs and validators: to Python's `\\w`, a vowel sign is no letter."""


def name_key(name: str) -> str:
    """Return the key of a public name. Names with equal keys look the same to readers."""
    return only_letters(fold(name).translate(LOOK_ALIKES))


def exact_name_key(name: str) -> str:
    """Return a key that differs where accents do, for two names that were told apart before accents were folded."""
    return only_letters(exact(compatible(name)))


def name_keys(name: str) -> tuple[str, str]:
    """Return the keys by which to find a name, the exact one first."""
    return exact_name_key(name), name_key(name)


def make_slug(text: str, *, default: str = "untitled", length: int = SLUG_LENGTH) -> str:
    """Return a slug that is never empty. Accents are dropped and other scripts kept, unlike in Django's slugify."""
    slug = NOT_IN_SLUGS.sub("-", APOSTROPHES.sub("", plain(text))).strip("-")
    return cut(slug, length, between="-").strip("-") or default
