"""What a search finds beside exact words: the other spelling, what was meant, some of the words; and its filters."""

import re
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone
from django.utils.html import strip_tags

from articles.publishing import publishing
from articles.publishing.models import Section
from articles.search import full_text_search, vocabulary
from articles.search.models import VocabularyWord
from articles.search.spelling import other_spelling
from articles.topics import tagging
from tests.factories import make_article, make_reader

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def long_timeout(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(full_text_search, "TIMEOUT", 30.0)
    monkeypatch.setattr(vocabulary, "_counted_version", 0)


def page(client: Client, q: str, **more: Any) -> str:
    response = client.get("/search/", {"q": q, **more})
    assert response.status_code == 200
    return response.content.decode()


def found(body: str) -> list[str]:
    return [strip_tags(headline) for headline in re.findall(r"<h3[^>]*>(.*?)</h3>", body)]


def meant(body: str) -> str:
    match = re.search(r"Did you mean <a [^>]*>(.*?)</a>", body)
    return unescape(strip_tags(match[1])) if match else ""


PAIRS = [
    *(("harbour", "harbor"), ("colours", "colors"), ("organised", "organized"), ("centre", "center")),
    *(("centred", "centered"), ("travelling", "traveling"), ("catalogue", "catalog"), ("defence", "defense")),
    *(("analyse", "analyze"), ("grey", "gray"), ("programmes", "programs"), ("anaemia", "anemia")),
    *(("counsellor", "counselor"), ("odour", "odor"), ("mouldy", "moldy")),
]


@pytest.mark.parametrize(("british", "american"), PAIRS)
def test_words_have_a_british_and_an_american_spelling(british: str, american: str) -> None:
    assert other_spelling(british) == american
    assert other_spelling(american) == british


@pytest.mark.parametrize("word", ["four", "scour", "hour", "rise", "size", "filled", "bell", "letter", "гавань", "東"])
def test_other_words_have_one_spelling(word: str) -> None:
    assert other_spelling(word) is None


def test_both_spellings_are_found_and_marked(client: Client) -> None:
    make_article("The harbour at night", "Grey water.")
    make_article("A harbor in Maine", "Gray water.")
    for q in ("harbour", "harbor", "harbours gray", '"grey water"'):
        assert sorted(found(page(client, q))) == ["A harbor in Maine", "The harbour at night"], q
    assert "<mark>harbor</mark>" in page(client, "harbour")
    assert found(page(client, '"gray harbour"')) == []


def test_what_has_some_of_the_words_is_shown_where_nothing_has_all(client: Client) -> None:
    make_article("The bell rings")
    make_article("A whale was seen")
    body = page(client, "bell whale")
    assert sorted(found(body)) == ["A whale was seen", "The bell rings"]
    assert "No article has all these words. These have some of them." in body
    assert "some of them" not in page(client, "the bell")
    assert "some of them" not in page(client, "herring")


def test_pages_of_some_of_the_words_go_on(client: Client) -> None:
    for number in range(11):
        make_article(f"Bell number {number}")
    assert len(found(page(client, "bell whale", page=2))) == 1
    assert client.get("/search/", {"q": "bell whale", "page": "3"}).status_code == 404


def test_a_misspelt_word_is_corrected_to_one_that_the_articles_use(client: Client) -> None:
    make_article("The lighthouse keeper", "Marmalade by the harbour.", authors=["Inès Aalto"])
    make_article("The light house")
    vocabulary.count_words()
    for typed, corrected in {
        "lighthuose": "lighthouse",
        "LIGTHOUSE": "lighthouse",
        "marmelade keper": "marmalade keeper",
        "hrabour": "harbour",
        "arbour marmalade": "harbour marmalade",
        '"lighthouse kepeer"': '"lighthouse keeper"',
        "marmelade zzyzx": "marmalade zzyzx",
    }.items():
        body = page(client, typed)
        assert meant(body) == corrected, typed
        link = unescape(re.findall(r'Did you mean <a href="([^"]*)"', body)[0])
        assert found(client.get(f"/search/{link}").content.decode()) == ["The lighthouse keeper"]


def test_nothing_is_suggested_for_words_that_are_found_or_like_none(client: Client) -> None:
    make_article("Harbours and lighthouses")
    vocabulary.count_words()
    for q in ("harbour", "lighthouses", "zzyzx", "har", "12345", "東京", "harbours whale", "harbour zzyzx"):
        assert meant(page(client, q)) == "", q


def test_of_equally_near_words_the_most_frequent_is_suggested(client: Client) -> None:
    make_article("A boat")
    for _ in range(2):
        make_article("A bolt")
    vocabulary.count_words()
    assert meant(page(client, "boet")) == "bolt"  # One letter from both.


def test_words_of_drafts_and_withdrawn_articles_are_not_suggested(client: Client) -> None:
    make_article("A secret lighthouse", published=False)
    article = make_article("Marmalade")
    vocabulary.count_words()
    assert not VocabularyWord.objects.filter(word="lighthouse").exists()
    assert meant(page(client, "marmelade")) == "marmalade"
    publishing.withdraw(article, by=None, reason="A test")
    assert meant(page(client, "marmelade")) == ""
    vocabulary._counted_version = 0
    vocabulary.count_words()
    assert not VocabularyWord.objects.exists()


def test_a_correction_counts_only_if_it_finds_something_with_these_filters(client: Client) -> None:
    Section.objects.create(name="News", slug="news")
    make_article("Marmalade")
    vocabulary.count_words()
    assert meant(page(client, "marmelade")) == "marmalade"
    assert meant(page(client, "marmelade", section="news")) == ""


def test_the_vocabulary_is_of_the_most_frequent_words(monkeypatch: pytest.MonkeyPatch) -> None:
    make_article("bell bell bell", "whale")
    make_article("bell", "whale")
    make_article("bell")
    monkeypatch.setattr(vocabulary, "MAX_WORDS", 2)
    monkeypatch.setattr(vocabulary, "BATCH", 1)
    vocabulary.count_words()
    assert dict(VocabularyWord.objects.values_list("word", "article_count"))["bell"] == 3
    assert VocabularyWord.objects.count() == 2


@pytest.mark.parametrize(
    ("one", "other", "errors"),
    [
        *(("bell", "bell", 0), ("bell", "bel", 1), ("bell", "ball", 1), ("bell", "eblls", 2), ("bell", "blel", 1)),
        *(("", "ab", 2), ("ab", "", 2), ("abc", "xyz", 3), ("form", "from", 1), ("ca", "abc", 3)),
    ],
)
def test_errors_are_letters_left_out_added_replaced_or_swapped(one: str, other: str, errors: int) -> None:
    assert vocabulary.distance(one, other, 9) == errors
    assert vocabulary.distance(one, other, 1) == errors or errors > 1


def test_results_narrow_to_a_section_a_topic_an_author_or_a_time(client: Client) -> None:
    today = timezone.localdate()
    harbour = Section.objects.create(name="Harbour", slug="harbour")
    here = make_article("Fog here", section=harbour, authors=["Ines Aalto"], dated=today)
    make_article("Fog there", dated=today - timedelta(days=800))
    tagging.tag(here, "Bells", by=make_reader(permissions=["articles.change_articletopic"]))
    times = [{"date": "week"}, {"date": "year"}, {"date": str(today.year)}]
    for narrow in ({"section": "harbour"}, {"topic": "bells"}, {"author": "ines-aalto"}, *times):
        assert found(page(client, "fog", **narrow)) == ["Fog here"], narrow
    wrongs = ({"section": "none"}, {"topic": "\x00"}, {"author": "x" * 5000}, {"date": "0000"}, {"date": "²0²4"})
    for wrong in wrongs:
        assert client.get("/search/", {"q": "fog", **wrong}).status_code == 404, wrong


def filters(body: str) -> dict[str, dict[str, str]]:
    """The links of the filters: by kind and name, the count and the URL."""
    lists = re.findall(r"<dt>(.*?)</dt>\s*<dd>(.*?)</dd>", body, re.DOTALL)
    rows = {
        kind: re.findall(r'<a href="([^"]*)"[^>]*><bdi>(.*?)</bdi></a>\s*<span class="count">(.*?)</span>', html)
        for kind, html in lists
    }
    return {kind: {f"{name} {count}": unescape(url) for url, name, count in links} for kind, links in rows.items()}


def test_filters_are_links_with_counts(client: Client) -> None:
    today = timezone.localdate()
    news, culture = (Section.objects.create(name=name, slug=name.lower()) for name in ("News", "Culture"))
    for number in range(3):
        make_article(f"Fog {number}", section=news, authors=["Ines Aalto"], dated=today)
    old = make_article("Old fog", section=culture, authors=["Leiv Dahl"], dated=today - timedelta(days=800))
    tagging.tag(old, "Bells", by=make_reader(permissions=["articles.change_articletopic"]))
    links = filters(page(client, "fog", sort="newest"))
    assert list(links["Section"]) == ["News 3", "Culture 1"]
    assert list(links["Author"]) == ["Ines Aalto 3", "Leiv Dahl 1"]
    years = {f"{today.year} 3", f"{(today - timedelta(days=800)).year} 1"}
    assert set(links["Date"]) == {"Past week 3", "Past month 3", "Past year 3"} | years
    assert "Topic" not in links  # One alone narrows nothing.
    body = client.get(f"/search/{links['Section']['Culture 1']}").content.decode()
    assert found(body) == ["Old fog"]
    assert "Section" not in filters(body)
    assert "Section: <bdi>Culture</bdi>" in body
    remove = re.findall(r'<a class="chip" href="([^"]*)"', body)[0]
    assert len(found(client.get(f"/search/{unescape(remove)}").content.decode())) == 4


def test_counts_of_filters_end_where_ranking_ends(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(full_text_search, "MAX_RANKED", 2)
    for name in ("News", "Culture"):
        section = Section.objects.create(name=name, slug=name.lower())
        for _ in range(2):
            make_article("Fog", section=section)
    assert all(name.endswith("+") for name in filters(page(client, "fog"))["Section"])


def test_a_word_of_every_article_has_few_filters(client: Client) -> None:
    for number in range(10):
        section = Section.objects.create(name=f"Section {number}", slug=f"s{number}")
        make_article("Fog", section=section, authors=[f"Author {number}"])
    links = filters(page(client, "fog"))
    assert len(links["Section"]) == len(links["Author"]) == 6


@pytest.mark.skipif(connection.vendor != "sqlite", reason="The query is the same")
def test_a_search_with_a_correction_runs_a_bounded_number_of_queries(
    client: Client, django_assert_max_num_queries: Any
) -> None:
    make_article("The lighthouse keeper")
    vocabulary.count_words()
    with django_assert_max_num_queries(25):
        page(client, "lighthuose keper lihgthouse")
