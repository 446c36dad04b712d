"""YAML and TOML front matter (cases.md I1)."""

import pytest

from articles.importing.formats.file_parsing import parse_file
from articles.importing.records import Kind
from articles.publishing.models import Article
from tests.factories import make_topic
from tests.importing.files import import_file

BODY = "The gull went to the roof of the chapel at noon.\n\nThe vicar went home bareheaded, and the town talked.\n"
YAML = '---\ntitle: "The gull: a hat"\ndate: 2024-03-13\nauthor: Ada Marlow\ntags:\n  - gulls\n  - hats\n---\n\n' + BODY
TOML = (
    '+++\ntitle = "The gull: a hat"\ndate = 2024-03-13\nauthors = ["Ada Marlow", "Tom Addai"]\nweight = 3\n+++\n\n'
    + BODY
)


@pytest.mark.parametrize("name", ["a.md", "a.txt"])
@pytest.mark.parametrize("text", [YAML, TOML, "\ufeff" + YAML.replace("\n", "\r\n")])
def test_the_keys_are_the_facts_of_the_article(name: str, text: str) -> None:
    record = parse_file(name, text.encode())
    assert (record.headline, record.paragraphs, record.misplaced, record.doubts) == ("The gull: a hat", 2, "", ())
    assert record.date is not None and str(record.date.resolve(None)) == "2024-03-13"
    assert record.authors[0] == "Ada Marlow"
    assert record.body.startswith("The gull went")


@pytest.mark.django_db
def test_the_known_keys_are_stored_and_the_rest_is_listed() -> None:
    make_topic("Gulls")
    keys = (
        "headline: The gull and the hat\nstandfirst: All of it.\nDate: 2024-03-13T23:30:00+01:00\n"
        "authors:\n  - name: Ada Marlow\n    email: ada@gull.example\n  - Tom Addai\nsection: Harbour\nlang: en_GB\n"
        "tags: gulls, hats\nslug: a-gull\nlayout: post\nseo:\n  title: Gull steals hat\n"
    )
    outcome = import_file("a.md", f"---\n{keys}---\n\n# The Gull and the Hat\n\n{BODY}".encode(), publish=True)
    assert (outcome.held, outcome.published) == ("", True)
    article = Article.objects.public().get()
    assert (article.headline, article.standfirst) == ("The gull and the hat", "All of it.")
    assert (article.slug, article.language, str(article.dated)) == ("a-gull", "en-gb", "2024-03-13")
    assert [byline.author.name for byline in article.bylines.all()] == ["Ada Marlow", "Tom Addai"]
    assert article.section and article.section.name == "Harbour"
    assert [row.topic.name for row in article.article_topics.all()] == ["Gulls"]
    assert "The Gull and the Hat" not in article.body
    listed = {guess.subject: guess.value for guess in article.guesses.filter(kind="discard")}
    assert listed == {
        "topics": "hats",
        "layout": "post",
        "seo": "Gull steals hat",
        "headline": "# The Gull and the Hat",
    }


@pytest.mark.parametrize(
    "text",
    [
        YAML.replace('hat"', "hat"),
        YAML.replace("---\n\n", "\n", 1),
        YAML.replace("author", "title"),
        YAML.replace("Ada Marlow", "&a [*a, *a]"),
        YAML.replace("Ada Marlow", "!!python/object/apply:os.system [ls]"),
        YAML.replace("Ada Marlow", "[" * 2_000),
        YAML.replace("Ada Marlow", "!!int gull"),
        TOML.replace("2024-03-13", "2024-13-13"),
        TOML.replace("+++\n\n", "---\n\n"),
        TOML.replace("weight = 3", "weight = "),
    ],
)
@pytest.mark.django_db
def test_broken_front_matter_holds_the_file(text: str) -> None:
    outcome = import_file("a.md", text.encode(), publish=True)
    assert "The front matter can’t be read: " in outcome.held
    assert not outcome.published and outcome.article is not None
    assert outcome.article.headline.startswith("The gull: a hat")


@pytest.mark.parametrize("line", ["draft: true", "published: false", "status: draft", "private: yes"])
def test_a_draft_is_held(line: str) -> None:
    record = parse_file("a.md", YAML.replace("author: Ada Marlow", line).encode())
    assert record.doubts == ("The front matter says that the file is a draft.",)


def test_front_matter_without_a_title_holds_a_text_without_a_heading() -> None:
    untitled = YAML.replace('title: "The gull: a hat"', "layout: post")
    assert parse_file("a.md", untitled.encode()).doubts
    record = parse_file("a.md", untitled.replace("---\n\n", "---\n\n# The gull\n\n").encode())
    assert (record.headline, record.doubts, record.misplaced) == ("The gull", (), "")


def test_a_date_that_is_none_is_listed() -> None:
    record = parse_file("a.md", YAML.replace("2024-03-13", "next Tuesday").encode())
    assert record.date is None
    assert ("date", Kind.WARNING) in {(decision.subject, decision.kind) for decision in record.decisions}


def test_lines_between_rules_are_no_front_matter() -> None:
    record = parse_file("a.txt", f"The gull\n\n28/08/2019\n\n---\n\n{BODY}\n---\n".encode())
    assert (record.headline, record.doubts) == ("The gull", ())
