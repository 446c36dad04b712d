"""The number of queries of a page does not depend on how much it shows."""

from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles.discussion import recommending
from articles.discussion.models import Comment
from articles.publishing.companions import Companions, Placed, Related
from articles.publishing.models import Article, Section
from articles.topics import tagging
from tests.discussion.passages import BODY, respond
from tests.factories import make_article, make_comment, make_owner, make_picture, make_reader
from tests.reading.pages import archive_urls_of

pytestmark = pytest.mark.django_db


def queries(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


def with_comments(article: Article, number: int) -> None:
    """Post one comment, and add copies of it up to `number`."""
    first = make_comment(article)
    copies: list[Comment] = []
    for _ in range(number - 1):
        copy = Comment.objects.get(pk=first.pk) if not copies else _copy(copies[0])
        copy.pk, copy.token, copy._state.adding = None, uuid4(), True
        copies.append(copy)
    Comment.objects.bulk_create(copies)
    Article.objects.filter(pk=article.pk).update(comment_count=number)


def _copy(comment: Comment) -> Comment:
    return Comment(**{field.attname: getattr(comment, field.attname) for field in Comment._meta.concrete_fields})


@pytest.mark.parametrize("number", [1, 100, 1000])
def test_an_article_signed_out(client: Client, number: int) -> None:
    article = make_article(authors=["Ann Lee", "Bo Ek"])
    with_comments(article, number)
    # When pages next change, the article, its best comments as data, threads and replies, the masthead's sections.
    assert queries(client, article.get_absolute_url()) == 6


@pytest.mark.parametrize("number", [1, 100, 1000])
def test_an_article_signed_in(client: Client, number: int) -> None:
    client.force_login(make_reader())
    article = make_article(authors=["Ann Lee", "Bo Ek"])
    with_comments(article, number)
    # The same without the data, and session, reader, visit, who has permissions, whether the reader saved it.
    assert queries(client, article.get_absolute_url()) == 10


@pytest.mark.parametrize(("signed_in", "number"), [(False, 11), (True, 17)])
def test_an_article_with_all_that_one_can_have(client: Client, signed_in: bool, number: int) -> None:
    """Each kind of thing costs a query; most articles lack most of them."""
    reader = make_reader()
    section = Section.objects.create(name="Harbour", slug="harbour")
    companions = Companions(
        pictures=[Placed(picture=make_picture(), role="lead")],
        related=[Related(headline="The ferry", url="https://example.org/")],
    )
    article = make_article(body=BODY, authors=["Ann Lee", "Bo Ek"], section=section, companions=companions)
    tagging.tag(article, "Ferries", by=make_owner())
    root = respond(article).comment
    make_comment(parent=root)
    recommending.recommend(comment=root, by=reader)
    if signed_in:
        client.force_login(reader)
    # Besides those above: pictures, “Also on” boxes, topics, responses, more from the section; signed in, the reader's
    # recommendations and votes too.
    assert queries(client, article.get_absolute_url()) == number


@pytest.mark.parametrize("number", [2, 40])
def test_every_list(client: Client, number: int) -> None:
    section = Section.objects.create(name="Harbour", slug="harbour")
    for _ in range(number):
        article = make_article(authors=["Ann Lee", "Bo Ek"], section=section)
    make_comment(article)
    expected = {
        "/": 10,  # Its sections' articles, in one query for all, and the latest correction.
        "/sections/harbour/": 7,
        "/authors/ann-lee/": 6,
        "/archive/": 3,
        **dict(zip(archive_urls_of(article), (5, 4, 5), strict=True)),
        "/feed/": 8,
        "/feed.json": 8,
        "/sitemap.xml": 6,
        "/rules/": 4,
    }
    assert {address: queries(client, address) for address in expected} == expected


def test_an_article_and_a_front_page_ask_no_more_with_many_pictures_than_with_one(client: Client) -> None:
    """Pictures come with their placements, in one query for a page."""
    counts = []
    for pictures in (1, 30):
        for _ in range(5):
            roles = ["lead", *["body", "wide", "small", "gallery"] * 8][:pictures]
            placed = [Placed(picture=make_picture(), role=role, after=0) for role in roles]
            article = make_article(companions=Companions(pictures=placed))
        counts.append((queries(client, article.get_absolute_url()), queries(client, "/")))
    assert counts[0] == counts[1]


@pytest.mark.skipif(connection.vendor != "sqlite", reason="plans are read as SQLite writes them")
@pytest.mark.parametrize("signed_in", [True, False])
def test_no_article_page_scans_the_comments_of_other_articles(client: Client, signed_in: bool) -> None:
    """Check query plans: a scan of a hundred thousand rows costs more than any number of small queries."""
    if signed_in:
        client.force_login(make_reader())
    root = make_comment()
    reply = make_comment(parent=root)
    pages = [root.article.get_absolute_url(), reply.get_absolute_url(), f"/comments/{root.pk}/thread/"]
    scans = []
    for page in pages:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(page).status_code == 200
        for query in captured.captured_queries:
            if not query["sql"].startswith("SELECT"):
                continue
            with connection.cursor() as cursor:
                cursor.execute("EXPLAIN QUERY PLAN " + query["sql"].replace("%", "%%"))
                plan = [row[3] for row in cursor.fetchall()]
            scans += [
                f"{page}: {step}"
                for step in plan
                if "SCAN articles_comment" in step or "comments_by_state (state=?)" in step
            ]
    assert scans == []
