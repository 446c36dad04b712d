"""The version history: list, editions and comparisons; corrections; and “changed since you read it”."""

import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from articles.discussion.threads import last_visits
from articles.publishing import correcting, editions, publishing, saving, slug_redirects
from articles.publishing.companions import Companions, Quote, Related
from articles.publishing.models import Article
from tests.factories import make_article, make_reader
from tests.publishing.test_editions import write
from tests.reading.test_queries import queries

pytestmark = pytest.mark.django_db

BODY = "The boat left at ten.\n\nNobody was on board, the harbour master said.\n\n" + "\n\n".join(
    f"Paragraph {number} says what it says." for number in "three four five six seven eight".split()
)


@pytest.fixture
def article() -> Article:
    """An article with four editions: a note on the second, a typing error fixed in the third, the fourth corrected."""
    article = make_article("A boat leaves", BODY)
    write(article, BODY.replace("said.", "siad to us."), note="We asked the harbour master.")
    write(article, BODY.replace("said.", "said to us."))
    write(article, BODY.replace("said.", "said to us.").replace("ten", "nine"), note="It left at nine.", corrects=True)
    return Article.objects.get(pk=article.pk)


def history(article: Article, rest: str = "") -> str:
    return article.history_url + rest


def words(response: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.text).split())


def test_the_article_links_to_its_history_if_it_has_one(client: Client, article: Article) -> None:
    assert f'href="{history(article)}"' in client.get(article.get_absolute_url()).text
    single = make_article()
    assert "/history/" not in client.get(single.get_absolute_url()).text
    assert client.get(history(single)).status_code == 200


def test_the_list_shows_notes_and_collapses_minor_changes(client: Client, article: Article) -> None:
    page = client.get(history(article))
    said = words(page)
    assert said.index("Version 4") < said.index("1 minor change") < said.index("Version 2") < said.index("Version 1")
    assert "Correction. It left at nine." in said
    assert "We asked the harbour master." in said
    assert page.text.index("<details") < page.text.index(f'href="{history(article, "3/")}"')
    assert "3 words added, 1 word removed" in said
    chosen = [piece.split(">")[0] for piece in page.text.split("<input ") if "checked" in piece.split(">")[0]]
    assert ['value="4"' in chosen[0], 'value="2"' in chosen[1]] == [True, True], "neither is in a closed group"


def test_a_group_with_a_selected_edition_is_open(client: Client) -> None:
    article = make_article("A boat leaves", BODY)
    write(article, BODY.replace("said.", "siad."))
    assert "<details open>" in client.get(history(article)).text


def test_notes_and_corrections_are_not_marked_as_in_the_articles_language(client: Client) -> None:
    article = make_article("A boat leaves", BODY, language="ar")
    write(article, BODY.replace("ten", "nine"), note="It left at nine.", corrects=True)
    article.refresh_from_db()
    assert '<span dir="auto">It left at nine.</span>' in client.get(article.get_absolute_url()).text
    assert '<span dir="auto">It left at nine.</span>' in client.get(history(article)).text
    assert '<summary class="sans" lang="en">' in client.get(history(article, "compare/?from=1&to=2")).text


def test_each_edition_has_a_url_and_shows_what_readers_saw(client: Client, article: Article) -> None:
    page = client.get(history(article, "2/"))
    assert "siad to us." in page.text and "left at ten" in page.text
    assert "an earlier version of this article" in page.text
    assert f'<link rel="canonical" href="http://localhost:8000{article.get_absolute_url()}">' in page.text
    assert '<meta name="robots" content="noindex">' in page.text
    assert "the current version of this article" in client.get(history(article, "4/")).text


def test_an_edition_has_the_pull_quotes_that_it_had(client: Client) -> None:
    quoted = Companions(quotes=[Quote(text="Nobody was on board", speaker="The harbour master", after=1)])
    article = make_article(body=BODY, companions=quoted)
    saving.save_article(Article.objects.get(pk=article.pk), by=None, companions=Companions())
    assert '<aside class="pull"' in client.get(history(article, "1/")).text
    assert '<aside class="pull"' not in client.get(history(article, "2/")).text
    assert "Pull quote: Nobody was on board" in words(client.get(history(article, "compare/?from=1&to=2")))


