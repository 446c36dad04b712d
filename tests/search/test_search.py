"""The search page and its index."""

import re
import time
import unicodedata
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.utils import timezone
from django.utils.html import strip_tags

from articles.publishing import publishing, saving
from articles.publishing.companions import Companions, Quote
from articles.publishing.models import Article
from articles.search import full_text_search, index
from articles.search.models import SearchDocument
from articles.topics import curating, tagging
from tests.factories import make_article, make_reader

pytestmark = pytest.mark.django_db
EDITOR = ["articles.change_articletopic"]


@pytest.fixture(autouse=True)
def long_timeout(monkeypatch: pytest.MonkeyPatch) -> None:
    """Set a long timeout: a busy machine must not stop a test's search. The test of the timeout sets its own."""
    monkeypatch.setattr(full_text_search, "TIMEOUT", 30.0)


def page(client: Client, q: str, **more: Any) -> str:
    response = client.get("/search/", {"q": q, **more})
    assert response.status_code == 200
    return response.content.decode()


def found(client: Client, q: str, **more: Any) -> list[str]:
    return [strip_tags(headline) for headline in re.findall(r"<h3>(.*?)</h3>", page(client, q, **more))]


def test_words_are_found_without_case_accents_and_endings(client: Client) -> None:
    make_article("The ferries of Skarvøy", "A café closed. Voters were voting.")
    for q in ("FERRY", "ferries", "cafe", "CAFÉS", "vote", "skarvøy", '"ferries of"', "the ferry"):
        assert found(client, q) == ["The ferries of Skarvøy"], q
    for q in ("whale", '"skarvøy ferries"', "fer"):
        assert found(client, q) == [], q


def test_every_script_is_found(client: Client) -> None:
    make_article("Nachrichten aus 東京都", "Ёлка и мороз. שלום עולם. مرحبا بالعالم")
    for q in ("東京", "елка", "שלום", "مرحبا"):
        assert len(found(client, q)) == 1, q
    assert found(client, "京東") == []


# cases.md L4
@pytest.mark.parametrize(
    ("body", "words", "others"),
    [
        ("การประชุมเรื่องราคาข้าวที่กรุงเทพเมื่อวานนี้", ["ประชุม", "ข้าว", "กรุงเทพ"], ["ขาว", "ชุมประ", "ขี้"]),
        ("ຂ່າວກອງປະຊຸມຢູ່ນະຄອນຫຼວງວຽງຈັນ", ["ປະຊຸມ", "ວຽງຈັນ"], ["ປະຊມ"]),
        ("ការប្រជុំអំពីតម្លៃអង្ករនៅភ្នំពេញ", ["ប្រជុំ", "ភ្នំពេញ"], ["ភនំពេញ"]),
        ("ရန်ကုန်မြို့တွင်ဆန်ဈေးအစည်းအဝေး", ["ရန်ကုန်", "မြို့", "ဆန်"], ["မို"]),
        (
            "東京の市場でマグロが最高値。人々は見た",
            ["東京", "マグロ", "人々", "ﾏｸﾞﾛ"],
            ["マクロ", "京東"],
        ),
        ("प्रधानमंत्री की रैली में रवि", ["प्रधानमंत्री", "रैली", "रवि"], ["रवा", "रव", "रलि"]),
        ("서울에서 열린 시장", ["서울에서", "시장", unicodedata.normalize("NFD", "시장")], ["시자"]),
        ("བོད་ཀྱི་སྐད", ["བོད", "སྐད"], ["བད"]),
    ],
    ids=["thai", "lao", "khmer", "burmese", "japanese", "hindi", "korean", "tibetan"],
)
def test_words_are_found_in_every_script_with_their_marks(
    client: Client, body: str, words: list[str], others: list[str]
) -> None:
    make_article("One", body)
    for word in words:
        assert found(client, word) == ["One"], word
        assert f"<mark>{word}</mark>" in page(client, word) or word not in body, word
    for word in others:
        assert found(client, word) == [], word


# cases.md L5
def test_letters_that_do_not_decompose_are_found_as_accents_are(client: Client) -> None:
    make_article("Łódź, København, Tromsø, Đà Nẵng", "smørrebrød og øl; ısparta, Straße, Þingvellir, æbler")
    words = "Lodz Kobenhavn Tromso smorrebrod isparta Isparta ISPARTA strasse Thingvellir aebler Łódź łodz TROMSØ"
    for word in [*words.split(), '"Da Nang"', "Đà"]:
        assert len(found(client, word)) == 1, word


