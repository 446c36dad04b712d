"""Words of the search index in every script."""

import pytest

from articles.search.word_segmentation import folded_words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Macron’s ‘end of hegemony’", "macron end of hegemony"),
        ("don't O’Brien readers'", "dont obrien readers"),
        ("Skarvøy café G7 3.5%", "skarvoy cafe g7 3 5"),
        ("mid-east_peace", "mid east peace"),
        ("東京の夜 Tokyo東京", "東 京 の 夜 tokyo 東 京"),
        ("a\x00b", "a b"),
        ("שלום مَرحبا", "שלום مرحبا"),
        ("’s", "s"),
    ],
)
def test_words_are_folded(text: str, words: str) -> None:
    assert " ".join(folded_words(text)) == words
