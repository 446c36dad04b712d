"""Which paragraphs of a file are pull quotes, and who says them."""

from collections.abc import Callable

import pytest

from articles.importing.formats.file_parsing import parse_file
from articles.importing.records import Record
from articles.publishing.models import Article, PullQuote
from tests.importing.files import import_file

Reads = Callable[..., Record]
BEFORE = "The ferryman told the council on Monday that he would not wait for the tide any longer than he had to.\n\n"
AFTER = "\n\nThe council thanked him and went on to the next matter, which was the colour of the town's benches."


def quoted(record: Record) -> list[str]:
    return [quote.text for quote in record.quotes]


@pytest.mark.parametrize("mark", ["*", "**", "_"])
def test_the_first_person_set_apart_between_the_third_is_a_pull_quote(read_body: Reads, mark: str) -> None:
    words = "I have rowed this river for thirty years. My boat knows the way, and we're never late."
    record = read_body(f"{BEFORE}{mark}{words}{mark}{AFTER}", name="a.md")
    assert quoted(record) == [words]
    assert record.quotes[0].after == 1


@pytest.mark.parametrize(
    "paragraph",
    [
        "I have rowed this river for thirty years. My boat knows the way, and we're never late.",
        "The bridge has carried our city for a century and it will carry it for another.",
        "Promy będą pływać we wtorki i w piątki od rana do wieczora.",
        "Die Fähre fährt im Mai nur am Abend, sagt us der Hafen.",
    ],
)
def test_a_pronoun_alone_takes_no_words_out_of_the_text(read_body: Reads, paragraph: str) -> None:
    """cases.md I6."""
    record = read_body(BEFORE + paragraph + AFTER)
    assert record.quotes == () and record.doubts == ()
    assert paragraph in record.body


@pytest.mark.parametrize(
    ("refrain", "holder"),
    [
        ("Read the full statement of the council below.", "{} It was sent on Monday."),
        ("The ferries run every twenty minutes.", "And so it goes in the town, day and night. {} The gulls know it."),
        ("The ferries run every twenty minutes.", "'It is late,' he said. {} Nobody heard it."),
    ],
)
def test_a_sentence_of_the_author_that_returns_stays_twice_and_is_told(
    read_body: Reads, refrain: str, holder: str
) -> None:
    """cases.md I6: a refrain became a pull quote."""
    record = read_body(f"{BEFORE}{refrain}\n\nThe council met.\n\n{holder.format(refrain)}{AFTER}")
    assert record.quotes == () and record.body.count(refrain) == 2
    assert record.doubts == (f"A sentence is in the text twice: “{refrain}”",)


@pytest.mark.parametrize(
    ("quote", "holder"),
    [
        ("We are tired of waiting here", "The owner wrote that we are tired of waiting here, and signed it."),
        ("*We are tired of waiting here.*", "We are tired of waiting here. It was cold, and nobody came."),
        ("We are tired of waiting here.", "— We are tired of waiting here. It was cold, and nobody came."),
        ("We are tired of waiting here.", "„We are tired of waiting here. It was cold,“ she said."),
    ],
)
def test_words_that_return_are_a_pull_quote_if_they_are_set_apart_or_spoken(
    read_body: Reads, quote: str, holder: str
) -> None:
    """cases.md I6."""
    record = read_body(f"{BEFORE}{quote}\n\nThe council met.\n\n{holder}{AFTER}")
    assert quoted(record) == [quote.strip("*")]


@pytest.mark.parametrize(
    "paragraph",
    [
        "“I have rowed this river for thirty years, and I am not going to stop now.”",
        '"I have rowed this river for thirty years, and I am not going to stop now."',
        "“I have rowed this river for thirty years,” he said, “and I am not going to stop.”",
        "'I have rowed this river for thirty years, and I am not going to stop now.'",
        "«J'ai ramé sur cette rivière pendant trente ans, et I shall not stop now.»",
        "I have rowed this river for thirty years, said the ferryman, and I am not going to stop.",
        "I have [rowed](#) this river for thirty years, and I am not going to stop now.",
        "The US will not paint its benches, and nobody in the town had asked it to do so.",
        "I " + "really " * 60 + "do.",
        "We did.",
    ],
)
def test_an_ordinary_paragraph_is_no_pull_quote(read_body: Reads, paragraph: str) -> None:
    record = read_body(BEFORE + paragraph + AFTER)
    assert record.quotes == ()
    assert record.paragraphs == 5


def test_an_article_in_the_first_person_has_no_pull_quotes() -> None:
    body = "\n\n".join(
        paragraph
        for number in range(5)
        for paragraph in (
            f"I went to the harbour on day {number}, and we looked at my boat for a long time.",
            f"The boat, number {number}, was as it had been the day before, only wetter.",
        )
    )
    assert parse_file("a.txt", f"My boat\n\n28/08/2019\n\n{body}".encode()).quotes == ()


def test_a_quotation_that_goes_on_in_the_next_paragraph_is_no_pull_quote(read_body: Reads) -> None:
    record = read_body(
        "“The ferry is late, he said, and it is cold.\n\nI have never been so cold in my life.\n\nThat is all.”"
    )
    assert record.quotes == ()


