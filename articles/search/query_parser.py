"""Parse a search query. Only letters and digits of it reach the database."""

import re
from dataclasses import dataclass

from articles.search.highlight_stemming import stem
from articles.search.spelling import other_spelling
from articles.search.word_segmentation import folded_words
from articles.text.sanitizing import clean_line

MAX_LENGTH = 200  # Characters, a long sentence. Anything longer was pasted by mistake, or is an attack.
MAX_TERMS = 10  # Words or phrases; each one more takes the database longer and finds less.
MAX_WORDS = 40  # In all terms together, counting each word of a phrase.

PHRASE_OR_WORD = re.compile(r'["“”„«»]([^"“”„«»]*)["“”„«»]|([^\s"“”„«»]+)')


@dataclass(frozen=True, slots=True)
class Query:
    """Terms that must all match: a single word, or several words in this order. False without terms."""

    text: str
    """The cleaned input, shown again in the search field."""
    terms: tuple[tuple[str, ...], ...]
    truncated: bool
    """Whether part of the input is ignored."""

    @property
    def spellings(self) -> list[tuple[tuple[str, ...], ...]]:
        """Each term as typed and, if that differs, in the other of British and American spelling."""
        both = [(term, tuple(other_spelling(word) or word for word in term)) for term in self.terms]
        return [(term, other) if other != term else (term,) for term, other in both]

    @property
    def stems(self) -> frozenset[tuple[str, ...]]:
        """The stems of each spelling of a term: all of them in this order are one match."""
        return frozenset(tuple(map(stem, term)) for spellings in self.spellings for term in spellings)

    def __bool__(self) -> bool:
        return bool(self.terms)


def parse_query(raw: str) -> Query:
    """Parse any input: skip what has no words, and truncate what is too long."""
    text = clean_line(raw[: MAX_LENGTH + 1])[:MAX_LENGTH]
    truncated = len(raw) > MAX_LENGTH
    terms: list[tuple[str, ...]] = []
    for match in PHRASE_OR_WORD.finditer(text):
        term = tuple(folded_words(match[1] if match[1] is not None else match[2]))
        if not term or term in terms:
            continue
        if len(terms) == MAX_TERMS or sum(map(len, terms)) + len(term) > MAX_WORDS:
            truncated = True
            break
        terms.append(term)
    return Query(text, tuple(terms), truncated)
