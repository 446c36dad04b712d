"""Quotations in italics, lost links, and plain text that must not become Markdown by accident."""

from collections.abc import Callable

import pytest

from articles.importing.formats.file_parsing import parse_file
from articles.importing.records import Record
from articles.publishing.models import Article
from articles.text.excerpts import plain_text
from articles.text.markdown import render_article
from tests.importing.files import import_file

Reads = Callable[..., Record]


@pytest.mark.parametrize(
    ("written", "stored"),
    [
        ('He said: *"Yes, it is."*', "He said: “Yes, it is.”"),
        ('He was "*certainly*" there.', "He was “certainly” there."),
        ('A "*proud boat,*" it was.', "A “proud boat,” it was."),
        ('A "*proud boat*," it was.', "A “proud boat,” it was."),
        ("A “*proud boat*” it was.", "A “proud boat” it was."),
        ("A *“proud boat”* it was.", "A “proud boat” it was."),
        ("A '*proud boat*' it was.", "A ‘proud boat’ it was."),
        ('"*One*" and "*two*" it was.', "“One” and “two” it was."),
        ("It was *really* late.", "It was *really* late."),
        ('"We *really* mean it," he said.', '"We *really* mean it," he said.'),
    ],
)
@pytest.mark.parametrize("name", ["a.txt", "a.md"])
def test_italics_in_quotation_marks_are_quotations(read_body: Reads, written: str, stored: str, name: str) -> None:
    record = read_body(written, name=name)
    assert record.body.split("\n\n")[1] == stored
    assert record.misplaced == ""


def test_other_italics_make_the_house_style_less_sure(read_body: Reads) -> None:
    both = read_body('He was "*certainly*" there, and *really* late.')
    only = read_body('He was "*certainly*" there, and late.')
    confidence = [next(d.confidence for d in record.decisions if d.subject == "emphasis") for record in (both, only)]
    assert confidence[0] < confidence[1]


@pytest.mark.parametrize("target", ["", "#", "#top", "javascript:alert(1)", "/news/1", "gull.html", "../x", "data:,x"])
def test_a_link_without_a_target_is_text_and_recorded(read_body: Reads, target: str) -> None:
    record = read_body(f"He [said so]({target}) and [said so]({target}) again, in words that he said so often.")
    assert [(lost.words, lost.raw, lost.block, lost.occurrence) for lost in record.lost] == [
        ("said so", target, 1, 0),
        ("said so", target, 1, 1),
    ]
    assert "He said so and said so again" in record.body
    assert "(" not in record.body
    assert record.misplaced == ""


@pytest.mark.parametrize("target", ["https://harbour.example/a_b", "mailto:quay@harbour.example"])
def test_a_link_with_a_target_is_kept(read_body: Reads, target: str) -> None:
    record = read_body(f"He [said *so*]({target}) again, on that very day.")
    assert f"[said *so*]({target})" in record.body
    assert (record.lost, record.misplaced) == ((), "")


def test_lost_words_are_counted_as_readers_see_them(read_body: Reads) -> None:
    record = read_body("The gull's hat, and [the gull's](#) other hat, were gone, said the [*vicar*](#) then.")
    assert [(lost.words, lost.occurrence) for lost in record.lost] == [("the gull’s", 0), ("vicar", 0)]


@pytest.mark.django_db
def test_lost_words_are_marked_on_the_page_at_their_own_place() -> None:
    body = "She said no. He [said](#) yes, and it was done, and it was the end of the matter for that day."
    import_file("a.txt", f"Headline\n\n28/08/2019\n\n{body}".encode())
    html = Article.objects.get().body_html
    assert 'She said no. He <span class="dead-link"' in html


@pytest.mark.parametrize(
    "text",
    [
        "# Not a heading",
        "1. Not a list, he said.",
        "2019) was the year of the gull.",
        "- Not a list, he said.",
        "+ Not a list, he said.",
        "* Not a list, he said.",
        "> Not a quotation, he said.",
        ">> Not a pull quote, he said.",
        "    Not code, he said.",
        "\tNot code, he said.",
        "He wrote _this_ and __that__ and snake_case too.",
        "2 * 3 * 4 is 24, and 5*3*2 is 30, and **.",
        "A `tick` and a ``` fence and ~~~ another.",
        "~~~ not a fence, he said.",
        "A \\backslash and \\* another.",
        "Tom &amp; Ada &copy; 1990, R&D.",
        "[Not a link] and [neither](this one) and ![picture] he said.",
        "[x]: https://harbour.example",
        "<b>Not HTML</b> and <https://harbour.example/x> that.",
        "The line below is no rule\n---\nand above it no heading.",
        "The line below is no rule\n===\nand above it no heading.",
        "***\nstars, he said.",
        "A line, he said\n# with a hash\n1. with a number\n- with a dash\n> with an angle.",
        "See https://harbour.example/a_b_c/*x*?a=1&copy=2 for more of that.",
        "Quoted \"words\" and 'words' and it's done.",
    ],
)
def test_plain_text_does_not_become_markdown(read_body: Reads, text: str) -> None:
    record = read_body(text)
    html = render_article(record.body)
    for tag in ("<h", "<ol", "<ul", "<li", "<blockquote", "<pre", "<code", "<em", "<strong", "<hr", "<b>"):
        assert tag not in html
    middle = plain_text(html.split("\n<p>")[1])
    expected = "\n".join(line.strip() for line in text.split("\n"))
    assert middle.translate(str.maketrans("“”‘’", "\"\"''")).rstrip() == expected
    assert record.paragraphs == 3
    assert record.misplaced == ""


