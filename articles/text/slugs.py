"""Slugs, and keys for comparing names without case, accents and look-alike letters."""

import re
import unicodedata

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


def fold(text: str) -> str:
    """Return the text in lower case and without accents, for comparisons."""
    folded = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in folded if not unicodedata.combining(letter))


def name_key(name: str) -> str:
    """Return the key of a public name. Names with equal keys look the same to readers."""
    # NFC, because a decomposed Korean syllable would take three characters of the column.
    return unicodedata.normalize("NFC", re.sub(r"[\W_]+", "", fold(name).translate(LOOK_ALIKES)))


def make_slug(text: str, *, default: str = "untitled") -> str:
    """Return a slug that is never empty. Accents are dropped and other scripts kept, unlike in Django's slugify."""
    plain = re.sub(r"[‘’'ʼ]", "", fold(text))
    slug = re.sub(r"[\W_]+", "-", plain).strip("-")
    if len(slug) > SLUG_LENGTH:
        slug = slug[: SLUG_LENGTH + 1].rsplit("-", 1)[0][:SLUG_LENGTH]
    return slug or default
