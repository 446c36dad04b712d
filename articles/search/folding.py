"""What a word is, for the index and for the question alike: folded in Python, so that both engines see the same."""

import re
from collections.abc import Iterator

from articles.text.slugs import fold

# Scripts written without blanks: each of their signs is a word, and a run of them is looked for as a phrase.
SIGN = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f"
# Accents and vowel points that stand by themselves, of Latin, Greek, Cyrillic, Hebrew and Arabic: inside a word.
MARK = "\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed"
LETTER = rf"(?:(?![{SIGN}])[^\W_])[{MARK}]*"
WORD = re.compile(rf"[{SIGN}]|(?:{LETTER})+(?:['’ʼ](?:{LETTER})+)*")
POSSESSIVE = re.compile(r"['’ʼ]s$", re.IGNORECASE)
APOSTROPHE = re.compile(r"['’ʼ]")
LETTERS = re.compile(r"[^\W_]+")
WORD_MOST = 60  # Letters; the stemmers leave longer ones alone, and indexes refuse very long ones.


def folded(word: str) -> list[str]:
    """A word found by WORD as the engines get it: “Macron’s” is macron, “don’t” is dont. Mostly one, rarely none."""
    plain = APOSTROPHE.sub("", POSSESSIVE.sub("", word))
    if plain.isascii():
        return [plain.lower()[:WORD_MOST]] if plain else []
    return [piece[:WORD_MOST] for piece in LETTERS.findall(fold(plain))]


def words_in(text: str) -> Iterator[str]:
    """All words of a text, folded, in order."""
    for found in WORD.finditer(text):
        yield from folded(found[0])
