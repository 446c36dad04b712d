"""The profile page of a reader."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client

from articles.accounts.account_deletion import delete_account
from articles.accounts.models import User
from articles.discussion.models import Comment
from articles.publishing.models import Article
from tests.factories import make_article, make_comment, make_reader

pytestmark = pytest.mark.django_db


def page(client: Client, path: str = "/readers/Ana/") -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_page_shows_the_comments_of_the_reader_with_their_articles(client: Client) -> None:
    comment = make_comment(author=make_reader("Ana", about="I read daily."), body="A *good* word.")
    html = page(client)
    assert "<em>good</em>" in html and comment.article.headline in html and "I read daily." in html
    assert f'href="/comments/{comment.pk}/"' in html


def test_dates_are_formatted_as_on_other_pages(client: Client) -> None:
    comment = make_comment(author=make_reader("Ana"))
    Comment.objects.filter(pk=comment.pk).update(posted_at=datetime(2026, 11, 4, 9, 5, tzinfo=UTC))
    assert ">4 November 2026, 09:05</time>" in page(client)


@pytest.mark.parametrize("state", ["held", "hidden", "withdrawn"])
def test_what_is_not_public_is_not_on_the_page(client: Client, state: str) -> None:
    comment = make_comment(author=make_reader("Ana"), body="Unseen words.")
    Comment.objects.filter(pk=comment.pk).update(state=state)
    assert "Unseen words." not in page(client)


def test_comments_under_a_withdrawn_article_are_not_on_the_page(client: Client) -> None:
    comment = make_comment(author=make_reader("Ana"), body="Unseen words.")
    Article.objects.filter(pk=comment.article_id).update(status=Article.Status.WITHDRAWN)
    assert "Unseen words." not in page(client)


def test_any_spelling_redirects_to_the_chosen_one(client: Client) -> None:
    make_reader("Ana")
    assert client.get("/readers/ANA/?page=2")["Location"] == "/readers/Ana/?page=2"


@pytest.mark.parametrize("name", ["nobody", "%00", "..", "%F0%9F%92%A5", "a" * 5000])
def test_an_unknown_reader_is_not_found(client: Client, name: str) -> None:
    assert client.get(f"/readers/{name}/").status_code == 404


def test_the_email_address_is_never_on_the_page(client: Client) -> None:
    make_reader("Ana", email="ana@private.example")
    assert "private.example" not in page(client)


def test_the_page_of_a_closed_account_is_not_found(client: Client) -> None:
    User.objects.filter(pk=make_reader("Ana").pk).update(is_active=False)
    assert client.get("/readers/Ana/").status_code == 404


def test_a_stranger_gets_no_cookie_and_no_form_with_a_token(client: Client) -> None:
    make_reader("Ana")
    answer = client.get("/readers/Ana/")
    assert not answer.cookies and "csrfmiddlewaretoken" not in answer.content.decode()


def test_the_number_of_queries_does_not_grow_with_the_comments(
    client: Client, django_assert_max_num_queries: Any
) -> None:
    ana, article = make_reader("Ana"), make_article()
    for _ in range(25):
        make_comment(article=article, author=ana)
    with django_assert_max_num_queries(4):  # The reader, the comments with their articles, the masthead's sections.
        assert 'rel="next"' in page(client)
    assert 'rel="prev"' in page(client, "/readers/Ana/?page=2")


def test_after_account_deletion_the_comment_stays_without_the_name(client: Client) -> None:
    ana = make_reader("Anastasia")
    comment = make_comment(author=ana, body="A word that stays.")
    delete_account(reader=ana)
    html = page(client, comment.article.get_absolute_url())
    assert "A word that stays." in html
    assert "Anastasia" not in html
