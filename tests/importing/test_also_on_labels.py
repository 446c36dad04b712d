"""“Also on” boxes in all the shapes that real dumps have, and paragraphs that only look like one."""

from collections.abc import Callable

import pytest

from articles.importing.formats.file_parsing import parse_file
from articles.importing.records import Kind, Record

Reads = Callable[..., Record]


@pytest.mark.parametrize(
    ("block", "label", "headline"),
    [
        ("Also on harbour.example Gull steals vicar's hat", "Also on harbour.example", "Gull steals vicar's hat"),
        ("[Also on harbour.example Gull steals hat...](#)", "Also on harbour.example", "Gull steals hat"),
        ("Also on The Lantern: [Gull steals hat](#)", "Also on The Lantern", "Gull steals hat"),
        ("READ MORE: Gull steals hat", "READ MORE", "Gull steals hat"),
        ("READ MORE READ MORE: Gull steals hat", "READ MORE", "Gull steals hat"),
        ("Read more: Gull steals hat...", "Read more", "Gull steals hat"),
        ("[READ MORE: Gull steals hat](https://harbour.example/gull)", "READ MORE", "Gull steals hat"),
        ("[Read more Gull steals hat](#)", "Read more", "Gull steals hat"),
        ("**READ MORE:** Gull steals hat", "READ MORE", "Gull steals hat"),
        ("READ MORE: [Gull steals hat](#)", "READ MORE", "Gull steals hat"),
        ("*Also read | Gull steals hat*", "Also read", "Gull steals hat"),
        ("MORE : Gull steals hat", "MORE", "Gull steals hat"),
        ("also read | Gull steals hat", "also read", "Gull steals hat"),
        ("Related: Gull steals hat", "Related", "Gull steals hat"),
        ("See also: Gull steals hat", "See also", "Gull steals hat"),
        ("More from Port Ellery: Gull steals hat", "More from Port Ellery", "Gull steals hat"),
        ("SOMA: Gull steals hat", "SOMA", "Gull steals hat"),
        ("Les også: Måke stjal hatten", "Les også", "Måke stjal hatten"),
        ("Mehr zum Thema: Möwe stiehlt Hut", "Mehr zum Thema", "Möwe stiehlt Hut"),
        ("Lire aussi : La mouette et le chapeau", "Lire aussi", "La mouette et le chapeau"),
        ("Leer más: La gaviota y el sombrero", "Leer más", "La gaviota y el sombrero"),
        ("Leggi anche: Il gabbiano e il cappello", "Leggi anche", "Il gabbiano e il cappello"),
        ("Читайте также: Чайка украла шляпу", "Читайте также", "Чайка украла шляпу"),
        ("READ MORE:\nGull steals hat", "READ MORE", "Gull steals hat"),
        ("READ MORE:\n\nGull steals hat", "READ MORE", "Gull steals hat"),
        ("Read more\n[Gull steals hat](#)", "Read more", "Gull steals hat"),
        ("Read more\n\n[Gull steals hat](#)", "Read more", "Gull steals hat"),
        ("READ MORE: Gull that nobody\nhad seen steals hat", "READ MORE", "Gull that nobody had seen steals hat"),
    ],
)
@pytest.mark.parametrize("name", ["a.txt", "a.md"])
def test_a_box_is_found(read_body: Reads, block: str, label: str, headline: str, name: str) -> None:
    record = read_body(block, name=name)
    assert [(box.label, box.headline, box.after) for box in record.related] == [(label, headline, 0)]
    assert record.paragraphs == 2
    assert record.misplaced == ""


def test_a_box_keeps_its_address_and_its_dots_raw(read_body: Reads) -> None:
    (box,) = read_body("[READ MORE: Gull steals hat...](https://harbour.example/gull)").related
    assert box.url == "https://harbour.example/gull"
    assert box.raw == "[READ MORE: Gull steals hat...](https://harbour.example/gull)"


@pytest.mark.parametrize(
    "block",
    [
        "Related matters were put off until the spring, as there was no coal left to heat the hall.",
        "Read more books, said the librarian, and shut the door behind her for the rest of the winter.",
        "More: that was all that the gull had to say on the matter, and it said it from a great height for an hour.",
        "Also on the table was a map of the harbour, which nobody had looked at for a long time.",
        "Also on harbour.example there is a map of the bay that nobody has looked at for some time.",
        "Watch: this was the word that he used, and he used it often, mostly to those who had none.",
        "“Read more: it costs nothing,” she said, and gave the ferryman a book about the sea.",
        "The library's advice is to read more about the sea, and then to go and look at it some day.",
    ],
)
def test_an_ordinary_paragraph_is_no_box(read_body: Reads, block: str) -> None:
    record = read_body(block)
    assert record.related == ()
    assert record.paragraphs == 3
    assert record.misplaced == ""