@pytest.mark.parametrize("rest", ["0/", "5/", "99999999999999999999/", "compare/?from=1&to=9", "compare/?from=x&to=2"])
def test_an_edition_that_does_not_exist_is_not_found(client: Client, article: Article, rest: str) -> None:
    assert client.get(history(article, rest)).status_code == 404


def test_two_editions_are_compared_word_by_word(client: Client, article: Article) -> None:
    page = client.get(history(article, "compare/?from=1&to=4"))
    assert '<del><span class="sr-only">[removed: </span>ten.<span class="sr-only">]</span></del>' in page.text
    assert '<ins><span class="sr-only">[added: </span>nine.<span class="sr-only">]</span></ins>' in page.text
    said = words(page)
    assert "We asked the harbour master." in said and "It left at nine." in said
    assert "5 unchanged paragraphs" in said


def test_a_comparison_goes_from_the_older_to_the_newer(client: Client, article: Article) -> None:
    back = client.get(history(article, "compare/?from=4&to=1"))
    assert (back.status_code, back["Location"]) == (302, history(article, "compare/?from=1&to=4"))
    same = client.get(history(article, "compare/?from=2&to=2"))
    assert same["Location"] == history(article, "2/")


@pytest.mark.parametrize("rest", ["", "1/", "compare/?from=1&to=2"])
def test_the_history_of_a_withdrawn_article_is_gone_with_it(client: Client, article: Article, rest: str) -> None:
    publishing.withdraw(article, by=None, reason="A doubt")
    assert client.get(history(article, rest)).status_code == 410


@pytest.mark.parametrize("rest", ["", "2/", "compare/?from=1&to=2"])
def test_the_history_moves_with_its_article(client: Client, article: Article, rest: str) -> None:
    before = history(article, rest)
    article.slug = "another-name"
    slug_redirects.save_with_unique_slug(article)
    moved = client.get(before)
    assert (moved.status_code, moved["Location"]) == (301, history(article, rest))


def test_a_removed_edition_leaves_a_dated_notice(client: Client, article: Article) -> None:
    editor = make_reader(permissions=["articles.publish_article"])
    editions.remove_edition(article.revisions.get(edition=2), by=editor, because="By order of the court.")
    for rest in ("2/", "compare/?from=1&to=2", "compare/?from=2&to=4"):
        page = client.get(history(article, rest))
        assert page.status_code == 451
        assert "siad" not in page.text
        assert "Removed for legal reasons on" in page.text and "By order of the court." in page.text
    assert "By order of the court." in client.get(history(article)).text
    assert client.get(history(article, "compare/?from=1&to=4")).status_code == 200


def test_reasons_for_changes_are_not_shown_to_readers(client: Client) -> None:
    article = make_article(by=make_reader("Deskhand"))
    article.body = "Another text."
    saving.save_article(article, by=None, reason="The secret reason")
    for rest in ("", "1/", "2/", "compare/?from=1&to=2"):
        page = client.get(history(article, rest)).text
        assert "secret reason" not in page and "Deskhand" not in page


def test_a_draft_that_was_never_public_is_in_no_history(client: Client) -> None:
    article = make_article(body="The libellous draft.", published=False)
    article.body = "The careful text."
    saving.save_article(article, by=None)
    publishing.publish(article, by=None)
    pages = [client.get(history(article, rest)).text for rest in ("", "1/")]
    assert all("libellous" not in page for page in pages)
    assert client.get(history(article, "2/")).status_code == 404


def test_a_hostile_note_and_text_are_escaped(client: Client) -> None:
    evil = "<script>alert(1)</script> **x** [a](javascript:alert(1))"
    article = make_article(evil[:80], evil + "\n\nOne.")
    write(article, evil + "\n\nTwo.", note=evil)
    for rest in ("", "1/", "compare/?from=1&to=2"):
        text = client.get(history(article, rest)).text
        assert "<script>alert" not in text and 'href="javascript' not in text


# Corrections -------------------------------------------------------------------------------------------------------


def test_a_correction_is_on_the_article_and_links_to_what_changed(client: Client, article: Article) -> None:
    page = client.get(article.get_absolute_url()).text
    assert "It left at nine." in page and 'href="#corrections"' in page
    assert f'href="{history(article)}compare/?from=3&amp;to=4"' in page
    data = json.loads(page.split('<script type="application/ld+json">')[1].split("</script>")[0])
    assert [found["@type"] for found in data["correction"]] == ["CorrectionComment"]
    assert data["correction"][0]["text"] == "It left at nine."


