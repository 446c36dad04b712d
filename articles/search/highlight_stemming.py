"""Stemming for highlights only: Porter's algorithm (1980), to mark exactly the words that SQLite's index matches.

PostgreSQL uses the second version of the algorithm: there, a highlight may be missing now and then, never a result.
"""

import re
from functools import lru_cache

C, V = "[^aeiou](?:[^aeiouy])*", "[aeiouy][aeiou]*"
MEASURED = re.compile(rf"^(?:{C})?{V}{C}")  # m > 0
MEASURED_ONCE = re.compile(rf"^(?:{C})?{V}{C}(?:{V})?$")  # m = 1
MEASURED_TWICE = re.compile(rf"^(?:{C})?{V}{C}{V}{C}")  # m > 1
VOWEL = re.compile(rf"^(?:{C})?[aeiouy]")
SHORT = re.compile(rf"^{C}[aeiouy][^aeiouwxy]$")

STEP_2 = (
    *(("ational", "ate"), ("tional", "tion"), ("enci", "ence"), ("anci", "ance"), ("izer", "ize"), ("logi", "log")),
    *(("bli", "ble"), ("alli", "al"), ("entli", "ent"), ("eli", "e"), ("ousli", "ous"), ("ization", "ize")),
    *(("ation", "ate"), ("ator", "ate"), ("alism", "al"), ("iveness", "ive"), ("fulness", "ful")),
    *(("ousness", "ous"), ("aliti", "al"), ("iviti", "ive"), ("biliti", "ble")),
)
STEP_3 = (("icate", "ic"), ("ative", ""), ("alize", "al"), ("iciti", "ic"), ("ical", "ic"), ("ful", ""), ("ness", ""))
STEP_4 = re.compile(r"^(.+?)(al|ance|ence|er|ic|able|ible|ant|ement|ment|ent|ou|ism|ate|iti|ous|ive|ize|(?<=[st])ion)$")


@lru_cache(maxsize=8192)
def stem(word: str) -> str:
    """Return the stem of a folded word; one that is not all Latin letters is returned unchanged."""
    if len(word) < 3 or not (word.isascii() and word.isalpha()):
        return word
    return _step_5(_step_4(_replace(_replace(_step_1(word), STEP_2), STEP_3)))


def _step_1(word: str) -> str:
    """Remove plural endings, -ed and -ing, and change a final y to i."""
    if word.endswith(("sses", "ies")):
        word = word[:-2]
    elif word.endswith("s") and not word.endswith("ss"):
        word = word[:-1]
    if word.endswith("eed"):
        if MEASURED.match(word[:-3]):
            word = word[:-1]
    elif (cut := re.match(r"^(.+)(?:ed|ing)$", word)) and VOWEL.match(cut[1]):
        word = cut[1]
        if word.endswith(("at", "bl", "iz")):
            word += "e"
        elif re.search(r"([^aeiouylsz])\1$", word):
            word = word[:-1]
        elif SHORT.match(word):
            word += "e"
    if word.endswith("y") and VOWEL.match(word[:-1]):
        word = word[:-1] + "i"
    return word


def _replace(word: str, endings: tuple[tuple[str, str], ...]) -> str:
    for ending, replacement in sorted(endings, key=lambda pair: -len(pair[0])):
        if word.endswith(ending):
            rest = word[: -len(ending)]
            return rest + replacement if MEASURED.match(rest) else word
    return word


def _step_4(word: str) -> str:
    if (cut := STEP_4.match(word)) and MEASURED_TWICE.match(cut[1]):
        return cut[1]
    return word


def _step_5(word: str) -> str:
    if word.endswith("e"):
        rest = word[:-1]
        if MEASURED_TWICE.match(rest) or (MEASURED_ONCE.match(rest) and not SHORT.match(rest)):
            word = rest
    if word.endswith("ll") and MEASURED_TWICE.match(word):
        word = word[:-1]
    return word
