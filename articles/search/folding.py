"""Split text into folded words, for the index and for queries. Done in Python, so that both databases get the same."""

import re
from collections.abc import Iterator

from articles.text.slugs import fold

# Scripts written without spaces: each character is a word, and a run of them is searched as a phrase.
UNSPACED = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f"
# Combining accents and vowel points of Latin, Greek, Cyrillic, Hebrew and Arabic, which are part of a word.
COMBINING = "\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed"
LETTER = rf"(?:(?![{UNSPACED}])[^\W_])[{COMBINING}]*"
WORD = re.compile(rf"[{UNSPACED}]|(?:{LETTER})+(?:['’ʼ](?:{LETTER})+)*")
POSSESSIVE = re.compile(r"['’ʼ]s$", re.IGNORECASE)
APOSTROPHE = re.compile(r"['’ʼ]")
LETTERS = re.compile(r"[^\W_]+")
MAX_WORD_LENGTH = 60  # Letters; stemmers leave longer words alone, and indexes reject very long ones.


def fold_word(word: str) -> list[str]:
    """Fold one match of WORD for the index: “Macron’s” becomes macron, “don’t” dont. Mostly one word, rarely none."""
    plain = APOSTROPHE.sub("", POSSESSIVE.sub("", word))
    if plain.isascii():
        return [plain.lower()[:MAX_WORD_LENGTH]] if plain else []
    return [piece[:MAX_WORD_LENGTH] for piece in LETTERS.findall(fold(plain))]


def folded_words(text: str) -> Iterator[str]:
    """Yield all words of a text, folded, in order."""
    for match in WORD.finditer(text):
        yield from fold_word(match[0])
