"""Limits of a comment's length, and of how soon the next one may come."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.db import connection
from django.utils import timezone

from articles.discussion import comment_limits
from articles.discussion.models import Comment
from articles.errors import Refused
from tests.discussion.test_posting import say
from tests.factories import make_article, make_comment, make_reader

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("body", ["", "  \n ", "\u202e\x00", "x" * (comment_limits.MAX_COMMENT_LENGTH + 1)])
def test_nothing_and_too_much_are_refused(body: str) -> None:
    with pytest.raises(Refused) as refusal:
        say(make_article(), make_reader(), body)
    assert refusal.value.field == "body"
    assert not Comment.objects.exists()


def test_the_longest_comment_is_taken_with_a_browsers_line_ends() -> None:
    body = "x" * (comment_limits.MAX_COMMENT_LENGTH - 1) + "\r\n" * 3
    assert len(say(make_article(), make_reader(), body).body) == comment_limits.MAX_COMMENT_LENGTH - 1


def test_two_comments_within_the_pace_are_refused_with_a_time_to_wait() -> None:
    article, author = make_article(), make_reader()
    say(article, author, "One")
    with pytest.raises(Refused) as refusal:
        say(article, author, "Two")
    assert 1 <= (refusal.value.retry_after or 0) <= comment_limits.MIN_INTERVAL.total_seconds()
    say(article, make_reader(), "Two")


def test_the_same_words_again_are_refused_for_a_while() -> None:
    article, author = make_article(), make_reader()
    now = timezone.now()
    make_comment(article, "Well said.", author=author, at=now - timedelta(minutes=4))
    with pytest.raises(Refused) as refusal:
        say(article, author)
    assert 0 < (refusal.value.retry_after or 0) <= 60
    say(article, author, "Well said indeed.")


def test_the_same_words_are_welcome_later() -> None:
    article, author = make_article(), make_reader()
    make_comment(
        article, "Well said.", author=author, at=timezone.now() - comment_limits.DUPLICATE_WINDOW - timedelta(seconds=1)
    )
    say(article, author)


def test_a_clock_that_was_set_back_locks_nobody_out() -> None:
    article, author = make_article(), make_reader()
    make_comment(article, "Well said.", author=author, at=timezone.now() + timedelta(hours=1))
    say(article, author)


@pytest.mark.django_db(transaction=True)
def test_the_pace_holds_when_two_forms_are_sent_at_once() -> None:
    article, author = make_article(), make_reader()
    outcomes: list[str] = []
    start = Barrier(4)

    def send(number: int) -> None:
        start.wait()
        try:
            say(article, author, f"Words number {number}")
            outcomes.append("posted")
        except Refused:
            outcomes.append("refused")
        finally:
            connection.close()

    threads = [Thread(target=send, args=[number]) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["posted", "refused", "refused", "refused"]
    article.refresh_from_db()
    assert article.comment_count == 1
