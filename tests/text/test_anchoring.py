"""Text anchors after edits: located by the diff, never by similarity."""

import time
from collections.abc import Callable
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.text.alignment import Text
from articles.text.anchoring import CONTEXT, Anchor, Outcome, Place, TextMapping, anchor_at

VOTE = (
    "The vote took eleven minutes. When the chair of the harbour board asked who would pay for the boat, every hand in "
    "the net loft went up, and one of them held a cheque."
)
FERRY = "For forty years the ferry has left the south quay at ten past seven with schoolchildren, bread and the post."
CLAUSE = "What happens next depends on a clause that no one has used since 1974."
HANDS = "every hand in the net loft went up"
TEXT = [VOTE, FERRY, CLAUSE]


def anchor(words: str, text: list[str] = TEXT) -> Anchor:
    paragraph = next(number for number, line in enumerate(text) if words in line)
    start = text[paragraph].index(words)
    return anchor_at(text[paragraph], paragraph, start, start + len(words))


def follow(words: str, new: list[str], old: list[str] = TEXT) -> tuple[str, int | None, str]:
    place = TextMapping(old, new).locate(anchor(words, old))
    return place.outcome.value, place.paragraph, place.text


def test_an_anchor_has_context() -> None:
    found = anchor(HANDS)
    assert (found.prefix, found.suffix) == (VOTE[68:100], VOTE[134:166])
    assert len(found.prefix) == len(found.suffix) == CONTEXT
    assert found.matches(VOTE)
    assert not found.matches(VOTE.replace("pay", "row"))


def test_words_of_an_unchanged_text_are_exact() -> None:
    assert follow(HANDS, TEXT) == ("exact", 0, HANDS)


def test_words_stay_exact_when_their_surroundings_change() -> None:
    assert follow(HANDS, ["A paragraph before.", *TEXT]) == ("exact", 1, HANDS)
    assert follow(HANDS, ["Once more. " + VOTE.replace("eleven", "twelve"), FERRY]) == ("exact", 0, HANDS)


def test_a_moved_paragraph_is_moved() -> None:
    assert follow(HANDS, [FERRY, CLAUSE, VOTE]) == ("moved", 2, HANDS)


def test_a_sentence_moved_to_another_paragraph_is_moved() -> None:
    sentence = "It has never once been late in all that time."
    old, new = [VOTE, f"{FERRY} {sentence}", CLAUSE], [f"{VOTE} {sentence}", FERRY, CLAUSE]
    assert follow("never once been late", new, old) == ("moved", 0, "never once been late")


def test_a_split_paragraph_keeps_the_words_of_both_halves() -> None:
    new = [VOTE[:29], VOTE[30:], FERRY, CLAUSE]
    assert follow(HANDS, new) == ("exact", 1, HANDS)
    assert follow("took eleven minutes", new) == ("moved", 0, "took eleven minutes")
    # Words on both sides of the cut: what stands in one of the paragraphs now.
    assert follow("minutes. When the chair of the harbour board", new) == (
        "changed",
        1,
        "When the chair of the harbour board",
    )


def test_joined_paragraphs_keep_the_words_of_both() -> None:
    new = [f"{VOTE} {FERRY}", CLAUSE]
    assert follow(HANDS, new) == ("exact", 0, HANDS)
    assert follow("ten past seven", new) == ("exact", 0, "ten past seven")


@pytest.mark.parametrize(
    ("words", "edit", "now"),
    [
        (HANDS, (HANDS, "nobody moved a finger"), "nobody moved a finger"),
        ("eleven", ("eleven", "twelve"), "twelve"),
        (HANDS, ("hand in", "single hand in"), "every single hand in the net loft went up"),
        (VOTE, ("cheque", "coin"), VOTE.replace("cheque", "coin")),
    ],
)
def test_changed_words_give_the_text_in_their_place(words: str, edit: tuple[str, str], now: str) -> None:
    assert follow(words, [VOTE.replace(*edit), FERRY, CLAUSE]) == ("changed", 0, now)


def test_deleted_words_are_removed() -> None:
    assert follow(HANDS, [VOTE.replace(f"{HANDS}, ", ""), FERRY, CLAUSE]) == ("removed", None, "")
    assert follow(HANDS, [FERRY, CLAUSE]) == ("removed", None, "")
    assert follow(HANDS, []) == ("removed", None, "")


