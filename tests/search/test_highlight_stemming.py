"""The stemmer for highlights, held against that of SQLite."""

import sqlite3
from contextlib import closing
from pathlib import Path

from articles.search.highlight_stemming import stem
from articles.search.word_segmentation import folded_words

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
