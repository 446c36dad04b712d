"""What an open page asks for: numbers that everybody may know, and nothing while nothing is new."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from articles.discussion import comment_withdrawing, moderating, recommending
from articles.discussion.models import Comment
from articles.publishing import publishing
from articles.publishing.models import Article
from tests.factories import GROUNDS, author_of, make_article, make_comment, make_owner, make_reader

pytestmark = pytest.mark.django_db


@pytest.fixture
def article() -> Article:
    return make_article()


def ask(client: Client, article: Article, after: int = 0, tag: str = "") -> Any:
    headers = {"if-none-match": tag} if tag else {}
    return client.get(reverse("new_comment_ids", args=[article.pk]), {"after": after}, headers=headers)


def test_while_nothing_is_new_the_answer_is_empty(client: Client, article: Article) -> None:
    known = make_comment(article).pk
    first = ask(client, article, known)
    assert first.json() == {"comments": [], "says": []}
    again = ask(client, article, known, first["ETag"])
    assert (again.status_code, again.content) == (304, b"")
    assert again["ETag"] == first["ETag"]
    assert not first.cookies


def test_a_recommendation_is_no_news(client: Client, article: Article) -> None:
    known = make_comment(article).pk
    tag = ask(client, article, known)["ETag"]
    recommending.recommend(comment=Comment.objects.get(pk=known), by=make_reader())
    assert ask(client, article, known, tag).status_code == 304


def test_new_comments_are_counted_in_words(client: Client, article: Article) -> None:
    known = make_comment(article).pk
    tag = ask(client, article, known)["ETag"]
    first, second = make_comment(article).pk, make_comment(make_article()).pk
    answer = ask(client, article, known, tag)
    assert answer.json() == {"comments": [first], "says": ["Show 1 new comment"]}
    assert second not in answer.json()["comments"]
    third = make_comment(article).pk
    assert ask(client, article, known).json() == {
        "comments": [third, first], "says": ["Show 1 new comment", "Show 2 new comments"],
    }  # fmt: skip


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("how", ["hidden", "withdrawn", "held"])
def test_a_removed_comment_is_not_said_to_have_arrived(client: Client, article: Article, how: str) -> None:
    known, gone = make_comment(article).pk, make_comment(article)
    answer = ask(client, article, known)
    assert answer.json()["comments"] == [gone.pk]
    if how == "hidden":
        moderating.hide(comment=gone, by=make_owner(), grounds=GROUNDS, reason="rude")
    elif how == "withdrawn":
        comment_withdrawing.withdraw_comment(comment=gone, by=author_of(gone))
    else:
        Comment.objects.filter(pk=gone.pk).update(state=Comment.State.HELD)
    after = ask(client, article, known, answer["ETag"])
    assert after.status_code == 200  # Not 304: the tag of the old answer holds no longer.
    assert after.json()["comments"] == []
    shown = client.get(reverse("new_comments", args=[article.pk]), {"after": known})
    assert f"comment-{gone.pk}" not in shown.text


def test_an_article_that_is_not_public_answers_nobody(client: Client, article: Article) -> None:
    make_comment(article)
    publishing.withdraw(article, by=None, reason="wrong")
    assert ask(client, article).status_code == 404
    assert client.get(reverse("new_comments", args=[article.pk])).status_code == 404


@pytest.mark.parametrize("after", ["", "-1", "x", "1e9", "9" * 30])
def test_a_number_that_is_none_is_refused(client: Client, article: Article, after: str) -> None:
    for name in ("new_comment_ids", "new_comments"):
        assert client.get(reverse(name, args=[article.pk]), {"after": after}).status_code == 400


@pytest.mark.django_db(transaction=True)
def test_asking_again_does_not_ask_the_tables(client: Client, article: Article) -> None:
    known = make_comment(article).pk
    ask(client, article, known)
    make_comment(make_article())
    with CaptureQueriesContext(connection) as captured:
        ask(client, article, known)
    assert len(captured) == 1
    assert "articles_pageversion" in captured[0]["sql"]


def test_a_signed_in_reader_asks_without_a_session_being_read(signed_in: Client, article: Article) -> None:
    """The page's script sends no cookie; here what that saves is shown to be saved."""
    signed_in.cookies.clear()
    with CaptureQueriesContext(connection) as captured:
        ask(signed_in, article)
    assert len(captured) == 2


@pytest.mark.parametrize("number", [1, 40])
def test_new_comments_are_shown_with_whom_they_reply_to(signed_in: Client, article: Article, number: int) -> None:
    known = make_comment(article, "The old words")
    reply = make_comment(parent=known, body="The new words")
    for _ in range(number - 1):
        make_comment(parent=reply)
    with CaptureQueriesContext(connection) as captured:
        page = signed_in.get(reverse("new_comments", args=[article.pk]), {"after": known.pk}).text
    assert "The new words" in page and "The old words" not in page
    assert f'in reply to <a href="/comments/{known.pk}/"><bdi>{author_of(known).username}</bdi></a>' in page
    assert page.count('<p class="unread-marker">') == number
    assert f'formaction="/comments/{reply.pk}/recommend/"' in page
    assert len(captured) == 5


def test_shown_to_a_stranger_they_bear_links_and_no_token(client: Client, article: Article) -> None:
    make_comment(article)
    answer = client.get(reverse("new_comments", args=[article.pk]))
    assert "csrf" not in answer.text and "<button" not in answer.text
    assert not answer.cookies


def test_opened_by_hand_it_leads_to_the_page(client: Client, article: Article) -> None:
    address = reverse("new_comments", args=[article.pk])
    answer = client.get(address, headers={"sec-fetch-mode": "navigate"})
    assert answer["Location"] == f"{article.get_absolute_url()}?sort=newest#talk"
