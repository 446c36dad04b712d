"""Queries: words and phrases become terms."""

import pytest

from articles.search.query_parser import MAX_TERMS, MAX_WORDS, parse_query


def terms(raw: str) -> list[str]:
    return [" ".join(term) for term in parse_query(raw).terms]


def test_words_and_phrases_become_terms() -> None:
    assert terms('ferry "fog bell" mid-east') == ["ferry", "fog bell", "mid east"]
    assert terms("“Fog Bell” fog fog") == ["fog bell", "fog"]
    assert terms('ferry "fog bell') == ["ferry", "fog", "bell"]


@pytest.mark.parametrize("raw", ["", " ", '"', '"""', "%_*()^:-+", "\x00", "\ud800", '""', "😀"])
def test_a_query_without_words_is_false(raw: str) -> None:
    assert not parse_query(raw)


def test_operators_are_treated_as_words() -> None:
    assert terms("NEAR(a b) headline:fog a* OR ^b -c") == ["near a", "b", "headline fog", "a", "or", "c"]


def test_long_queries_are_truncated_and_say_so() -> None:
    many = parse_query(" ".join(f"w{number}" for number in range(30)))
    assert (len(many.terms), many.truncated) == (MAX_TERMS, True)
    huge = parse_query("東" * 10_000)
    assert huge.truncated
    assert sum(map(len, huge.terms)) <= MAX_WORDS
    assert not parse_query("fog bell").truncated