@pytest.mark.parametrize("text", ["# A heading", "1. a list", "> a quotation", "Some `code` here."])
def test_markdown_stays_markdown(read_body: Reads, text: str) -> None:
    assert f"\n\n{text}\n\n" in read_body(text, name="a.md").body


def test_hostile_text_stays_text(read_body: Reads) -> None:
    record = read_body('<script>alert(1)</script> and [x](javascript:alert(1)) and "*<img src=x onerror=y>*"')
    html = render_article(record.body)
    assert "<script" not in html and "<img" not in html and "javascript:" not in html


@pytest.mark.parametrize("name", ["a.txt", "a.md"])
@pytest.mark.parametrize(
    ("written", "headline"),
    [
        ("# **Council closes the bridge**", "Council closes the bridge"),
        ("# Council closes the bridge", "Council closes the bridge"),
        ("### Council closes the *old* bridge ###", "Council closes the old bridge"),
        ("**Council closes the bridge**", "Council closes the bridge"),
        ("__Council closes the bridge__", "Council closes the bridge"),
        ("_Council closes the bridge_", "Council closes the bridge"),
        ("***Council closes the bridge***", "Council closes the bridge"),
        ("Council closes the bridge\n=========================", "Council closes the bridge"),
        ("[Council closes the bridge](https://paper.example/bridge/)", "Council closes the bridge"),
        ("# Council closes the bridge\nIt will open in spring.", "Council closes the bridge"),
        ("*The* 'gull's' [hat](#) -- # 1 & 2", "The 'gull's' hat -- # 1 & 2"),
        ("#1 on the list: M*A*S*H, 5 * 3 * 2 and snake_case_names", None),
    ],
)
def test_a_headline_has_no_markdown(name: str, written: str, headline: str | None) -> None:
    """cases.md, the samples m25 and m26: readers saw asterisks and a hash."""
    record = parse_file(name, f"{written}\n\n28/08/2019\n\nSome text of the day, and its end.".encode())
    assert record.headline == (headline or written)
    assert record.misplaced == ""


@pytest.mark.django_db
def test_a_headline_in_front_matter_has_no_markdown_either() -> None:
    """cases.md, the sample m25."""
    matter = '---\ntitle: "**Council closes the bridge**"\ndate: 2024-03-13\n---\n\nThe bridge is closed.'
    assert parse_file("a.md", matter.encode()).headline == "Council closes the bridge"


def test_long_lines_without_blank_ones_are_paragraphs() -> None:
    one, two = "The gull went to the roof. " * 8, "The vicar went home. " * 8
    record = parse_file("a.txt", f"Headline\n28/08/2019\n{one}\n{two}\nThe end came soon.".encode())
    assert (record.headline, record.paragraphs, record.misplaced) == ("Headline", 3, "")
    assert record.date is not None


def test_wrapped_lines_are_one_paragraph() -> None:
    record = parse_file("a.txt", b"Headline\n\n28/08/2019\n\nThe gull went to\nthe roof of the\nchapel.\n\nThe end.")
    assert record.paragraphs == 2
    assert "to\nthe roof" in record.body


@pytest.mark.parametrize("name", ["a.txt", "a.md"])
def test_the_front_lines_are_read(name: str) -> None:
    front = "Standfirst: All of it.\nByline: By Ada Marlow, Tom Addai and Nora Pell\nSection: Harbour\nPlace: PORT\n"
    front += "Language: en-gb\nTopics: gulls\nSource: The Gull\nOriginal: https://gull.example/1"
    record = parse_file(name, f"Headline\n\n28/08/2019\n\n{front}\n\nSome text of the day, and its end.".encode())
    assert record.authors == ("Ada Marlow", "Tom Addai", "Nora Pell")
    assert record.front["section"] == "Harbour" and record.front["original"] == "https://gull.example/1"
    assert "topics" not in record.front
    assert (record.paragraphs, record.misplaced) == (1, "")


def test_a_block_with_other_lines_is_no_front() -> None:
    block = "Section: Harbour\nWeather: wet"
    record = parse_file("a.txt", f"Headline\n\n28/08/2019\n\n{block}\n\nSome text of the day, and its end.".encode())
    assert record.front == {}
    assert "Weather: wet" in record.body


def test_front_lines_that_say_nothing_right_are_told_and_left_out() -> None:
    front = "Language: Klingon!\nOriginal: not an address\nPlace:"
    record = parse_file("a.txt", f"Headline\n\n28/08/2019\n\n{front}\n\nSome text of the day, and its end.".encode())
    assert record.front == {}
    assert {decision.subject for decision in record.decisions} == {"language", "original", "place"}
    assert record.misplaced == ""


def test_a_table_and_a_footnote_of_a_markdown_file_are_kept(read_body: Reads) -> None:
    table = 'Port | "Ships"\n--- | ---\nHull | "*12*"'
    record = read_body(f"It left[^boat].\n\n{table}\n\n[^boat]: The Ada.", name="a.md")
    html = render_article(record.body)
    assert record.misplaced == ""
    assert "<table>" in html
    assert "<sup>" in html


def test_lines_with_pipes_in_a_text_file_are_no_table(read_body: Reads) -> None:
    record = read_body("Port | Ships\n-- | --\nHull | 12", name="a.txt")
    assert "<table" not in render_article(record.body)
    assert record.misplaced == ""
