"""Keys under which two names are the same name: case, accents and look-alike letters folded."""

import re
import unicodedata

# Letters of other scripts that most faces draw like a Latin one (a short choice from Unicode's confusables.txt,
# UTS 39); digits that pass for letters are folded too, so that “Paul” and “Pau1” can't both write here.
LOOK_ALIKES = str.maketrans(
    {
        **dict(zip("аеорсухіјѕԁһԛԝӏոսує", "aeopcyxijsdhqwlnuye", strict=True)),  # Cyrillic, Armenian
        **dict(zip("ονρακιυτ", "ovpakiut", strict=True)),  # Greek
        **dict(zip("0i1|Ɩıℓ", "ollllll", strict=True)),  # A capital i looks like a small l, so i folds to l
    }
)
SLUG_LENGTH = 80  # Characters; long enough for a headline's sense, short enough for a mail's line.


def bare(text: str) -> str:
    """Lower case without accents: the form in which words are compared."""
    folded = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in folded if not unicodedata.combining(letter))


def name_key(name: str) -> str:
    """The key of a public name; equal keys mean that a reader could not tell the names apart."""
    # NFC at the end: a Korean syllable would fill three places of the column.
    return unicodedata.normalize("NFC", re.sub(r"[\W_]+", "", bare(name).translate(LOOK_ALIKES)))


def slug_of(text: str, *, otherwise: str = "untitled") -> str:
    """An address from a title: ASCII where letters have a plain form, other scripts kept, never empty."""
    plain = re.sub(r"[‘’'ʼ]", "", bare(text))
    slug = re.sub(r"[\W_]+", "-", plain).strip("-")
    if len(slug) > SLUG_LENGTH:
        slug = slug[: SLUG_LENGTH + 1].rsplit("-", 1)[0][:SLUG_LENGTH]
    return slug or otherwise
