"""What this room tells the rooms above."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection

from articles.discussion import comment_editing, comment_withdrawing, moderating, signals
from articles.discussion.models import Comment
from tests.factories import GROUNDS, author_of, make_comment, make_owner

pytestmark = pytest.mark.django_db

WORDS = {
    "appeared": signals.comment_appeared,
    "disappeared": signals.comment_disappeared,
    "edited": signals.comment_edited,
}


@pytest.fixture
def told() -> Iterator[list[tuple[str, int]]]:
    """What was announced, and on which comment; the state that a listener reads is the new one."""
    heard: list[tuple[str, int]] = []
    listeners = []
    for word, signal in WORDS.items():

        def listen(comment: Comment, word: str = word, **_news: Any) -> None:
            assert connection.in_atomic_block
            assert Comment.objects.filter(pk=comment.pk).public().exists() == (word != "disappeared")
            heard.append((word, comment.pk))

        signal.connect(listen, weak=False)
        listeners.append((signal, listen))
    yield heard
    for signal, listen in listeners:
        signal.disconnect(listen)


def test_a_comment_is_announced_through_its_life(told: list[tuple[str, int]]) -> None:
    comment, owner = make_comment(body="First words"), make_owner()
    author = author_of(comment)
    comment_editing.edit_comment(comment=comment, by=author, body="Second words")
    comment_editing.edit_comment(comment=comment, by=author, body="Second words ")  # Nothing changed: no news.
    moderating.hide(comment=comment, by=owner, grounds=GROUNDS, reason="Off topic")
    moderating.restore(comment=comment, by=owner, reason="It was on topic")
    comment_withdrawing.withdraw_comment(comment=comment, by=author)
    comment_withdrawing.withdraw_comment(comment=comment, by=author)
    assert told == [(word, comment.pk) for word in ("appeared", "edited", "disappeared", "appeared", "disappeared")]


def test_what_is_held_is_no_news_until_it_is_shown(told: list[tuple[str, int]]) -> None:
    comment, owner = make_comment(body="First words"), make_owner()
    Comment.objects.filter(pk=comment.pk).update(state=Comment.State.HELD)
    told.clear()
    comment_editing.edit_comment(comment=comment, by=author_of(comment), body="Second words")
    assert told == []
    moderating.approve(comment=comment, by=owner, reason="Harmless")
    assert told == [("appeared", comment.pk)]


def test_hiding_or_withdrawing_what_was_hidden_or_held_is_no_news(told: list[tuple[str, int]]) -> None:
    held, hidden, owner = make_comment(), make_comment(), make_owner()
    Comment.objects.filter(pk=held.pk).update(state=Comment.State.HELD)
    moderating.hide(comment=hidden, by=owner, grounds=GROUNDS, reason="Spam")
    told.clear()
    moderating.hide(comment=held, by=owner, grounds=GROUNDS, reason="Spam")
    comment_withdrawing.withdraw_comment(comment=hidden, by=author_of(hidden))
    assert told == []
