"""A discussion closes by its age or by hand, and says so."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from articles.accounts.models import User
from articles.discussion import closing, comment_editing, comment_limits, posting
from articles.discussion.models import Comment, ModerationAction
from articles.errors import Refused
from articles.publishing import publishing, saving
from articles.publishing.models import Article
from tests.factories import make_article, make_comment, make_owner, make_reader

pytestmark = pytest.mark.django_db

BY_AGE = "14 days after publication"


def age(article: Article, **ago: float) -> Article:
    """As if it had gone live so long ago."""
    Article.objects.filter(pk=article.pk).update(go_live_at=timezone.now() - timedelta(**ago))
    article.refresh_from_db()
    return article


def say(article: Article, author: User, **more: Any) -> Comment:
    return posting.post_comment(article=article, author=author, body="One more word", token=uuid4(), **more)


def unlock(article: Article) -> Article:
    closing.reopen_discussion(article=article, by=make_owner(), reason="The inquiry goes on")
    article.refresh_from_db()
    return article


def test_after_fourteen_days_nothing_is_posted_and_the_page_says_since_when_and_why(signed_in: Client) -> None:
    article = age(make_article(), days=14, seconds=1)
    with pytest.raises(Refused, match=BY_AGE):
        say(article, make_reader())
    page = signed_in.get(article.get_absolute_url()).content.decode()
    assert article.go_live_at is not None
    day = timezone.localtime(article.go_live_at + timedelta(days=14))
    assert f"Comments closed on {day.day} {day:%B %Y}, {BY_AGE}" in page
    assert 'name="body"' not in page


def test_until_then_it_is_open(signed_in: Client) -> None:
    article = age(make_article(), days=13, hours=23)
    page = signed_in.get(article.get_absolute_url()).content.decode()
    assert 'name="body"' in page and "closes by itself" not in page
    assert say(article, make_reader()).pk


def test_signed_out_readers_are_told_instead_of_asked_to_sign_in(client: Client) -> None:
    page = client.get(age(make_article(), days=15).get_absolute_url()).content.decode()
    assert BY_AGE in page and "Sign in to comment" not in page


def test_an_old_text_that_is_new_here_is_open() -> None:
    article = make_article(dated=timezone.localdate() - timedelta(days=2500))
    assert say(article, make_reader()).pk


def test_what_comes_too_late_is_given_back(signed_in: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(comment_limits, "MIN_FORM_SECONDS", 0)
    article = make_article()
    page = signed_in.get(article.get_absolute_url()).content.decode()
    sent = {name: page.split(f'name="{name}" value="')[1].split('"')[0] for name in ("token", "made")}
    age(article, days=15)
    answer = signed_in.post(reverse("post_comment", args=[article.pk]), {**sent, "body": "Written for two weeks"})
    assert answer.status_code == 422
    assert "Written for two weeks" in answer.content.decode() and BY_AGE in answer.content.decode()
    assert not Comment.objects.exists()


def test_a_closed_discussion_without_comments_does_not_wait_for_the_first(client: Client) -> None:
    article = make_article()
    assert "No comments yet." in client.get(article.get_absolute_url()).text
    assert "No comments yet." not in client.get(age(article, days=15).get_absolute_url()).text


def test_no_comment_of_a_closed_discussion_offers_to_reply(signed_in: Client) -> None:
    comment = make_comment()
    thread = reverse("thread", args=[comment.pk])
    pages = [comment.article.get_absolute_url(), comment.get_absolute_url(), thread]
    reply = reverse("reply", args=[comment.pk])
    for browser in (signed_in, Client()):
        assert all(reply in browser.get(page).text for page in pages)
    age(comment.article, days=15)
    for browser in (signed_in, Client()):
        for page in pages:
            shown = browser.get(page).text
            assert reply not in shown and reverse("report", args=[comment.pk]) in shown


def test_a_reply_is_not_begun_in_a_closed_discussion(signed_in: Client) -> None:
    comment = make_comment()
    age(comment.article, days=15)
    answer = signed_in.get(reverse("reply", args=[comment.pk]))
    assert answer.status_code == 422 and BY_AGE in answer.content.decode()


def test_last_words_can_be_edited_when_only_the_days_are_over() -> None:
    author = make_reader()
    comment = make_comment(author=author)
    age(comment.article, days=14, minutes=1)
    assert comment_editing.edit_comment(comment=comment, by=author, body="Better words").body == "Better words"


def test_an_import_says_what_was_said_in_time() -> None:
    article = age(make_article(), days=400)
    assert article.go_live_at is not None
    assert say(article, make_reader(), at=article.go_live_at + timedelta(days=13)).pk
    with pytest.raises(Refused):
        say(article, make_reader(), at=article.go_live_at + timedelta(days=15))


def test_a_moderator_opens_what_age_has_closed_and_it_stays_open() -> None:
    article = unlock(age(make_article(), days=100))
    assert closing.is_open(article) and closing.closes_at(article) is None
    assert say(article, make_reader()).pk
    assert ModerationAction.objects.get().action == "reopen"
    with pytest.raises(Refused, match="already open"):
        unlock(article)


def test_a_moderator_keeps_a_young_one_open() -> None:
    article = unlock(make_article())
    assert ModerationAction.objects.get().action == "keep_open"
    assert closing.is_open(age(article, days=100))


def test_one_closed_by_hand_and_opened_again_in_time_still_closes_by_its_age() -> None:
    article = make_article()
    closing.close_discussion(article=article, by=make_owner(), reason="A quarrel")
    article = unlock(article)
    assert closing.is_open(article)
    assert not closing.is_open(age(article, days=15))


def test_a_moderator_closes_what_was_kept_open(client: Client) -> None:
    article = unlock(age(make_article(), days=100))
    closing.close_discussion(article=article, by=make_owner(), reason="All is said")
    assert "Comments were closed on" in (page := client.get(article.get_absolute_url()).content.decode())
    assert "All is said" in page and BY_AGE not in page


def test_a_new_text_of_the_article_leaves_the_door_as_it_is() -> None:
    article = make_article()
    stale = Article.objects.get(pk=article.pk)
    unlock(article)
    stale.body += "\n\nA third paragraph."
    saving.save_article(stale, by=None)
    assert closing.is_open(age(article, days=15))


def test_an_article_that_is_published_anew_is_open_anew() -> None:
    article = age(make_article(), days=100)
    publishing.return_to_draft(article, by=None)
    assert closing.is_open(publishing.publish(article, by=None))


def test_a_paper_without_the_limit(settings: Any) -> None:
    settings.COMMENTS_DAYS = 0
    assert say(age(make_article(), days=5000), make_reader()).pk


def test_moderators_see_the_day_and_what_they_can_do(client: Client) -> None:
    client.force_login(make_reader(permissions=["articles.change_comment"]))
    article = make_article()
    address, keep = article.get_absolute_url(), reverse("reopen_discussion", args=[article.pk])
    page = client.get(address).content.decode()
    assert "Comments close automatically on" in page and keep in page
    assert "Keep this discussion open" in client.get(keep).content.decode()
    client.post(keep, {"reason": "A standing question"})
    page = client.get(address).content.decode()
    assert "Comments close automatically on" not in page and keep not in page


def test_feeds_and_machines_read_a_closed_discussion_as_an_open_one(client: Client) -> None:
    article = make_article()
    comment = make_comment(article, "Ferries are late.")
    before = client.get("/feed/").content
    age(article, days=15)
    page = client.get(article.get_absolute_url()).content.decode()
    assert page.count("Ferries are late.") == 2 and comment.get_absolute_url() in page
    assert b"Headline" in before and b"Headline" in client.get("/feed/").content


def test_a_closed_page_asks_no_more_than_an_open_one(client: Client) -> None:
    article = make_article()
    make_comment(article)
    counts = []
    for days in (0, 15):
        age(article, days=days)
        with CaptureQueriesContext(connection) as asked:
            client.get(article.get_absolute_url())
        counts.append(len(asked))
    assert counts[0] == counts[1]
