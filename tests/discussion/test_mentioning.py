"""Readers called by name: links, rows, and who is told when."""

from collections.abc import Iterator
from contextlib import suppress
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from articles.accounts.account_deletion import delete_account
from articles.accounts.models import User
from articles.discussion import comment_editing, comment_withdrawing, mentioning, moderating, posting, signals
from articles.discussion.models import Comment, Mention
from articles.errors import Refused
from articles.publishing import publishing
from tests.factories import GROUNDS, author_of, make_article, make_comment, make_owner, make_reader

pytestmark = pytest.mark.django_db


@pytest.fixture
def told() -> Iterator[list[str]]:
    """The names of those whom rooms above would tell."""
    heard: list[str] = []

    def listen(comment: Comment, readers: list[User], **_news: Any) -> None:
        assert comment.state == Comment.State.VISIBLE
        heard.extend(reader.username for reader in readers)

    signals.readers_mentioned.connect(listen, weak=False)
    yield heard
    signals.readers_mentioned.disconnect(listen)


def edit(comment: Comment, body: str) -> Comment:
    with time_machine.travel(comment.edited_at or comment.posted_at, tick=False) as clock:
        clock.shift(10)
        return comment_editing.edit_comment(comment=comment, by=author_of(comment), body=body)


def test_a_mentioned_reader_is_a_link_a_row_and_notified(told: list[str]) -> None:
    ana = make_reader("Ana")
    comment = make_comment(body="@ana is right, @nobody is not")
    assert f'<a href="{ana.get_absolute_url()}" rel="nofollow ugc noopener">@<bdi>Ana</bdi></a> is' in comment.html
    assert "@nobody" in comment.html
    assert list(comment.mentions.values_list("reader__username", "announced")) == [("Ana", True)]
    assert told == ["Ana"]


def test_a_look_alike_calls_the_one_reader_who_has_the_name() -> None:
    make_reader("Paul")
    comment = make_comment(body="@Pau1 and @Раul")
    assert comment.body_html.count("<bdi>Paul</bdi>") == 2
    assert comment.mentions.count() == 1


def test_an_edit_tells_only_the_new_ones_and_nobody_twice(told: list[str]) -> None:
    for name in ("Ana", "Ben", "Cem"):
        make_reader(name)
    comment = make_comment(body="@Ana")
    comment = edit(comment, "@Ana @Ben")
    comment = edit(comment, "@Cem")
    edit(comment, "@Ana @Ben @Cem")
    assert told == ["Ana", "Ben", "Cem"]


def test_calling_oneself_is_a_link_and_no_news(told: list[str]) -> None:
    ana = make_reader("Ana")
    assert "<bdi>Ana</bdi>" in make_comment(author=ana, body="I, @Ana").body_html
    assert told == []


def test_a_held_comment_calls_nobody_until_it_is_shown(told: list[str]) -> None:
    make_reader("Ana")
    make_reader("Ben")
    comment, owner = make_comment(), make_owner()
    Comment.objects.filter(pk=comment.pk).update(state=Comment.State.HELD)
    comment.refresh_from_db()
    edit(comment, "@Ana")
    assert told == []
    moderating.approve(comment=comment, by=owner, reason="Harmless")
    moderating.hide(comment=comment, by=owner, grounds=GROUNDS, reason="Not harmless")
    moderating.restore(comment=comment, by=owner, reason="Harmless after all")
    assert told == ["Ana"]


def test_a_comment_calls_so_many_and_no_more_by_editing_either() -> None:
    names = [f"Caller{chr(97 + number)}" for number in range(mentioning.MAX_MENTIONS + 1)]
    for name in names:
        make_reader(name)
    with pytest.raises(Refused) as refusal:
        make_comment(body=" ".join(f"@{name}" for name in names))
    assert refusal.value.field == "body"
    assert not Comment.objects.exists()
    comment = make_comment(body=" ".join(f"@{name}" for name in names[1:]))
    with pytest.raises(Refused):
        edit(comment, f"@{names[0]}")
    edit(comment, f"@{names[1]} again")


def test_a_reader_who_leaves_is_called_by_a_plain_word_in_former_texts_too() -> None:
    ana, ben = make_reader("Ana"), make_reader("Ben")
    comment = edit(make_comment(body="@Ana @Ben"), "@Ben @Ana!")
    delete_account(reader=ana)
    comment.refresh_from_db()
    for html in (comment.body_html, comment.html, comment.versions.get().body_html):
        assert "<bdi>Ana</bdi>" not in html and "@Ana" in html and "<bdi>Ben</bdi>" in html
    make_reader("Ana")  # Whoever takes the name later was not meant.
    delete_account(reader=ben)
    comment.refresh_from_db()
    for html in (comment.body_html, comment.html, comment.versions.get().body_html):
        assert "@<bdi>" not in html


def test_a_refused_comment_leaves_no_row() -> None:
    make_reader("Ana")
    article, author = make_article(), make_reader()
    for _twice in range(2):
        with suppress(Refused):
            posting.post_comment(article=article, author=author, body="@Ana", token=uuid4())
    assert Mention.objects.count() == 1


def test_a_preview_shows_the_link(signed_in: Client) -> None:
    make_reader("Ana")
    assert b"<bdi>Ana</bdi>" in signed_in.post(reverse("preview_comment"), {"body": "@ana"}).content
    assert not Mention.objects.exists()


def suggested(client: Client, typed: str, **more: Any) -> list[str]:
    return [option["name"] for option in client.get(reverse("suggest_readers"), {"q": typed, **more}).json()["options"]]


def test_those_who_speak_here_are_suggested_first_and_the_silent_not_at_all(signed_in: Client) -> None:
    here = make_comment(author=make_reader("Anton"))
    make_comment(author=make_reader("Ana"))
    make_reader("Andrew")
    gone = make_comment(author=make_reader("Anke"))
    comment_withdrawing.withdraw_comment(comment=gone, by=author_of(gone))
    unseen = make_comment(author=make_reader("Anja"))
    publishing.withdraw(unseen.article, by=None, reason="Test")
    assert suggested(signed_in, "AN") == ["Ana", "Anton"]
    assert suggested(signed_in, "an", article=here.article_id) == ["Anton", "Ana"]
    assert suggested(signed_in, "") == suggested(signed_in, "x" * 9999) == suggested(signed_in, "\0%_") == []
    assert suggested(signed_in, "an", article="9" * 400) == ["Ana", "Anton"]


def test_strangers_get_no_names(client: Client) -> None:
    make_comment(author=make_reader("Ana"))
    answer = client.get(reverse("suggest_readers"), {"q": "a"})
    assert answer.status_code == 403 and answer.json() == {"options": []}
