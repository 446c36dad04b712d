"""The search page's comments: those that the reader may see, and no other."""

import re
from typing import Any
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.utils.html import strip_tags

from articles.accounts.account_deletion import delete_account
from articles.discussion import comment_editing, comment_withdrawing, moderating, posting
from articles.discussion.models import Comment
from articles.notifications import following
from articles.publishing import publishing
from articles.search import full_text_search
from articles.search.models import CommentDocument
from tests.factories import GROUNDS, author_of, make_article, make_comment, make_reader

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def long_timeout(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(full_text_search, "TIMEOUT", 30.0)


def page(client: Client, q: str, **more: Any) -> str:
    response = client.get("/search/", {"q": q, "in": "comments", **more})
    assert response.status_code == 200
    return response.content.decode()


def found(client: Client, q: str, **more: Any) -> list[str]:
    return [strip_tags(text) for text in re.findall(r'<p class="snippet"[^>]*>(.*?)</p>', page(client, q, **more))]


def make_held_comment(body: str) -> Comment:
    author = make_reader(held_comments=1)
    return posting.post_comment(article=make_article(), author=author, body=body, token=uuid4())


def test_comments_are_found_by_words_without_case_accents_and_endings(client: Client) -> None:
    comment = make_comment(
        make_article("Ferries"), "The **cafés** of Skarvøy <b>rang</b> at [noon](https://a.example)."
    )
    make_comment(body="Something else")
    for q in ("cafe", "CAFES", "skarvøy", '"at noon"'):
        assert len(found(client, q)) == 1, q
    body = page(client, "cafe")
    assert f'href="/comments/{comment.pk}/"' in body and ">Ferries</a>" in body
    assert "<mark>cafés</mark> of Skarvøy &lt;b&gt;rang" in body
    assert found(client, "https") == []  # Not read by anyone.


def test_both_spellings_and_some_of_the_words_are_found_in_comments_too(client: Client) -> None:
    make_comment(body="A grey harbour.")
    assert len(found(client, "gray harbor")) == 1
    assert "No comment has all these words" in page(client, "harbour whale")


def test_the_best_or_the_newest_come_first(client: Client) -> None:
    article = make_article()
    make_comment(article, "Fog, fog and fog")
    make_comment(article, "Fog, in a long text on other things, as texts about the weather are")
    assert found(client, "fog")[0].startswith("Fog, fog")
    assert found(client, "fog", sort="newest")[0].startswith("Fog, in")


def test_only_public_comments_are_found_and_indexed(client: Client) -> None:
    moderator = make_reader(permissions=["articles.change_comment"])
    comment = make_comment(body="A foghorn")
    held = make_held_comment("A held foghorn")
    assert found(client, "foghorn") == ["A foghorn"]
    for reader in (author_of(held), moderator):
        client.force_login(reader)
        assert found(client, "foghorn") == ["A foghorn"]
    moderating.approve(comment=held, by=moderator, reason="Fine")
    assert len(found(client, "foghorn")) == 2
    moderating.hide(comment=held, by=moderator, grounds=GROUNDS, reason="Not fine")
    assert found(client, "foghorn") == ["A foghorn"]
    moderating.restore(comment=held, by=moderator, reason="Fine after all")
    assert len(found(client, "foghorn")) == 2
    comment_withdrawing.withdraw_comment(comment=held, by=author_of(held))
    assert found(client, "foghorn") == ["A foghorn"]
    assert [row.comment_id for row in CommentDocument.objects.all()] == [comment.pk]


def test_comments_of_a_withdrawn_article_are_not_found(client: Client) -> None:
    comment = make_comment(body="A foghorn")
    publishing.withdraw(comment.article, by=None, reason="A test")
    assert found(client, "foghorn") == []


def test_what_a_reader_hides_is_not_found(client: Client) -> None:
    reader, person = make_reader(), make_reader()
    thread = make_comment(body="Foghorn thread")
    make_comment(parent=thread, body="Foghorn reply")
    make_comment(body="Foghorn of a person", author=person)
    article = make_comment(body="Foghorn of an article").article
    client.force_login(reader)
    assert len(found(client, "foghorn")) == 4
    following.hide(thing=thread, by=reader)
    assert found(client, "foghorn", sort="newest") == ["Foghorn of an article", "Foghorn of a person"]
    following.hide(thing=person, by=reader)
    assert found(client, "foghorn") == ["Foghorn of an article"]
    following.hide(thing=article, by=reader)
    assert found(client, "foghorn") == []


def test_the_index_follows_edits_and_deletion(client: Client) -> None:
    comment = make_comment(body="A whale")
    author = author_of(comment)
    comment_editing.edit_comment(comment=comment, by=author, body="A herring")
    assert (len(found(client, "whale")), len(found(client, "herring"))) == (0, 1)
    delete_account(reader=author, with_comments=True)
    assert found(client, "herring") == []
    assert not CommentDocument.objects.exists()
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            check = "INSERT INTO articles_comment_search(articles_comment_search, rank) VALUES ('integrity-check', 1)"
            cursor.execute(check)
            cursor.execute("SELECT COUNT(*) FROM articles_comment_search('herring')")
            assert cursor.fetchone() == (0,)


def test_comments_without_an_author_are_found(client: Client) -> None:
    comment = make_comment(body="A whale")
    delete_account(reader=author_of(comment))
    client.force_login(make_reader())
    assert "deleted user" in page(client, "whale")


def test_reindex_restores_lost_rows(client: Client) -> None:
    make_comment(body="A whale")
    make_held_comment("A held whale")
    CommentDocument.objects.all().delete()
    call_command("reindex", verbosity=0)
    assert found(client, "whale") == ["A whale"]
    assert CommentDocument.objects.count() == 1


def test_searches_of_comments_count_towards_the_same_limit(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("articles.search.views.MAX_SEARCHES", 2)
    for _ in range(2):
        page(client, "whale")
    assert client.get("/search/", {"q": "whale"}).status_code == 429


@pytest.mark.parametrize("number", [1, 12])
def test_a_search_of_comments_runs_a_constant_number_of_queries(
    signed_in: Client, django_assert_num_queries: Any, number: int
) -> None:
    for _ in range(number):
        make_comment(body="Fog")
    extra = 4 if connection.vendor == "postgresql" else 0  # The time limit inside a transaction.
    with django_assert_num_queries(5 + extra):  # Session, reader, search, comments, the masthead's sections.
        signed_in.get("/search/", {"q": "fog", "in": "comments"})


def test_pages_of_comments_go_on(client: Client) -> None:
    article = make_article()
    for _ in range(11):
        make_comment(article, "Fog", author=make_reader())
    assert (len(found(client, "fog")), len(found(client, "fog", page=2))) == (10, 1)
    assert "?q=fog&amp;in=comments&amp;page=2" in page(client, "fog")
