"""Folding, query parsing, highlighting and stemming: unit tests without a database."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from articles.search.folding import folded_words
from articles.search.highlight_stemming import stem
from articles.search.query import MAX_TERMS, MAX_WORDS, parse_query
from articles.search.snippets import highlight, snippet

STEMMED = """
caresses ponies ties caress cats feed agreed plastered bled motoring sing conflated troubled sized hopping
tanned falling hissing fizzed failing filing happy sky relational conditional rational valenci hesitanci
digitizer conformabli radicalli differentli vileli analogousli vietnamization predication operator feudalism
decisiveness hopefulness callousness formaliti sensitiviti sensibiliti triplicate formative formalize
electriciti electrical hopeful goodness revival allowance inference airliner gyroscopic adjustable defensible
irritant replacement adjustment dependent adoption homologou communism activate angulariti homologous
effective bowdlerize probate rate cease controll roll ferries ferry readers reading voted votes voting
islanders going invited inviting russia russias working headline articles generously yes yields lying dying
sky skies agreement organization organized university easily nearly apologies yellow eyes
"""


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


def test_matches_are_highlighted_as_they_were_written() -> None:
    stems = parse_query("ferries skarvoy cafe").stems
    assert highlight("The <b>ferry</b> & the CAFÉ’s", stems) == (
        "The &lt;b&gt;<mark>ferry</mark>&lt;/b&gt; &amp; the <mark>CAFÉ’s</mark>"
    )


def test_a_snippet_is_the_part_with_most_of_the_words() -> None:
    text = "A bell. " + "Nothing here at all. " * 40 + "The fog bell rang. " + "Nothing more. " * 40
    found = snippet(text, parse_query("fog bell").stems)
    assert found is not None
    assert "The <mark>fog</mark> <mark>bell</mark> rang" in found.html
    assert found.html.startswith("… ")
    assert found.html.endswith(" …")
    assert len(found.html) < 320
    assert snippet(text, parse_query("whale").stems) is None


def test_a_text_of_one_endless_word_has_no_snippet() -> None:
    assert snippet("x" * 500_000, parse_query("x").stems) is None


def test_the_stemmer_stems_as_sqlite_does() -> None:
    words = {word for file in Path().glob("*.md") for word in folded_words(file.read_text())}
    words |= set(STEMMED.split())
    words = {word for word in words if word.isascii() and word.isalpha()}
    ordered = sorted(words)
    with closing(sqlite3.connect(":memory:")) as peer:
        peer.execute("CREATE VIRTUAL TABLE stems USING fts5(word, tokenize='porter ascii')")
        peer.execute("CREATE VIRTUAL TABLE stem_rows USING fts5vocab(stems, instance)")
        peer.executemany("INSERT INTO stems(rowid, word) VALUES (?, ?)", enumerate(ordered))
        theirs = {ordered[number]: term for number, term in peer.execute("SELECT doc, term FROM stem_rows")}
    assert {word: stem(word) for word in ordered} == theirs
