"""A reader's own comments in one place: newest first, with those that nobody else can read, and a search."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles.accounts.models import User
from articles.discussion import comment_withdrawing, moderating, posting
from articles.discussion.models import Comment
from articles.publishing import publishing
from articles.reading.views import own_comments
from tests.factories import GROUNDS, make_article, make_comment, make_owner, make_reader

pytestmark = pytest.mark.django_db


@pytest.fixture
def ana(client: Client) -> User:
    reader = make_reader("Ana")
    client.force_login(reader)
    return reader


def shown(client: Client, query: str = "") -> list[str]:
    return [comment.body for comment, _hidden, _html in client.get(f"/comments/{query}").context["comments"]]


def test_newest_first_and_nobody_elses(client: Client, ana: User) -> None:
    now = timezone.now()
    for hours, body in ((3, "Third"), (1, "First"), (2, "Second")):
        make_comment(body=body, author=ana, at=now - timedelta(hours=hours))
    make_comment(body="Another reader’s")
    assert shown(client) == ["First", "Second", "Third"]
    assert '<time class="ago" datetime="' in client.get("/comments/").text


def test_pages_go_on_where_the_last_one_ended(client: Client, ana: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(own_comments, "PAGE_SIZE", 2)
    now, article = timezone.now(), make_article()
    for number in range(5):
        make_comment(article, f"Number {number}", author=ana, at=now)  # All at once: ids decide.
    found, query = [], "?q=number"
    for _page in range(3):
        found += shown(client, query)
        before = client.get(f"/comments/{query}").context["next_before"]
        query = f"?q=number&before={before}"
    assert (found, before) == ([f"Number {number}" for number in (4, 3, 2, 1, 0)], None)


@pytest.mark.parametrize("before", ["0", "x", "99999999999999999999"])
def test_a_forged_cursor_is_a_bad_request(client: Client, ana: User, before: str) -> None:
    assert client.get(f"/comments/?before={before}").status_code == 400


def test_a_search_finds_all_words_in_any_case(client: Client, ana: User) -> None:
    make_comment(body="The Łódź ferry is late", author=ana)
    make_comment(body="No ferry today", author=ana)
    assert shown(client, "?q=FERRY+łódź") == ["The Łódź ferry is late"]
    assert len(shown(client, "?q=ferry")) == 2
    answer = client.get("/comments/?q=tram")
    assert "None of your comments has all these words." in answer.text
    assert len(shown(client, "?q=%25")) == 0  # No pattern.


def test_held_and_hidden_comments_are_shown_with_the_reason(client: Client, ana: User) -> None:
    hidden = make_comment(body="What a fool", author=ana, at=timezone.now() - timedelta(hours=1))
    moderating.hide(comment=hidden, by=make_owner(), grounds=GROUNDS, reason="An insult")
    User.objects.filter(pk=ana.pk).update(held_comments=1)
    ana.refresh_from_db()
    article = make_article()
    held = posting.post_comment(article=article, author=ana, body="My first words", token=uuid4(), parent=None)
    assert held.state == Comment.State.HELD
    html = client.get("/comments/").text
    why = "<b>Awaiting moderation. Only you can see this.</b> A moderator reads your first comments"
    assert why in " ".join(html.split())
    assert "My first words" in html and "Reason: An insult" in html and "What a fool" in html


def test_what_was_withdrawn_with_its_article_or_by_its_author_is_left_out(client: Client, ana: User) -> None:
    withdrawn = make_comment(body="Given up", author=ana)
    comment_withdrawing.withdraw_comment(comment=withdrawn, by=ana)
    under = make_comment(body="Under it", author=ana)
    publishing.withdraw(under.article, by=None, reason="Wrong.")
    assert shown(client) == []
    assert "You haven’t commented yet." in client.get("/comments/").text


def test_it_takes_as_many_queries_for_twenty_as_for_one(client: Client, ana: User) -> None:
    counts = []
    for number in (1, 19):
        for _ in range(number):
            make_comment(author=ana)
        with CaptureQueriesContext(connection) as captured:
            client.get("/comments/")
        counts.append(len(captured))
    assert counts[0] == counts[1]


def test_every_page_of_a_signed_in_reader_leads_there(client: Client, ana: User) -> None:
    assert 'href="/comments/"' in client.get("/").text
    assert 'href="/comments/"' not in Client().get("/").text
