"""Straight quotation marks become those of the article's language."""

from html import unescape

import pytest
from django.test import Client

from articles.models import LostLink
from articles.publishing.companions import Companions, Quote
from articles.publishing.layout import mark_lost_links
from articles.text.links import add_link
from articles.text.markdown import render_article, typographic
from articles.text.quotation_marks import marks_of
from tests.factories import make_article

SENTENCE = """Er sagte: "Das ist 'falsch'." """.strip()


# cases.md L9
@pytest.mark.parametrize(
    ("language", "line"),
    [
        ("en", "Er sagte: “Das ist ‘falsch’.”"),
        ("de", "Er sagte: „Das ist ‚falsch‘.“"),
        ("de-at", "Er sagte: „Das ist ‚falsch‘.“"),
        ("de-ch", "Er sagte: «Das ist ‹falsch›.»"),
        ("fr", "Er sagte: «\u202fDas ist “falsch”.\u202f»"),
        ("pl", "Er sagte: „Das ist «falsch».”"),
        ("ru", "Er sagte: «Das ist „falsch“.»"),
        ("es", "Er sagte: «Das ist “falsch”.»"),
        ("sv", "Er sagte: ”Das ist ’falsch’.”"),
        ("cs", "Er sagte: „Das ist ‚falsch‘.“"),
        ("", "Er sagte: “Das ist ‘falsch’.”"),
        ("xx-unknown", "Er sagte: “Das ist ‘falsch’.”"),
    ],
)
def test_marks_are_those_of_the_language_and_nested_ones_too(language: str, line: str) -> None:
    assert typographic(SENTENCE, language) == line
    assert unescape(render_article(SENTENCE, language)) == f"<p>{line}</p>"


@pytest.mark.parametrize("language", ["de", "fr", "pl", "sv"])
def test_an_apostrophe_is_the_same_everywhere(language: str) -> None:
    assert typographic("l'eau don't", language) == "l’eau don’t"


@pytest.mark.parametrize(
    ("language", "typed", "line"),
    [
        ("en", "the '60s and the '70s", "the ’60s and the ’70s"),
        ("en", "'It was the '60s,' he said", "‘It was the ’60s,’ he said"),
        ("en", "in '68 and '69, they won", "in ’68 and ’69, they won"),
        ("en", "'68 people came,' he said", "‘68 people came,’ he said"),
        ("en", "'100 people came,' he said", "‘100 people came,’ he said"),
        ("en", "rock 'n' roll", "rock ’n’ roll"),
        ("en", "'Rock 'n' roll,' he said", "‘Rock ’n’ roll,’ he said"),
        ("", "'Tis true: get 'em", "’Tis true: get ’em"),
        ("en", "'tisn't", "'tisn’t"),
        ("de", "Gib mir 'ne Pause in den '60s", "Gib mir ’ne Pause in den ’60s"),
        ("de", "Er sagte 'ein Haus'", "Er sagte ‚ein Haus‘"),
        ("nl", "'s avonds in 't huis", "’s avonds in ’t huis"),
        ("it", "la 'ndrangheta", "la ’ndrangheta"),
        ("pt", "'em casa'", "‘em casa’"),
        ("fr", "'em' dans les '60s", "“em” dans les ’60s"),
    ],
)
def test_an_apostrophe_at_the_start_of_a_word_is_one(language: str, typed: str, line: str) -> None:
    assert typographic(typed, language) == line
    assert unescape(render_article(typed, language)) == f"<p>{line}</p>"


# cases.md L9
@pytest.mark.django_db
def test_headline_text_and_pull_quote_of_an_article_have_its_marks(client: Client) -> None:
    quote = Quote(text='Das ist "falsch" hier', after=0)
    article = make_article(
        '"Falsch"', 'Er sagte: "Nein." Das ist "falsch" hier.', language="de", companions=Companions(quotes=[quote])
    )
    for path in (article.get_absolute_url(), article.history_url):
        page = client.get(path).text
        assert "„Falsch“" in page
        assert "“Falsch”" not in page
    page = client.get(article.get_absolute_url()).text
    assert "Er sagte: „Nein.“" in page
    assert '<p dir="auto">Das ist „falsch“ hier' in page
    assert "„<mark>Nein</mark>.“" in client.get("/search/", {"q": "nein"}).text
    assert "„Falsch“" in client.get("/feed/").text


@pytest.mark.parametrize("language", ["en", "de", "fr"])
def test_words_of_a_lost_link_are_found_with_any_marks(language: str) -> None:
    html = render_article('Lies "Die Fähre" heute', language)
    for words in ('"Die Fähre"', "“Die Fähre”"):
        marked = mark_lost_links(html, [LostLink(words=words, occurrence=0)])
        assert '<span class="dead-link"' in marked
        assert marked.count("Die Fähre") == 1
        assert add_link('Lies "Die Fähre" heute', words, 0, "https://a.example/") == (
            'Lies ["Die Fähre"](https://a.example/) heute'
        )


def test_every_language_has_four_marks() -> None:
    for language in ("de", "fr", "pl", "hu", "ja", "ar", "pt-pt"):
        assert len(marks_of(language)) == 4
