"""Watched words: found as whole words however they are disguised, and never inside innocent ones."""

from typing import Any

import pytest

from articles.discussion.models import WatchedWord
from articles.discussion.watched_words import MAX_WORDS, find_word, save_words, tokens_of
from articles.errors import Refused

pytestmark = pytest.mark.django_db

HOLD, REFUSE = WatchedWord.Effect.HOLD, WatchedWord.Effect.REFUSE


@pytest.mark.parametrize(
    "text",
    [
        "You clown!",
        "CLOWN",
        "Such a clówn.",
        "What a c l o w n he is",
        "cl0wn",
        "cl\u00adown",
        "cl\u200bown",
        "clо\u0301wn",  # A Cyrillic o with an accent.
        "c.l.o.w.n",
        "*clown*",
        "clown's hat",
    ],
)
def test_a_word_is_found_in_its_disguises(text: str) -> None:
    save_words(["clown"], effect=HOLD)
    found = find_word(text)
    assert found is not None and found == ("clown", HOLD)


@pytest.mark.parametrize(
    ("word", "text"),
    [
        ("cunt", "He lives in Scunthorpe."),
        ("ass", "A class in the grass"),
        ("arse", "The parser is sparse."),
        ("hell", "Hello, shell"),
        ("1", "There were 10 of us."),
        ("clown fish", "A clown ate the fish."),
        ("rape", "Grapes and drapes, i.e. a p e r"),
    ],
)
def test_innocent_words_are_left_alone(word: str, text: str) -> None:
    save_words([word], effect=HOLD)
    assert find_word(text) is None


@pytest.mark.parametrize(
    ("word", "text"),
    [
        ("free money", "Get FREE   money now"),
        ("बुरा", "यह बुरा है"),
        ("плохой", "Очень плохой совет"),
        ("κακός", "Πολύ ΚΑΚΌΣ"),
        ("12345", "Call 12345 now"),
        ("straße", "Die STRASSE"),
    ],
)
def test_phrases_numbers_and_other_scripts(word: str, text: str) -> None:
    save_words([word], effect=HOLD)
    assert find_word(text) is not None


def test_a_refused_word_counts_before_a_held_one() -> None:
    save_words(["mild"], effect=HOLD)
    save_words(["wild"], effect=REFUSE)
    found = find_word("Mild or wild?")
    assert found is not None and found == ("wild", REFUSE)


def test_saving_replaces_a_list_and_moves_a_word_between_lists() -> None:
    save_words(["one", "ONE", " two ", ""], effect=HOLD)
    assert list(WatchedWord.objects.values_list("text", flat=True)) == ["one", "two"]
    save_words(["two"], effect=REFUSE)
    save_words(["one"], effect=HOLD)
    assert dict(WatchedWord.objects.values_list("text", "effect")) == {"one": "hold", "two": "refuse"}


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["!!!"], "has no letters or digits"),
        (["x" * 81], "is too long"),
        (["one two three four five six seven"], "is too long"),
        ([f"word{number}" for number in range(MAX_WORDS + 1)], "at most 2000 words"),
    ],
)
def test_a_list_that_cannot_work_is_refused_and_nothing_is_lost(words: list[str], says: str) -> None:
    save_words(["kept"], effect=HOLD)
    with pytest.raises(Refused, match=says):
        save_words(words, effect=HOLD)
    assert list(WatchedWord.objects.values_list("text", flat=True)) == ["kept"]


def test_the_length_of_the_list_costs_nothing(django_assert_num_queries: Any) -> None:
    """The list is asked by an index for the words of the comment, so that only these are read."""
    save_words([f"word{number}" for number in range(MAX_WORDS)], effect=HOLD)
    text = " ".join(f"harmless{number}" for number in range(400))
    with django_assert_num_queries(1):
        assert find_word(text) is None
    assert not WatchedWord.objects.filter(first__in=set(tokens_of(text))).exists()


def test_spaced_letters_are_joined_and_short_words_are_not() -> None:
    assert tokens_of("I a am") == ["i", "a", "am"]
    assert tokens_of("a b c") == ["abc"]
    assert tokens_of("a b c d") == ["abcd", "bcd", "abc"]
    assert tokens_of("") == []
