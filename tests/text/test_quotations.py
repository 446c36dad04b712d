"""How a quotation relates to a text."""

import pytest

from articles.text.quotations import Match, longest_shared_run, match

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
    assert match(quotation, TEXT) == outcome


def test_part_of_a_word_is_not_the_word() -> None:
    assert match("old one", TEXT) != Match.VERBATIM


def test_the_longest_shared_run_is_counted_in_words() -> None:
    assert longest_shared_run("would be a long day", TEXT) == 4
