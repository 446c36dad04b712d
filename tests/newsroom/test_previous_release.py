"""While a site is upgraded, the previous release writes to the newest schema (issue 15, fault D6).

Each row of its database is written again as its code wrote it: by plain SQL, with the columns that it knows.
"""

import gzip
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from django.core.management.color import no_style
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from articles.discussion.models import Comment
from articles.publishing import sort_times
from articles.publishing.models import Article, Author, Section
from articles.topics.models import Topic
from newsroom import scheduler
from tests import releases
from tests.desk.forms import save
from tests.factories import make_article, make_comment, make_owner

pytestmark = pytest.mark.django_db

FOLDER = Path(releases.__path__[0])
# What migrations or the database itself fill.
FILLED = ("django_", "sqlite_", "auth_", "articles_cache", "articles_search_", "articles_sitepage")
BOOLEAN = 16  # PostgreSQL's number of the type.


@pytest.fixture(scope="module")
def previous(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sqlite3.Connection]:
    """The database of the latest release."""
    newest = max(FOLDER.glob("*.sqlite3.gz"), key=lambda path: [int(part) for part in path.name.split(".")[:3]])
    path = tmp_path_factory.mktemp("release") / "newsroom.sqlite3"
    path.write_bytes(gzip.decompress(newest.read_bytes()))
    with closing(sqlite3.connect(path)) as database:
        yield database


def tables_of(database: sqlite3.Connection) -> dict[str, list[str]]:
    """The tables that its code writes, each with its columns."""
    names = database.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    found = [name for (name,) in names if not name.startswith(FILLED) and name != "articles_search"]
    return {name: [row[1] for row in database.execute(f"PRAGMA table_info({name})")] for name in found}


def test_what_the_previous_release_does_not_know_has_a_default_in_the_database(previous: sqlite3.Connection) -> None:
    """cases.md, D6: the older desk's article form failed for a NOT NULL column without one."""
    wrong = []
    with connection.cursor() as cursor:
        for table, known in tables_of(previous).items():
            now = {column.name: column for column in connection.introspection.get_table_description(cursor, table)}
            wrong += [f"{table}.{name} is gone" for name in known if name not in now]
            added = [column for name, column in now.items() if name not in known]
            wrong += [f"{table}.{one.name}: no db_default" for one in added if not one.null_ok and one.default is None]
    assert wrong == []


@pytest.fixture
def written(previous: sqlite3.Connection) -> None:
    """All rows of the previous release, written by its statements."""
    tables = tables_of(previous)
    tables.pop("articles_user_groups")  # Groups have other ids here.
    with connection.cursor() as cursor:
        for table, columns in tables.items():
            types = {one.name: one.type_code for one in connection.introspection.get_table_description(cursor, table)}
            flags = [connection.vendor == "postgresql" and types[name] == BOOLEAN for name in columns]
            names, places = ", ".join(map(connection.ops.quote_name, columns)), ", ".join(["%s"] * len(columns))
            rows = [
                [bool(value) if flag else value for value, flag in zip(row, flags, strict=True)]
                for row in previous.execute(f"SELECT {names} FROM {table}")
            ]
            cursor.executemany(f"INSERT INTO {connection.ops.quote_name(table)} ({names}) VALUES ({places})", rows)
        models = [model for model in connection.introspection.installed_models(list(tables)) if model._meta.managed]
        for statement in connection.ops.sequence_reset_sql(no_style(), models):
            cursor.execute(statement)


@pytest.mark.usefixtures("written")
def test_readers_find_what_the_previous_release_wrote(client: Client) -> None:
    """cases.md, D6."""
    articles = Article.objects.public()
    assert len(articles) > 10 and {article.sort_at for article in articles} == {None}
    urls = [*map(reverse, ("front", "feed", "json_feed", "sitemap", "archive", "topics", "rules")), "/search/?q=the"]
    for article in articles:
        urls += [article.get_absolute_url(), article.history_url]
    topics = Topic.objects.filter(article_topics__state="shown")
    for found in (Author.objects.all(), Section.objects.all(), topics, Comment.objects.public()[:20]):
        urls += [one.get_absolute_url() for one in found]
    assert {url: client.get(url).status_code for url in urls} == dict.fromkeys(urls, 200)


@pytest.mark.usefixtures("written")
def test_an_article_by_the_previous_release_heads_the_lists_no_longer_than_it_should(client: Client) -> None:
    """cases.md, D6: it does not know by which time lists sort, so that its articles headed them until the next save."""
    now = timezone.now()
    newer = make_article("Written by the new release", at=now)
    known = Article.objects.exclude(pk=newer.pk).public().latest_date_first()
    assert Article.objects.public().newest_first()[0] != newer
    scheduler.run_jobs()
    assert [article.pk for article in Article.objects.public().newest_first()] == [newer.pk, *(one.pk for one in known)]
    assert sort_times.fill_missing() == 0


@pytest.mark.usefixtures("written")
def test_people_go_on_with_what_the_previous_release_wrote(client: Client, settings: Any) -> None:
    """cases.md, D6."""
    settings.COMMENTS_DAYS = 0
    article = Article.objects.public().filter(comments_closed_at=None)[0]
    parent = Comment.objects.public().filter(article=article).first()
    make_comment(article, "A comment by the new release.", parent=parent)
    assert "A comment by the new release." in client.get(article.get_absolute_url()).text
    client.force_login(make_owner("Olga"))
    assert save(client, article, headline="A headline by the new release").status_code == 302
    assert "A headline by the new release" in client.get("/").text
