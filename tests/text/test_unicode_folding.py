"""What a letter is: normal forms, accents, marks that are letters, invisible characters; the words of the index."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.text.slugs import make_slug, name_key, name_keys
from articles.text.unicode_folding import composed, exact, fold, plain, visible
from articles.topics.topic_names import topic_key

# Pairs of words that a rule “drop all marks” takes for one. # cases.md L1, L2
DIFFERENT = [
    ("रवि", "रवा"),
    ("かがみ", "かかみ"),
    ("パパ", "ババ"),
    ("ข้าว", "ขาว"),
    ("ມ້າ", "ມາ"),
    ("ក្រ", "ករ"),
    ("မြို့", "မို"),
    ("কি", "কী"),
    ("கல்", "கால்"),
    ("మామ", "మీమ"),
    ("සිංහල", "සංහල"),
    ("འོད", "འད"),
    ("각", "가"),
    ("йод", "иод"),
    ("їжа", "іжа"),
    ("ќе", "ке"),
]


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_marks_that_are_letters_tell_two_words_apart(one: str, other: str) -> None:
    for form in (fold, plain, name_key, topic_key, make_slug):
        assert form(one) != form(other)
        assert form(one) == form(unicodedata.normalize("NFD", one))


# cases.md L5
@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("Łódź", "lodz"),
        ("København", "kobenhavn"),
        ("Tromsø", "tromso"),
        ("Đà Nẵng", "da nang"),
        ("smørrebrød", "smorrebrod"),
        ("ısparta", "isparta"),
        ("ISPARTA", "isparta"),
        ("İstanbul", "istanbul"),
        ("Straße", "strasse"),
        ("GROẞE", "grosse"),
        ("Þórður", "thordur"),
        ("Œuvre", "oeuvre"),
        ("Færøerne", "faeroerne"),
        ("Ħal Qormi", "hal qormi"),
        ("Ŋoŋo", "nono"),
        ("Ɓala ɗan ƙasa", "bala dan kasa"),
        ("Ǿ ǽ ǆ ŀ ĳ", "o ae dz l· ij"),
        ("Αθήνα ᾳ", "αθηνα α"),
        ("о́кна ёлка", "окна елка"),
        ("مُحَمَّد", "محمد"),
        ("أحمد", "احمد"),
        ("שָׁלוֹם", "שלום"),
        ("ﬁｎａｌ ｶﾞ", "final ガ"),
        ("นํ้า น้ํา", "น้ำ น้ำ"),
    ],
)
def test_accents_fold_and_so_do_letters_that_only_look_accented(written: str, folded: str) -> None:
    assert fold(written) == folded
    assert fold(unicodedata.normalize("NFD", written)) == folded


def test_every_character_folds_to_a_form_that_is_its_own() -> None:
    """Two spellings of a key would be two names, and a key that can't be found."""
    letters = map(chr, [*range(0xD800), *range(0xE000, 0x30000)])
    for letter in letters:
        for form in (plain, fold, exact):
            once = form(letter)
            assert form(once) == once == unicodedata.normalize("NFC", once)
            assert form(unicodedata.normalize("NFD", letter)) == once


@given(st.text(st.characters(exclude_characters="|", exclude_categories=["Cs"]), max_size=60))
def test_folding_twice_is_folding_once(text: str) -> None:
    for form in (plain, fold, exact):
        assert form(form(text)) == form(text)
    assert fold(composed(text)) == fold(unicodedata.normalize("NFD", text))
    exact_key, folded = name_keys(text)
    assert name_key(folded) == folded
    assert name_key(exact_key) == folded


# cases.md L8
@pytest.mark.parametrize("invisible", ["\u00ad", "\u200b", "\u200d", "\u2060", "\ufeff", "\u200e", "\ufe0f", "\u3164"])
def test_invisible_characters_are_not_compared(invisible: str) -> None:
    assert fold(f"news{invisible}paper") == "newspaper"
    assert make_slug(f"news{invisible}paper") == "newspaper"
    assert name_key(f"Ana{invisible}") == "ana"


def test_joiners_that_change_what_is_read_stay() -> None:
    assert visible("ශ්‍රී") == "ශ්‍රී"
    assert visible("می‌خواهم") == "می‌خواهم"
    assert visible("a\u200db\u00adc\u200c") == "abc"
    assert fold("می‌خواهم") == "ميخواهم"
