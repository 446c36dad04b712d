"""From what a person typed to the words that are looked for. Nothing typed reaches an engine but letters and digits."""

import re
from dataclasses import dataclass

from articles.search.folding import words_in
from articles.search.stemming import stem
from articles.text.sanitizing import clean_line

QUESTION_MOST = 200  # Characters; a long sentence. What is longer was pasted by mistake, or is an attack.
TERMS_MOST = 10  # Words or phrases; each one more costs the engines time and finds less.
SIGNS_MOST = 40  # Words in all, those of phrases counted singly.

PHRASE_OR_WORD = re.compile(r'["“”„«»]([^"“”„«»]*)["“”„«»]|([^\s"“”„«»]+)')


@dataclass(frozen=True, slots=True)
class Question:
    """Terms that must all be there: a single word, or a phrase of several in this order."""

    typed: str
    """What was typed, cleaned: it goes back into the field."""
    terms: tuple[tuple[str, ...], ...]
    cut: bool
    """Whether more was typed than is looked for."""

    @property
    def stems(self) -> frozenset[str]:
        return frozenset(stem(word) for term in self.terms for word in term)

    def __bool__(self) -> bool:
        return bool(self.terms)


def question_of(raw: str) -> Question:
    """Never refuses: what is no word is left out, what is too much is cut and said."""
    typed = clean_line(raw[: QUESTION_MOST + 1])
    cut = len(raw) > QUESTION_MOST
    typed = typed[:QUESTION_MOST]
    terms: list[tuple[str, ...]] = []
    for found in PHRASE_OR_WORD.finditer(typed):
        term = tuple(words_in(found[1] if found[1] is not None else found[2]))
        if not term or term in terms:
            continue
        if len(terms) == TERMS_MOST or sum(map(len, terms)) + len(term) > SIGNS_MOST:
            cut = True
            break
        terms.append(term)
    return Question(typed, tuple(terms), cut)
