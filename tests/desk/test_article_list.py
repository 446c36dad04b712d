"""The list of articles: filters, searches and query counts."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles.desk.article_filters import LanguageFilter
from articles.publishing.models import Article, Revision
from articles.web import capped_paginator
from tests.desk.conftest import desk_full, sign_in
from tests.factories import make_article, make_comment, make_owner
from tests.plans import reads

pytestmark = pytest.mark.django_db


LIST = "/admin/articles/article/"


def test_the_article_list_takes_the_same_number_of_queries_however_long_it_is(client: Client) -> None:
    sign_in(client, "Editor")

    def questions() -> dict[str, int]:
        found = {}
        for state in ("", "published", "notes", "waiting", "missing"):
            client.get(LIST, {"state": state})
            with CaptureQueriesContext(connection) as asked:
                client.get(LIST, {"state": state})
            found[state] = len(asked)
        return found

    desk_full(1)
    few = questions()
    desk_full(4)
    assert questions() == few
    assert max(few.values()) < 20


@pytest.mark.parametrize(
    ("state", "shown"),
    [
        ("drafts", "Draft 0"),
        ("review", "Review 0"),
        ("scheduled", "Scheduled 0"),
        ("held", "Held 0"),
        ("missing", "Missing 0"),
    ],
)
def test_the_list_is_filtered_by_state(client: Client, state: str, shown: str) -> None:
    sign_in(client, "Editor")
    desk_full(1)
    found = [article.headline for article in client.get(LIST, {"state": state}).context["cl"].result_list]
    assert found == [shown]


def test_the_list_searches_headlines_in_few_queries(client: Client) -> None:
    sign_in(client, "Writer")

    def questions() -> int:
        client.get(LIST)
        with CaptureQueriesContext(connection) as asked:
            assert client.get(LIST).status_code == 200
        return len(asked)

    desk_full(1)
    few = questions()
    desk_full(6)
    assert questions() == few <= 10
    found = client.get(LIST, {"q": "Scheduled 3"}).context["cl"].result_list
    assert [article.headline for article in found] == ["Scheduled 3"]


def test_the_list_is_filtered_by_the_languages_in_use(client: Client) -> None:
    sign_in(client, "Editor")
    make_article("Fog")
    assert "?language=en" not in client.get(LIST).content.decode()
    make_article("Brume", language="fr")
    assert "?language=en" in client.get(LIST).content.decode()
    found = client.get(LIST, {"language": "fr"}).context["cl"].result_list
    assert [article.headline for article in found] == ["Brume"]
    languages = reads("articles_article", lambda: LanguageFilter(None, {}, Article, None))  # type: ignore[arg-type]
    # Its first language is the beginning of the index.
    assert languages <= {"scan of articles_by_language", "articles_by_language"}


@pytest.mark.parametrize("model", ["article", "comment"])
def test_long_lists_are_counted_up_to_a_cap(client: Client, model: str, monkeypatch: pytest.MonkeyPatch) -> None:
    client.force_login(make_owner())
    for _ in range(3):
        make_comment()
    address = f"/admin/articles/{model}/"
    assert f"3 {model}s" in client.get(address).content.decode()
    monkeypatch.setattr(capped_paginator, "MAX_COUNTED", 2)
    assert f"More than 2 {model}s" in client.get(address).content.decode()


def test_revisions_that_wait_are_read_off_their_index(client: Client) -> None:
    sign_in(client, "Editor")
    desk_full(2)
    proposed = Revision.objects.filter(state=Revision.State.PROPOSED).order_by("-pk")
    for run in (lambda: list(proposed[:5]), proposed.count):
        assert {read.removeprefix("scan of ") for read in reads("articles_revision", run)} == {"proposed_revisions"}