def test_words_are_found_again_in_a_restored_text() -> None:
    """Anchors are located from the text that was read, whatever happened in between."""
    assert TextMapping(TEXT, [FERRY]).locate(anchor(HANDS)).outcome is Outcome.REMOVED
    assert TextMapping(TEXT, list(TEXT)).locate(anchor(HANDS)).outcome is Outcome.EXACT


def test_a_look_alike_elsewhere_is_not_the_sentence() -> None:
    """The bug of hypothesis/client#7571."""
    sentence, alike = "The council approved the budget on Monday.", "The council approved the budget on Tuesday."
    old = [f"{VOTE} {sentence}", FERRY, f"{CLAUSE} {alike}"]
    assert follow(sentence, [VOTE, FERRY, f"{CLAUSE} {alike}"], old)[0] == "removed"
    assert follow("approved the budget", [VOTE, FERRY, f"{CLAUSE} {alike}"], old)[0] == "removed"
    # Nor is a new one, put elsewhere in the same save.
    assert follow(sentence, [VOTE, f"{FERRY} {alike}"], [f"{VOTE} {sentence}", FERRY])[0] == "removed"


def test_the_same_words_a_second_time_are_not_the_first() -> None:
    old = [f"{VOTE} {CLAUSE}", FERRY, CLAUSE]
    assert follow(CLAUSE, [VOTE, FERRY, CLAUSE], old)[0] == "removed"


def test_a_small_word_does_not_survive_in_another_text() -> None:
    other = ["The minister of the interior resigned, and one of them said so."]
    for words in ("The", "of the", "one of them", "."):
        assert follow(words, other)[0] == "removed"


def test_an_anchor_of_another_text_is_removed() -> None:
    strange = Anchor(paragraph=0, start=4, exact="vote", prefix="A ", suffix=" took")
    assert TextMapping(TEXT, TEXT).locate(strange) == Place(Outcome.REMOVED)
    assert TextMapping(TEXT, TEXT).locate(Anchor(paragraph=9, start=0, exact="x")) == Place(Outcome.REMOVED)
    assert TextMapping(TEXT, TEXT).locate(anchor_at(VOTE, 0, 5, 5)) == Place(Outcome.REMOVED)


def test_scripts_without_spaces_are_aligned_by_character() -> None:
    old = ["港の委員会は船の費用を誰が払うのかと尋ねた。", "全員の手が上がった。"]
    new = ["昨日、港の委員会は船の費用を誰が払うのかと尋ねた。", "全員の手が上がった。"]
    assert follow("船の費用", new, old) == ("exact", 0, "船の費用")
    assert Text(["हिन्दी में, नहीं।"]).tokens == ["हिन्दी", "में", ",", "नहीं", "।"]


def test_a_long_article_changed_in_every_paragraph_is_fast() -> None:
    random = Random(3)
    words = "the of and boat harbour ferry county a to in it was for bread quay morning".split()
    words += [f"word{number}" for number in range(2_000)]
    old = [" ".join(random.choices(words[:16] + words, k=80)) + "." for _ in range(120)]
    new = [" ".join("new" if random.random() < 0.04 else word for word in line.split()) for line in old]
    before = time.process_time()
    journey = TextMapping(old, new)
    fates = [journey.locate(anchor_at(line, number, 0, len(line))).outcome for number, line in enumerate(old)]
    assert time.process_time() - before < 5
    assert fates.count(Outcome.REMOVED) == 0


# Random edits ----------------------------------------------------------------------------------------------------

COMMON = "the a of and boat quay said he it. they. all. no"
word = st.one_of(st.sampled_from(COMMON.split()), st.integers(0, 400).map("w{}".format))
lines = st.lists(st.lists(word, min_size=1, max_size=25), min_size=1, max_size=6)