# cases.md L8
def test_invisible_characters_hide_no_word(client: Client) -> None:
    make_article("Zero\u200bwidth", "A news\u00adpaper of the \u2066town\u2069 and می\u200cخواهم")
    for word in ("newspaper", "zerowidth", "town", "news\u00adpaper", "می\u200cخواهم", "میخواهم"):
        assert len(found(client, word)) == 1, word
    assert "<mark>news\u00adpaper</mark>" in page(client, "newspaper")


# cases.md L6
@pytest.mark.parametrize("letters", ["あいうえおかきくけこ", "กิขีคึงืจุฉูชัซาฌ้ญ็"])
def test_a_result_without_blanks_is_short_and_has_the_word(client: Client, letters: str) -> None:
    filling = letters * 400
    make_article("One", filling + "東京の港" + filling)
    body = page(client, "東京")
    snippet = re.findall(r'<p class="snippet">(.*?)</p>', body)[0]
    assert "<mark>東京</mark>" in snippet
    assert 200 <= len(strip_tags(snippet)) <= 250


def test_a_phrase_is_marked_where_it_is_and_its_letters_nowhere_else(client: Client) -> None:
    make_article("One", "ราคาของว่าง " + "กาลนาน " * 60 + " ราคาข้าววันนี้")
    snippet = re.findall(r'<p class="snippet">(.*?)</p>', page(client, "ข้าว"))[0]
    assert re.findall("<mark>.*?</mark>", snippet) == ["<mark>ข้าว</mark>"]


def test_a_headline_weighs_more_than_a_standfirst_which_weighs_more_than_a_body(client: Client) -> None:
    text = "Something quite different happens in this text, at some length, day after day. "
    make_article("Third", text + "The fog lifted.")
    make_article("First: fog", text)
    make_article("Second", text, standfirst="On fog and what it hides")
    assert found(client, "fog") == ["First: fog", "Second", "Third"]


def test_the_newest_come_first_when_asked(client: Client) -> None:
    make_article("Fog, fog and fog", dated=date(2020, 1, 1))
    make_article("Later", "Some fog in a long text about other things.", dated=date(2021, 1, 1))
    assert found(client, "fog", sort="newest") == ["Later", "Fog, fog and fog"]


def test_matches_are_highlighted_in_headline_and_text(client: Client) -> None:
    make_article("The <i>fog</i> bell", 'It rang. A "fog" came & went.')
    body = page(client, "fog")
    assert "The &lt;i&gt;<mark>fog</mark>&lt;/i&gt; bell" in body
    assert "A “<mark>fog</mark>” came &amp; went." in body


def test_what_readers_may_not_see_is_not_found(client: Client) -> None:
    make_article("Draft of fog", published=False)
    make_article("Fog to come", at=timezone.now() + timedelta(days=1))
    live = make_article("Fog now")
    assert found(client, "fog") == ["Fog now"]
    publishing.withdraw(live, by=None, reason="A test")
    assert found(client, "fog") == []
    client.force_login(make_reader(permissions=["articles.publish_article"]))
    assert found(client, "fog") == []


def test_a_scheduled_article_is_found_from_its_time_on(client: Client) -> None:
    article = make_article("Fog to come", at=timezone.now() + timedelta(days=1))
    Article.objects.filter(pk=article.pk).update(go_live_at=timezone.now() - timedelta(seconds=1))
    assert found(client, "fog") == ["Fog to come"]


def test_the_index_follows_edits_and_deletion(client: Client) -> None:
    article = make_article("Fog", "Of whales.")
    article.body = "Of herring."
    saving.save_article(article, by=None)
    assert found(client, "whale") == []
    assert found(client, "herring") == ["Fog"]
    article.delete()
    assert found(client, "herring") == []
    assert not SearchDocument.objects.exists()
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO articles_search(articles_search, rank) VALUES ('integrity-check', 1)")
            cursor.execute("SELECT COUNT(*) FROM articles_search('herring')")
            assert cursor.fetchone() == (0,)


