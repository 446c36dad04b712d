"""Split texts into the words of the search index, also in scripts without spaces between words, such as Thai and Khmer.

The index and queries are split and folded here, in Python, so that both databases get the same.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from articles.text.unicode_folding import AM, LETTER, fold

# Scripts written without spaces between words: Thai, Lao, Burmese, Khmer, those of their neighbours (Tai Le, New Tai
# Lue, Tai Tham, Balinese, Javanese, Tai Viet, Yi), Japanese and Chinese.
UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u1950-\u19ff\u1a20-\u1aaf\u1b00-\u1b7f\u3005-\u3007\u3040-\u312f\u31a0-\u31bf"
    "\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\ua980-\ua9ff\uaa60-\uaadf\uf900-\ufaff\uff66-\uff9d"
    "\U0001aff0-\U0001b16f\U00020000-\U0003347f"
)
# There each letter with its marks is a word, and a run of them is searched as a phrase.
UNSPACED_WORD = f"(?=[{UNSPACED}]){LETTER}[{AM}]?"
WORD = re.compile(f"{UNSPACED_WORD}|(?:(?![{UNSPACED}]){LETTER})+(?:['’ʼʻ](?:(?![{UNSPACED}]){LETTER})+)*")
POSSESSIVE = re.compile(r"['’ʼ]s$", re.IGNORECASE)
APOSTROPHE = re.compile(r"['’ʼʻ]")
MAX_WORD_LENGTH = 60  # Letters; stemmers leave longer words alone, and indexes reject very long ones.


class _Tokens(dict[int, str]):
    """What each character is in the index.

    A mark and a letter beyond the first 65,536 characters become their number: the tokenizers of SQLite and PostgreSQL
    would take many of them for punctuation, and not the same ones.
    """

    def __missing__(self, number: int) -> str:
        letter = chr(number)
        self[number] = str(number) if number > 0xFFFF or unicodedata.category(letter)[0] == "M" else letter
        return self[number]


_tokens = _Tokens()


def fold_word(word: str) -> tuple[str, ...]:
    """Fold one match of WORD for the index: “Macron’s” becomes macron, “don’t” dont. Mostly one word, rarely none."""
    if word.isascii() and "'" not in word:
        return (word.lower()[:MAX_WORD_LENGTH],)
    return _fold_word(word)


@lru_cache(maxsize=16_384)  # In scripts without spaces, the same few thousand “words” make up every text.
def _fold_word(word: str) -> tuple[str, ...]:
    letters = APOSTROPHE.sub("", POSSESSIVE.sub("", word))
    # Split again: one character may stand for several words, as “½” does.
    return tuple(piece[:MAX_WORD_LENGTH].translate(_tokens) for piece in WORD.findall(fold(letters)))


def folded_words(text: str) -> Iterator[str]:
    """Yield all words of a text, folded, in order."""
    for match in WORD.finditer(text):
        yield from fold_word(match[0])
