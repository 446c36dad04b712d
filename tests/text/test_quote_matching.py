"""How a quotation relates to a text."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from articles.text.quote_matching import ALTERED_FROM, ComparedText, Match, longest_shared_run, words_of
from tests.text.growth import LINEAR, growth

TEXT = "She looked at the sea and said it would be a long winter, but not a cold one. Nobody believed her at the time."


@pytest.mark.parametrize(
    ("quotation", "outcome"),
    [
        ("it would be a long winter, but not a cold one", Match.VERBATIM),
        ("“It would be a long winter — but not a cold one.”", Match.VERBATIM),
        ("She looked at the sea … Nobody believed her", Match.TRIMMED),
        ("She looked at the sea [...] not a cold one", Match.TRIMMED),
        ("it would be a short winter, but not a cold one", Match.ALTERED),
        ("Nobody believed her … She looked at the sea", Match.ALTERED),
        ("The lighthouse has had three keepers and one ghost", Match.ALONE),
        ("…", Match.ALONE),
    ],
)
def test_a_quotation_is_matched_by_its_words(quotation: str, outcome: Match) -> None:
    assert ComparedText(TEXT).match(quotation) == outcome


def test_part_of_a_word_is_not_the_word() -> None:
    assert ComparedText(TEXT).match("old one") != Match.VERBATIM


def test_the_longest_shared_run_is_counted_in_words() -> None:
    assert longest_shared_run("would be a long day", TEXT) == 4


def test_an_altered_quotation_is_shown_beside_the_words_it_comes_from() -> None:
    assert ComparedText(TEXT).nearest("it would be a short winter, but not a cold one") == (
        "it would be a long winter, but not a cold one"
    )
    assert ComparedText("Of boats and bread.").nearest("The lighthouse has had three keepers") == ""


WORDS = st.sampled_from("the sea is cold and long winter nobody believed her pier lamp boat bread at noon".split())
TEXTS = st.lists(WORDS, min_size=8, max_size=60)


def stands(piece: list[str], text: list[str], start: int = 0) -> int:
    """Where a run of words ends, sought as plainly as can be; -1 if it is not there."""
    ends = [at + len(piece) for at in range(start, len(text)) if text[at : at + len(piece)] == piece]
    return ends[0] if ends else -1


@given(text=TEXTS, quote=st.lists(WORDS, min_size=1, max_size=12), data=st.data())
def test_a_quote_is_verbatim_or_trimmed_if_and_only_if_its_words_stand_there(
    text: list[str], quote: list[str], data: st.DataObject
) -> None:
    """Body and quote edited at random: from the body, with words cut out and put in, or of other words altogether."""
    if data.draw(st.booleans()):
        start = data.draw(st.integers(0, len(text) - 1))
        quote = text[start : start + len(quote)]
    for _ in range(data.draw(st.integers(0, 2))):
        at = data.draw(st.integers(0, len(text)))
        text = data.draw(st.sampled_from([[*text[:at], data.draw(WORDS), *text[at:]], text[:at] + text[at + 1 :]]))
    cut = data.draw(st.integers(0, len(quote)))
    pieces = [piece for piece in (quote[:cut], quote[cut:]) if piece]
    body = " ".join(text).replace("noon", "noon.").capitalize()
    found = ComparedText(body).match(" … ".join(f"“{' '.join(piece)}”" for piece in pieces))
    end = 0
    for piece in pieces:
        end = stands(piece, text, end) if end >= 0 else -1
    if end >= 0:
        assert found == (Match.VERBATIM if len(pieces) == 1 else Match.TRIMMED)
    else:
        assert found in (Match.ALTERED, Match.ALONE)
        near = words_of(ComparedText(body).nearest(" ".join(quote)))
        if found == Match.ALTERED:  # What it is compared with stands in the body and has most of its words.
            assert stands(near, text) >= 0
            assert sum(word in near for word in quote) >= ALTERED_FROM * len(quote)


@given(text=TEXTS, data=st.data())
def test_a_quote_with_one_word_changed_is_altered(text: list[str], data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 8))
    quote = text[start : start + 8]
    assume(len(quote) == 8)
    quote[data.draw(st.integers(0, 7))] = "harmonium"
    assert ComparedText(" ".join(text)).match(" ".join(quote)) == Match.ALTERED


@given(text=TEXTS, quote=st.lists(st.sampled_from(["quay", "gnome", "clerk"]), min_size=1, max_size=9))
def test_a_quote_of_other_words_stands_alone(text: list[str], quote: list[str]) -> None:
    assert ComparedText(" ".join(text)).match(" ".join(quote)) == Match.ALONE


@pytest.mark.parametrize("words", [40, 400])
def test_an_altered_quote_is_found_in_a_long_text(words: int) -> None:
    common = "the of and to in that is was for it".split()
    text = [f"{common[number % 10]} {common[number * number % 7]} word{number % 1_500}" for number in range(8_000)]
    quote = " ".join(text[5_000 : 5_000 + words // 3]).replace("word1", "changed1")
    found = ComparedText(" ".join(text)).nearest(quote)
    assert found.split()[-1] == quote.split()[-1] and len(found.split()) == len(quote.split())


def test_twice_the_text_takes_twice_the_time_for_an_altered_quote() -> None:
    quote = "the harbour is as quiet as the lamps of the town at noon on a winter day"

    def compare(text: str) -> None:
        assert ComparedText(text).match(quote) != Match.VERBATIM

    assert growth(compare, lambda count: "the harbour is of a town " * count, 8_000) < LINEAR
