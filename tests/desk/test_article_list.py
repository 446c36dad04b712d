"""The list of articles: filters, searches and query counts."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.desk.conftest import desk_full, sign_in

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
    assert questions() == few <= 9
    found = client.get(LIST, {"q": "Scheduled 3"}).context["cl"].result_list
    assert [article.headline for article in found] == ["Scheduled 3"]
