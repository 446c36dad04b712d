"""What SQLite knows of its tables."""

import pytest
from django.db import connection

from articles.discussion.models import Comment, Report
from articles.web import query_statistics
from tests.factories import make_article, make_comment

pytestmark = [pytest.mark.django_db, pytest.mark.skipif(connection.vendor != "sqlite", reason="SQLite's statistics")]


def statistics() -> dict[str, str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tbl, stat FROM sqlite_stat1")
        return dict(cursor.fetchall())


def test_small_sites_have_none() -> None:
    make_article()
    assert not query_statistics.update_statistics()


def test_a_larger_site_has_them_of_empty_tables_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(query_statistics, "MIN_ARTICLES", 1)
    make_comment()
    assert query_statistics.update_statistics()
    assert statistics()[Comment._meta.db_table].startswith("1 ")
    assert statistics()[Report._meta.db_table] == "1"
    assert query_statistics.update_statistics()  # Again, when they are there.
