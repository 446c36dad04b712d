"""What is removed from typed text before it is stored."""

import unicodedata

from articles.text.sanitizing import MAX_COMBINING, clean_line, clean_text


def test_invisible_and_reordering_characters_are_removed() -> None:
    assert clean_text("a\u202eb\x00c\ud800d\r\ne") == "abcd\ne"
    assert clean_line("  two\n words ") == "two words"


def test_stacked_marks_are_capped() -> None:
    assert clean_text("z" + "\u0335" * 500).count("\u0335") == MAX_COMBINING


# cases.md L3
def test_text_is_stored_composed() -> None:
    assert clean_text(unicodedata.normalize("NFD", "서울 é が")) == unicodedata.normalize("NFC", "서울 é が")
    assert clean_line("นํ้า") == "น้ำ"