def test_the_first_and_the_last_paragraph_are_no_pull_quotes() -> None:
    one, two = "*I have rowed this river for thirty years.*", "*My boat knows the way, and we are never late.*"
    record = parse_file("a.txt", f"Headline\n\n28/08/2019\n\n{one}\n\n{BEFORE}{AFTER.strip()}\n\n{two}".encode())
    assert record.quotes == ()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("quote", "state"),
    [
        ("A bench is a promise that the town makes to the tired", PullQuote.State.VERBATIM),
        ("“A bench is a promise that the town makes to the tired.”", PullQuote.State.VERBATIM),
        ("A bench is a promise … to the tired, and nobody paints a promise.", PullQuote.State.TRIMMED),
    ],
)
def test_a_pull_quote_that_repeats_the_body_is_found_and_says_so(quote: str, state: str) -> None:
    body = (
        f"{BEFORE}{quote}{AFTER}\n\n“A bench is a promise that the town makes to the tired, and nobody paints a "
        "promise,” the ferryman said when all the others had gone home to their suppers."
    )
    import_file("a.txt", f"A long evening\n\n28/08/2019\n\n{body}".encode())
    article = Article.objects.get()
    assert article.held_reason == ""
    found = article.pull_quotes.get()
    assert (found.text, found.state) == (quote, state)
    assert article.blocks.count() == 3


def test_a_paragraph_that_stands_twice_stays_twice(read_body: Reads) -> None:
    twice = "The gull came back to the roof of the chapel in the evening."
    record = read_body(f"{twice}\n\n{BEFORE}{twice}")
    assert record.quotes == ()
    assert record.body.count(twice) == 2


@pytest.mark.parametrize(
    ("headline", "before", "speaker"),
    [
        ("'We are never late': Marlow on the tide", BEFORE, "Marlow"),
        ("Ada Marlow: 'We are never late'", BEFORE, "Ada Marlow"),
        ("A long evening", "On Monday Ada Marlow said that the boat was old.\n\n", "Ada Marlow"),
        ("A long evening", "“It is old,” said Tom Addai, who had built it.\n\n", "Tom Addai"),
        ("A long evening", "The boat was old, and nobody said so. He said that it was wet.\n\n", ""),
    ],
)
def test_a_speaker_is_proposed_and_never_confirmed(headline: str, before: str, speaker: str) -> None:
    quote = "*I have rowed this river for years. We are never late.*"
    record = parse_file("a.txt", f"{headline}\n\n28/08/2019\n\n{before}{quote}{AFTER}".encode())
    (found,) = record.quotes
    assert (found.speaker, found.speaker_confirmed) == (speaker, not speaker)


def test_markdown_may_mark_its_pull_quotes_itself(read_body: Reads) -> None:
    marked = ">> A bench is a promise.\n>> — Ada Marlow, harbour mistress"
    record = read_body(f"{BEFORE}{marked}\n\n*I have rowed here for years. We are never late.*{AFTER}", name="a.md")
    (quote,) = record.quotes  # The unmarked one stays a paragraph: a file that marks its quotes marks all of them.
    assert (quote.text, quote.speaker, quote.role) == ("A bench is a promise.", "Ada Marlow", "harbour mistress")
    assert (quote.speaker_confirmed, quote.after, record.misplaced) == (True, 1, "")


TOLD = "\n\nAda Marlow told the council: “We have waited ten years for these benches, and we will not wait any longer.”"
WAITED = "We have waited ten years for these benches, and we will not wait any longer."


@pytest.mark.parametrize(
    ("paragraph", "text", "role"),
    [
        (f"{WAITED} Ada Marlow", WAITED, ""),
        (f"“{WAITED}” Ada Marlow", f"“{WAITED}”", ""),
        (f"“{WAITED}” — Ada Marlow, harbour mistress", f"“{WAITED}”", "harbour mistress"),
        (f"{WAITED}\n– Ada Marlow, harbour mistress", WAITED, "harbour mistress"),
        (f"“{WAITED}”\n\n— Ada Marlow, harbour mistress", f"“{WAITED}”", "harbour mistress"),
        ("“The last of the green benches is mine.” — Ada Marlow, harbour mistress", "", "harbour mistress"),
        ("'The last of the green benches is mine' – Ada Marlow", "", ""),
    ],
)
def test_the_speaker_at_the_quotes_end_is_split_off(read_body: Reads, paragraph: str, text: str, role: str) -> None:
    """cases.md I8."""
    record = read_body(f"{BEFORE}{TOLD.strip()}\n\nThe ferries ran all night.\n\n{paragraph}{AFTER}")
    (quote,) = record.quotes
    assert (quote.speaker, quote.role, quote.speaker_confirmed) == ("Ada Marlow", role, True)
    assert quote.text == text if text else "Marlow" not in quote.text
    assert record.misplaced == ""


@pytest.mark.parametrize(
    "paragraph",
    [
        "The boat was old. Never",
        "The barn was lent by Bartholomew Quint. The Ferry",
        "The benches went on Monday to the barn of the town – Bartholomew Quint, who lent it, said no word.",
    ],
)
def test_a_name_at_the_end_of_a_sentence_is_no_speaker(read_body: Reads, paragraph: str) -> None:
    """cases.md I8."""
    assert read_body(f"{BEFORE}{paragraph}{AFTER}").quotes == ()


@pytest.mark.parametrize(
    ("one", "two"),
    [
        (
            "Marlow calls the paint an 'embarrassment to the whole old town'",
            "Marlow called the paint an 'embarrassment to the whole old town' in a letter to the council.",
        ),
        (
            "An embarrassment to the whole old town",
            "Marlow called the paint an 'embarrassment to the whole old town' in a letter to the council.",
        ),
        (WAITED, WAITED),
    ],
)
def test_the_same_words_are_one_pull_quote_at_most(read_body: Reads, one: str, two: str) -> None:
    """cases.md I7."""
    record = read_body(f"{BEFORE}{one}\n\n{two}\n\nThe ferries ran all night.\n\n{TOLD.strip()}{AFTER}")
    assert len(record.quotes) <= 1
    assert record.misplaced == ""
    assert two in record.body or one in record.body