@pytest.mark.parametrize("label", ["Read more", "READ MORE", "READ MORE:", "[Read more](#)", "Read more:"])
@pytest.mark.parametrize(
    "follows",
    [
        "She left.",
        "The gull was seen again on Sunday, with the hat, at the far end of the pier where the vicar swims.",
        "“I want my hat back,” said the vicar, and he said it twice.",
    ],
)
def test_a_label_without_a_headline_does_not_eat_the_next_paragraph(read_body: Reads, label: str, follows: str) -> None:
    record = read_body(f"{label}\n\n{follows}")
    assert record.related == ()
    assert follows.rstrip(".") in record.body
    assert record.paragraphs == 3
    assert [d.value for d in record.decisions if d.kind is Kind.DISCARD] == [label]
    assert record.misplaced == ""


def test_a_label_at_the_end_is_left_out(read_body: Reads) -> None:
    record = read_body("Something happened at noon, and it was small.\n\nREAD MORE:\n\n")
    assert record.related == ()
    assert record.misplaced == ""


@pytest.mark.parametrize(
    ("paragraph", "text", "headline"),
    [
        (
            "The gull went back toREAD MORE READ MORE: Gull steals hat",
            "The gull went back to the roof of the chapel, where it stayed.",
            "Gull steals hat",
        ),
        (
            "The gull has gone. READ MORE: Gull steals vicar's hat",
            "The gull has gone.",
            "Gull steals vicar's hat",
        ),
        (
            "The gull has gone.READ MORE: Whose hat is it? The vicar has another one.",
            "The gull has gone. The vicar has another one.",
            "Whose hat is it?",
        ),
        (
            "The gull has gone. Read more: Gull steals hat... The vicar has another one.",
            "The gull has gone. The vicar has another one.",
            "Gull steals hat",
        ),
        (
            "The gull has gone. [READ MORE: Gull steals hat](#) The vicar has another one.",
            "The gull has gone. The vicar has another one.",
            "Gull steals hat",
        ),
        (
            "The gull has gone. READ MORE: Gull steals hat at noon The vicar has another one.",
            "The gull has gone. The vicar has another one.",
            "Gull steals hat at noon",
        ),
        (
            "The gull has gone. Also on harbour.example Gull steals hat...",
            "The gull has gone.",
            "Gull steals hat",
        ),
    ],
)
def test_a_box_glued_into_a_paragraph_is_cut_out(read_body: Reads, paragraph: str, text: str, headline: str) -> None:
    tail = "\n\nthe roof of the chapel, where it stayed." if "backto" in paragraph.replace(" ", "") else ""
    record = read_body(paragraph + tail)
    assert record.body.split("\n\n")[1] == text
    assert [(box.headline, box.after) for box in record.related] == [(headline, 1)]
    assert record.misplaced == ""


def test_a_glued_label_whose_headline_has_no_sure_end_stays_and_is_told(read_body: Reads) -> None:
    paragraph = "The gull has gone. READ MORE: Gull steals hat at noon and the vicar has another one."
    record = read_body(paragraph)
    assert paragraph in record.body
    assert record.related == ()
    assert [d.subject for d in record.decisions if d.kind is Kind.WARNING] == ["related"]


def test_only_a_site_of_a_label_is_proposed_as_source(read_body: Reads) -> None:
    assert read_body("Also on harbour.example Gull steals hat").source_proposed == "harbour.example"
    assert read_body("READ MORE: Gull steals hat").source_proposed == ""


def test_a_box_behind_the_text_stands_at_its_end() -> None:
    record = parse_file("a.txt", b"Headline\n\n28/08/2019\n\nSome text, and it ends.\n\nREAD MORE: Gull steals hat\n")
    assert [box.after for box in record.related] == [None]


@pytest.mark.parametrize(
    "middle",
    [
        "The gull went to the roof. READ MORE: {long} The vicar said that it was his.",
        "The gull went to the roof.\n\nREAD MORE: {long}",
        "The gull went to the roof.\n\n[READ MORE: {long}](https://gull.example/)",
        "The gull went to the roof. [READ MORE: {long}](https://gull.example/) The vicar said that it was his.",
    ],
)
@pytest.mark.parametrize("word", ["gulls ", "donaudampfschifffahrtsgesellschaft"])
def test_a_box_is_no_longer_than_a_headline(read_body: Callable[..., Record], middle: str, word: str) -> None:
    """cases.md I4: the words after the label stay in the text."""
    record = read_body(middle.format(long=(word * 80)[:400].strip()))
    assert not record.related and record.misplaced == ""
    assert (word * 20)[:100] in record.body
