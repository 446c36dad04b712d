"""Files that were made to be slow, or look so by chance, such as a table of contents with leader dots."""

from collections.abc import Callable
from contextlib import suppress

import pytest

from articles.errors import Refused
from articles.importing import holding
from articles.importing.file_import import import_files
from articles.importing.formats.file_parsing import parse_file
from articles.importing.storing import State
from articles.publishing.companions import MAX_ROWS
from articles.publishing.models import Article
from tests.text.growth import LINEAR, growth

HEAD = "The gull of the quay\n\n1 March 2026\n\n"
TEXT = f"{HEAD}The gull went to the roof at noon.\n\n"

FILES: dict[str, tuple[Callable[[int], str], int]] = {
    "leader dots after a label": (lambda count: f"{TEXT}Read more: Chapter one {'.' * count} 12", 20_000),
    "HTML comments at the start": (lambda count: f"{'<!-- a -->' * count} {HEAD}", 10_000),
    "front matter without an end": (lambda count: f"---\ntitle: a{' ' * count}b", 20_000),
    "front matter with many keys": (lambda count: "---\n" + "".join(f"k{n}: v\n" for n in range(count)) + "---", 2_000),
    "a link without an end": (lambda count: f"{TEXT}[a]({' ' * count}x y", 20_000),
    "a run of backticks": (lambda count: f"{TEXT}a {'`' * count} b", 20_000),
    "a tag without an end": (lambda count: f"{TEXT}<a {'=' * count}", 20_000),
    "half of an address": (lambda count: f"{TEXT}From: a\nTo: b\nSubject: c\n{'a' * count}", 20_000),
    "quotations with their speakers": (
        lambda count: TEXT + "\n\n".join(f"“Gull {n} was on roof {n} at noon” — Ann Lee" for n in range(count)),
        1_000,
    ),
}


@pytest.mark.parametrize("name", FILES)
def test_twice_the_file_takes_twice_the_time(name: str) -> None:
    make, size = FILES[name]

    def parse(text: str) -> None:
        with suppress(Refused):
            parse_file("gull.md", text.encode())

    assert growth(parse, make, size) < LINEAR


def test_dots_after_the_headline_of_a_box_are_cut() -> None:
    record = parse_file("gull.txt", f"{TEXT}Read more: The tide came early . . .. …\n\nThe end.\n".encode())
    assert [box.headline for box in record.related] == ["The tide came early . ."]


@pytest.mark.parametrize(("title", "headline"), [("  The gull  ", "The gull"), ("'The gull'", "The gull")])
def test_the_title_of_broken_front_matter_is_the_headline(title: str, headline: str) -> None:
    assert parse_file("gull.md", f"---\ntitle: {title}\nx: [\n---\nText of the gull.".encode()).headline == headline


def test_the_same_words_are_a_pull_quote_once() -> None:
    quote = "“The gull was on the roof at noon” — Ann Lee"
    record = parse_file("gull.txt", f"{TEXT}{quote}\n\nThe tide came in.\n\n{quote}\n\nThe end.".encode())
    assert [(row.text, row.speaker) for row in record.quotes] == [("“The gull was on the roof at noon”", "Ann Lee")]


@pytest.mark.django_db
def test_a_file_with_more_quotes_boxes_or_lost_links_than_an_article_takes_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(holding, "MAX_LOST_LINKS", 3)
    quotes = "\n\n".join(f">> Gull {number}" for number in range(MAX_ROWS + 1))
    boxes = "\n\n".join(f"Read more: [Gull {number}](https://paper.example/)" for number in range(MAX_ROWS + 1))
    lost = " ".join(f"[gull {number}](#)" for number in range(4))
    files = [(f"{number}.md", f"{TEXT}{part}".encode()) for number, part in enumerate((quotes, boxes, lost))]
    outcomes = list(import_files(files))
    assert {outcome.state for outcome in outcomes} == {State.REJECTED} and not Article.objects.exists()
    assert [outcome.reason for outcome in outcomes] == [
        "too many pull quotes: 101, at most 100",
        "too many “Also on” links: 101, at most 100",
        "too many lost links: 4, at most 3",
    ]