def test_quotes_that_repeat_the_body_count_once_and_the_others_are_found(client: Client) -> None:
    companions = Companions(
        quotes=[Quote(text="The bell rang twice"), Quote(text="Nobody asks a whale", speaker="Leiv Dahl")]
    )
    article = make_article("A night", "The bell rang twice. Then it was still.", companions=companions)
    assert SearchDocument.objects.get(article=article).body.split().count("rang") == 1
    assert found(client, "whale dahl") == ["A night"]
    assert "<mark>whale</mark>" in page(client, "whale")


def test_topics_and_authors_are_found(client: Client) -> None:
    editor = make_reader(permissions=EDITOR)
    article = make_article("A night", authors=["Inès Aalto"])
    saving.save_article(article, by=None)  # The factory adds authors after the first save.
    topic = tagging.tag(article, "Lighthouses", by=editor).topic
    assert found(client, "lighthouse") == found(client, "ines aalto") == ["A night"]
    assert "<mark>Lighthouses</mark>" in page(client, "lighthouse")
    assert "<mark>Inès</mark> <mark>Aalto</mark>" in page(client, "ines aalto")
    curating.save_topic(topic, name="Beacons", slug=topic.slug, reason="Clearer", by=editor)
    assert found(client, "beacon") == ["A night"]
    curating.delete_topic(topic, by=editor, reason="Unused")
    assert found(client, "beacon") == []


def test_a_topic_awaiting_approval_is_not_searched(client: Client) -> None:
    tagging.tag(make_article("A night"), "Lighthouses", by=make_reader())
    assert found(client, "lighthouse") == []


HOSTILE = [
    *(
        "%",
        "_",
        "'",
        '"',
        '""',
        '"fog',
        "fog'); DROP TABLE articles_article; --",
        "NEAR(fog bell, 2)",
        "^fog",
        "headline:fog",
    ),
    *(
        "a* OR b* AND (c* NOT (d*))",
        "fog AND",
        "OR",
        "NOT fog",
        "(((((",
        "fog & | !",
        ":*",
        "<->",
        "\\",
        "\x00",
        "fo\x00g",
    ),
    *(
        "\ud800",
        "x" * 10_000,
        "fog " * 2_500,
        '"' * 10_000,
        "(" * 10_000,
        "🌫" * 5_000,
        "\u0301" * 10_000,
        "東" * 10_000,
    ),
    *("(a+)+$", "{0}", "%s %(a)s", "1e999", "../../etc/passwd", "<script>alert(1)</script>", "\u202efog", "ﷺ" * 200),
]


@pytest.mark.parametrize("q", HOSTILE, ids=lambda q: ascii(q[:20]))
def test_hostile_queries_are_harmless(client: Client, q: str) -> None:
    make_article("Fog", "A fog bell.")
    started = time.thread_time()  # CPU time, so that a busy machine does not fail this.
    body = page(client, q.encode("utf-8", "replace").decode())
    assert time.thread_time() - started < 0.5
    assert "<script>alert" not in body
    assert Article.objects.count() == 1


def test_raw_bytes_are_harmless(client: Client) -> None:
    for raw in ("%00", "%ff%fe", "%c0%af", "%ed%a0%80", "fog%00"):
        assert client.get(f"/search/?q={raw}").status_code == 200


@pytest.mark.parametrize("number", ["0", "-1", "NaN", "1e9", str(2**63), "2", "51", "", "1'"])
def test_hostile_page_numbers_are_not_found(client: Client, number: str) -> None:
    make_article("Fog")
    assert client.get("/search/", {"q": "fog", "page": number}).status_code == 404


def test_every_result_is_on_exactly_one_page(client: Client) -> None:
    for number in range(23):
        make_article(f"Fog number {number}")
    pages = [found(client, "fog", page=number) for number in (1, 2, 3)]
    assert [len(headlines) for headlines in pages] == [10, 10, 3]
    assert len({headline for headlines in pages for headline in headlines}) == 23
    assert "23 articles" in page(client, "fog")
    assert "?q=fog&amp;page=2" in page(client, "fog")


