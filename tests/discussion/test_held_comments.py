"""Comments that wait for a moderator: who sees them, and what their authors are told."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from articles.accounts.models import User
from articles.discussion.models import Comment
from articles.publishing.models import Article
from tests.discussion.test_discussion_pages import HTMX
from tests.discussion.test_discussion_pages import post as send
from tests.discussion.test_writing_comments import words_in
from tests.factories import make_article, make_comment, make_owner, make_reader

pytestmark = pytest.mark.django_db


@pytest.fixture
def held(reader: User) -> Comment:
    comment = make_comment(body="Words that wait", author=reader)
    Comment.objects.filter(pk=comment.pk).update(state=Comment.State.HELD, held_because="It has <two> links.")
    Article.objects.update(comment_count=0)
    comment.refresh_from_db()
    return comment


def test_a_held_comment_is_shown_to_its_author_with_the_reason_and_to_nobody_else(
    signed_in: Client, held: Comment
) -> None:
    mine = signed_in.get(held.get_absolute_url())
    page = mine.content.decode()
    assert mine.status_code == 200 and "Words that wait" in page and "It has &lt;two&gt; links." in page
    assert reverse("edit_comment", args=[held.pk]) in page and reverse("withdraw_comment", args=[held.pk]) in page
    other = Client()
    other.force_login(make_reader())
    owner = Client()
    owner.force_login(make_owner())
    for client in (Client(), other, owner):
        for name in ("comment", "comment_versions", "reply", "edit_comment", "withdraw_comment", "replied_version"):
            answer = client.get(reverse(name, args=[held.pk]))
            assert answer.status_code in (302, 404), name
            assert b"Words that wait" not in answer.content
        assert b"Words that wait" not in client.get(held.article.get_absolute_url()).content


def test_its_author_edits_and_withdraws_a_held_comment(signed_in: Client, held: Comment) -> None:
    url = reverse("edit_comment", args=[held.pk])
    assert words_in(signed_in.get(url)) == "Words that wait"
    assert signed_in.post(url, {"body": "Better words"})["Location"] == held.get_absolute_url()
    assert b"Better words" in signed_in.get(held.get_absolute_url()).content
    assert b"Better words" not in Client().get(held.article.get_absolute_url()).content
    fragment = signed_in.post(reverse("withdraw_comment", args=[held.pk]), headers=HTMX)
    assert fragment.status_code == 200 and b"Better words" not in fragment.content
    assert b"Better words" not in signed_in.get(held.get_absolute_url()).content


def test_nobody_answers_recommends_or_reports_what_is_held_not_its_author_either(
    signed_in: Client, held: Comment
) -> None:
    assert b"awaiting moderation" in signed_in.get(reverse("reply", args=[held.pk])).content
    assert signed_in.post(reverse("recommend", args=[held.pk]), {"on": "1"}).status_code == 422
    assert signed_in.post(reverse("report", args=[held.pk]), {"reason": "spam"}).status_code == 422
    answer = send(signed_in, held.article, parent=held, body="An answer")
    assert answer.status_code == 422 and b"An answer" in answer.content


@pytest.mark.parametrize("fragment", [True, False])
def test_a_held_comment_is_acknowledged_as_such(client: Client, fragment: bool) -> None:
    client.force_login(make_reader(held_comments=1))
    article = make_article()
    page = client.get(article.get_absolute_url()).text
    made, token = (page.split(f'name="{name}" value="')[1].split('"')[0] for name in ("made", "token"))
    headers = {"HX-Request": "true"} if fragment else {}
    with time_machine.travel(timezone.now() + timedelta(seconds=9)):
        data = {"body": "Hello there", "made": made, "token": token}
        answer = client.post(reverse("post_comment", args=[article.pk]), data, headers=headers, follow=not fragment)
    assert answer.status_code == 200 and "A moderator will review it" in answer.text and "Hello there" in answer.text
