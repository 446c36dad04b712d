"""The site's own classifier: how much a comment is like those that moderators have hidden here.

Logistic regression on hashed words and parts of words, trained by `classifier_training` on this machine, from this
site's decisions. What is stored can't be turned back into anybody's text. In plain Python a comment of usual length
takes 0.3 ms, and the weights of one kind 256 KB of memory.
"""

import zlib
from array import array
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from itertools import pairwise
from math import exp, sqrt

from articles.discussion import watched_words
from articles.discussion.models import Classifier
from articles.web.prepared_query import PreparedQuery

ANY = "any"  # The kind of all hidden comments together.
SIZE = 1 << 16  # Weights: for the vocabulary of a site's comments, collisions cost less than a point of precision.
MAX_READ = 300  # Words: the beginning shows what kind of comment it is, and takes at most a millisecond.
PART = 4  # Letters in a part of a word: finds endings, compounds and misspellings.
WORD_SHOWN = 20  # Characters: longer ones, such as links, say little.
PUNCTUATION = ".,:;!?…()[]*_\"'“”‘’"
NEUTRAL = 50  # The risk of a comment of which nothing is known.
CERTAIN = 30.0  # Log odds beyond which nothing changes; `exp` would overflow at 700.


@dataclass(frozen=True, slots=True)
class Model:
    """What is needed to score a comment."""

    kind: str
    trained_at: datetime
    weights: "array[float]"
    bias: float
    threshold: float | None

    def score(self, features: Collection[int]) -> float:
        """Return the log odds that a comment is of this kind, if as many are as aren't."""
        if not features:
            return 0.0
        return self.bias + sum(map(self.weights.__getitem__, features)) / sqrt(len(features))

    def holds(self, features: Collection[int]) -> bool:
        return self.threshold is not None and self.score(features) >= self.threshold

    def weighed_words(self, words: Iterable[str], *, most: int = 3) -> list[str]:
        """Return those of the words, as they were typed, that speak most for this kind, the heaviest first."""
        weighed = {
            word: sum(map(self.weights.__getitem__, features_of(watched_words.tokens_of(word))))
            for word in dict.fromkeys(word.strip(PUNCTUATION) for word in words)
            if 0 < len(word) <= WORD_SHOWN
        }
        heaviest = sorted((word for word in weighed if weighed[word] > 0), key=lambda word: -weighed[word])
        return heaviest[:most]


def features_of(words: Sequence[str]) -> set[int]:
    """Return the hashed features of a text: its words, pairs of words and parts of words.

    Args:
        words: As `watched_words.tokens_of` compares them, which takes longer than all the rest.
    """
    words = words[:MAX_READ]
    found = {_hashed(f"{first} {second}") for first, second in pairwise(words)}
    return found.union(*map(_of_word, words))


@lru_cache(maxsize=10_000)  # Half of the words of an ordinary text are among the commonest thousand.
def _of_word(word: str) -> frozenset[int]:
    padded = f"<{word}>"
    parts = (padded[at : at + PART] for at in range(len(padded) - PART + 1))
    return frozenset(map(_hashed, (word, *parts)))


def _hashed(feature: str) -> int:
    return zlib.crc32(feature.encode()) % SIZE


def pack(weights: "array[float]") -> bytes:
    """Return weights as they are stored: most are zero."""
    return zlib.compress(weights.tobytes(), level=6)


def unpack(stored: bytes | memoryview) -> "array[float]":
    weights = array("f")
    weights.frombytes(zlib.decompress(stored))
    return weights


_TRAINED = PreparedQuery(lambda: Classifier.objects.order_by("kind").values_list("kind", "trained_at"))
_loaded: dict[str, Model] = {}
"""By kind. Replaced when another process has trained them anew, so that no request loads weights twice."""


def models() -> list[Model]:
    """Return the models of all kinds. One query, and one for each that was trained since the last call."""
    current = []
    for kind, trained_at in _TRAINED.rows():
        model = _loaded.get(kind)
        if model is None or model.trained_at != trained_at:
            row = Classifier.objects.filter(kind=kind).first()
            if row is None:  # Another process has just trained them anew.
                continue
            model = _loaded[kind] = Model(kind, row.trained_at, unpack(row.weights), row.bias, row.threshold)
        current.append(model)
    return current


def risk(models: Collection[Model], features: Collection[int]) -> int:
    """Return how much a comment is like hidden ones, from 0 to 100."""
    of_any = next((model for model in models if model.kind == ANY), None)
    return NEUTRAL if of_any is None else round(100 * probability(of_any.score(features)))


def probability(log_odds: float) -> float:
    return 1 / (1 + exp(-max(-CERTAIN, min(CERTAIN, log_odds))))