def test_all_corrections_are_on_one_page_and_in_a_feed(client: Client, article: Article) -> None:
    page, feed = client.get("/corrections/"), client.get("/corrections/feed/")
    assert "A boat leaves" in page.text and "It left at nine." in page.text
    assert 'aria-label="See what changed in A boat leaves"' in page.text
    assert feed["Content-Type"].startswith("application/atom+xml")
    assert "<title>Correction: A boat leaves</title>" in feed.text
    publishing.withdraw(article, by=None, reason="A doubt")
    assert "It left at nine." not in client.get("/corrections/").text + client.get("/corrections/feed/").text


def test_a_site_without_corrections_says_so(client: Client) -> None:
    assert "No corrections yet." in client.get("/corrections/").text
    assert client.get("/corrections/feed/").status_code == 200


def test_the_number_of_queries_does_not_depend_on_the_number_of_editions(client: Client) -> None:
    short, long = make_article(body=BODY), make_article(body=BODY)
    for number in range(12):
        revision = write(long, f"{BODY}\n\nOne more line, number {number}.")
        correcting.add_correction(revision, text=f"Correction {number}", by=None)
    write(short, BODY + "\n\nOne more line.", note="x", corrects=True)
    for rest, expected in (("", 5), ("2/", 6), ("compare/?from=1&to=2", 8)):
        assert [queries(client, history(article, rest)) for article in (short, long)] == [expected] * 2
    assert queries(client, "/corrections/") == 3


# Changed since you read it -----------------------------------------------------------------------------------------


def open_page(client: Client, article: Article) -> str:
    page = client.get(article.get_absolute_url()).text
    last_visits.write()
    return page


def test_a_reader_is_told_what_changed_since_they_read_it(signed_in: Client) -> None:
    with time_machine.travel(datetime(2026, 3, 1, 12, tzinfo=UTC), tick=False) as clock:
        article = make_article(body=BODY)
        assert "has changed since you read it" not in open_page(signed_in, article)
        clock.shift(timedelta(hours=2))
        write(article, BODY.replace("ten", "nine"))
        page = open_page(signed_in, article)
        assert "has changed since you read it" in page
        assert f'href="{history(article)}compare/?from=1&amp;to=2"' in page
        clock.shift(timedelta(minutes=10))  # Still the same visit.
        assert "has changed since you read it" in open_page(signed_in, article)
        clock.shift(timedelta(hours=2))
        assert "has changed since you read it" not in open_page(signed_in, article)


def test_a_minor_change_is_not_announced_to_a_returning_reader(signed_in: Client) -> None:
    with time_machine.travel(datetime(2026, 3, 1, 12, tzinfo=UTC), tick=False) as clock:
        article = make_article(body=BODY)
        open_page(signed_in, article)
        clock.shift(timedelta(hours=2))
        write(article, BODY.replace("harbour", "harbor"))
        assert "has changed since you read it" not in open_page(signed_in, article)


def test_anonymous_readers_are_not_told_of_changes(client: Client, article: Article) -> None:
    for _ in range(2):
        assert "has changed since you read it" not in open_page(client, article)


def test_a_comparison_styles_each_line_by_its_kind(client: Client) -> None:
    beside = Companions(quotes=[Quote(text="Nobody was on board", after=0)], related=[Related(headline="Another boat")])
    article = make_article("A boat leaves", f"{BODY}\n\n## Later\n\nIt sank.", standfirst="Early.", companions=beside)
    article.headline, article.body = "A boat has left", f"{BODY}\n\nLater\n\nIt sank."
    saving.save_article(article, by=None)
    page = client.get(f"{article.history_url}compare/?from=1&to=2").text.partition('<div class="article-changes')[2]
    for kind in ("as-headline", "as-standfirst", "as-beside"):
        assert f'<p class="{kind}">' in page
    assert "Later" in page.partition("<del>")[2], "a heading that became a paragraph has changed"
    assert not set("\ue000\ue001\ue002\ue003\ue004\ue005") & set(page)