@pytest.mark.parametrize("number", [1, 12])
def test_a_search_runs_a_constant_number_of_queries(
    signed_in: Client, django_assert_num_queries: Any, number: int
) -> None:
    for _ in range(number):
        make_article("", "Fog.", authors=["Ines Aalto"])
    extra = 4 if connection.vendor == "postgresql" else 0  # The time limit inside a transaction.
    # Session, reader, search, counts for filters, articles, authors, blocks, quotes, topics, the masthead's sections.
    with django_assert_num_queries(10 + extra):
        signed_in.get("/search/", {"q": "fog"})


def test_anonymous_searches_are_rate_limited(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("articles.search.views.MAX_SEARCHES", 2)
    make_article("Fog")
    for _ in range(2):
        assert found(client, "fog") == ["Fog"]
    response = client.get("/search/", {"q": "fog bell"})
    assert response.status_code == 429
    assert int(response["Retry-After"]) > 0
    assert 'value="fog bell"' in response.content.decode()
    assert client.get("/search/").status_code == 200
    client.force_login(make_reader())
    assert found(client, "fog") == ["Fog"]


def test_the_empty_page_explains_and_suggests_topics(client: Client, django_assert_num_queries: Any) -> None:
    tagging.tag(make_article(), "Bells", by=make_reader(permissions=EDITOR))
    with django_assert_num_queries(2):
        response = client.get("/search/")
    body = response.content.decode()
    assert body.count("<h1") == 1
    assert "Bells" in body
    assert "exact phrase" in body
    assert not response.cookies
    assert "csrf" not in body


def test_no_results_says_what_to_do(client: Client) -> None:
    body = page(client, "whale")
    assert "No results" in body
    assert "Try fewer or different words" in body


@pytest.mark.parametrize("sort", ["", "newest"])
def test_of_a_word_in_most_articles_the_newest_are_ranked_and_counted(
    client: Client, sort: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(full_text_search, "MAX_RANKED", 2)
    make_article("Fog in 2020", dated=date(2020, 1, 1))
    for year in (2021, 2022):
        make_article("Weather", f"Fog in {year}", dated=date(year, 1, 1))
    body = page(client, "fog", sort=sort)
    assert "More than 2 articles" in body and "Add a rarer word" in body
    monkeypatch.setattr(full_text_search, "MAX_RANKED", 3)
    body = page(client, "fog", sort=sort)
    assert "3 articles" in body and "More than" not in body


def test_only_the_newest_matches_are_ranked(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    make_article("Fog: oldest", dated=date(2020, 1, 1))
    for year in (2021, 2022, 2023):
        make_article(f"Weather of {year}", "Some fog, in a long text on other things.", dated=date(year, 1, 1))
    assert found(client, "fog")[0] == "Fog: oldest"
    monkeypatch.setattr(full_text_search, "MAX_RANKED", 2)
    assert "Fog: oldest" not in found(client, "fog")


def test_a_search_that_takes_too_long_is_stopped(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    make_article("Fog")
    slow = {
        "sqlite": "(WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i<1e9) SELECT max(i) FROM n)",
        "postgresql": "(SELECT pg_sleep(20)::text WHERE {query} IS NOT NULL)",
    }
    monkeypatch.setattr(full_text_search, "_RANK", slow)
    monkeypatch.setattr(full_text_search, "TIMEOUT", 0.4)
    started = time.perf_counter()
    assert "takes too long" in page(client, "fog")
    assert time.perf_counter() - started < 10
    monkeypatch.undo()
    assert found(client, "fog") == ["Fog"]  # The connection still works.


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no such setting")
def test_after_a_search_statements_have_the_time_of_the_connection(client: Client) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = '30s'")
        assert "No results" in page(client, "fog")
        cursor.execute("SHOW statement_timeout")
        assert cursor.fetchone() == ("30s",)


def test_an_enormous_article_is_saved_and_found(client: Client) -> None:
    words = " ".join(f"слово{number}" for number in range(60_000))
    article = make_article("Fog", "Whale. " + words + " Herring.")
    assert found(client, "whale") == ["Fog"]
    assert found(client, "herring") == []
    assert len(SearchDocument.objects.get(article=article).body) <= index.MAX_BODY_LENGTH


def test_reindex_restores_lost_rows(client: Client) -> None:
    make_article("Fog")
    SearchDocument.objects.all().delete()
    assert found(client, "fog") == []
    call_command("reindex", verbosity=0)
    call_command("reindex", verbosity=0)
    assert found(client, "fog") == ["Fog"]