@st.composite
def edited(draw: Callable[..., object]) -> tuple[list[list[str]], list[list[str]]]:
    """A text and what a few edits made of it: words and paragraphs replaced, cut, copied, moved, split, joined."""
    old: list[list[str]] = draw(lines)  # type: ignore[assignment]
    new = [list(line) for line in old]
    for _ in range(draw(st.integers(0, 5))):  # type: ignore[call-overload]
        if not new:
            break
        at: int = draw(st.integers(0, len(new) - 1))  # type: ignore[assignment]
        line = new[at]
        cut: int = draw(st.integers(0, len(line)))  # type: ignore[assignment]
        stop: int = draw(st.integers(cut, len(line)))  # type: ignore[assignment]
        match draw(st.integers(0, 7)):
            case 0:
                line[cut:stop] = draw(st.lists(word, max_size=8))  # type: ignore[call-overload]
            case 1:
                del line[cut:stop]
            case 2:
                new.insert(draw(st.integers(0, len(new))), line[cut:stop])  # type: ignore[arg-type]
            case 3:
                new.insert(draw(st.integers(0, len(new) - 1)), new.pop(at))  # type: ignore[arg-type]
            case 4:
                new[at : at + 1] = [line[:cut], line[cut:]]
            case 5:
                new[at : at + 2] = [[word for joined in new[at : at + 2] for word in joined]]
            case 6:
                del new[at]
            case 7:
                new.insert(at, list(line))
    return old, [line for line in new if line]


def joined(text: list[list[str]]) -> list[str]:
    return [" ".join(line) for line in text]


@given(edited(), st.data())
def test_exact_and_moved_words_are_at_their_place(
    texts: tuple[list[list[str]], list[list[str]]], data: st.DataObject
) -> None:
    old, new = joined(texts[0]), joined(texts[1])
    journey = TextMapping(old, new)
    for paragraph, words in enumerate(texts[0]):
        first = data.draw(st.integers(0, len(words) - 1))
        exact = " ".join(words[first : data.draw(st.integers(first + 1, len(words)))])
        start = len(" ".join([*words[:first], ""]))
        found = journey.locate(anchor_at(old[paragraph], paragraph, start, start + len(exact)))
        if found.outcome is Outcome.REMOVED:
            assert found == Place(Outcome.REMOVED)
            continue
        assert found.paragraph is not None and found.start is not None
        assert new[found.paragraph][found.start : found.start + len(found.text)] == found.text
        assert (found.text == exact) == (found.outcome in (Outcome.EXACT, Outcome.MOVED))
        if old == new:
            assert found == Place(Outcome.EXACT, paragraph, start, exact)


@given(
    st.lists(st.integers(3, 30), min_size=2, max_size=6),
    st.integers(0, 200).map(Random),
    st.sampled_from(["cut", "replace", "paragraph"]),
)
def test_words_never_move_to_another_occurrence_than_in_the_diff(lengths: list[int], random: Random, how: str) -> None:
    """A sentence stands twice among words that stand once; one of the two goes away, and only the other is found."""
    numbers = iter(range(1_000))
    text = [[f"w{next(numbers)}" for _ in range(length)] for length in lengths]
    twin = random.choices(COMMON.replace(".", "").split(), k=random.randint(1, 9))
    one, other = random.sample(range(len(text)), 2)
    for paragraph in (one, other):
        at = random.randint(0, len(text[paragraph]))
        text[paragraph][at:at] = ["(", *twin, ")"]  # Signs that tell us below where it stood.
    old = joined(text)
    words = " ".join(twin)
    new = list(old)
    gone = f"( {words} )"
    if how == "paragraph":
        del new[one]
    else:
        new[one] = " ".join(new[one].replace(gone, "" if how == "cut" else "( quite other words )").split())
    journey = TextMapping(old, new)
    place = journey.locate(anchor(words, ["", *[""] * (one - 1), old[one]] if one else [old[one]]))
    assert place.outcome not in (Outcome.EXACT, Outcome.MOVED)
    start = old[other].index(gone) + 2
    kept = journey.locate(anchor_at(old[other], other, start, start + len(words)))
    assert (kept.outcome, kept.text) == (Outcome.EXACT, words)


@given(edited())
def test_words_that_are_not_moved_keep_their_order(
    texts: tuple[list[list[str]], list[list[str]]],
) -> None:
    old, new = joined(texts[0]), joined(texts[1])
    journey = TextMapping(old, new)
    places: list[tuple[int | None, int | None]] = []
    for paragraph, line in enumerate(old):
        at = 0
        for token in line.split():
            place = journey.locate(anchor_at(line, paragraph, at, at + len(token)))
            at += len(token) + 1
            if place.outcome is Outcome.EXACT:
                places.append((place.paragraph, place.start))
    assert places == sorted(set(places))
