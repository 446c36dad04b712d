"""Deleting an account together with its comments."""

import pytest
from django.apps import apps
from django.db import models
from django.test import Client

from articles.accounts.account_deletion import delete_account
from articles.accounts.models import User
from articles.discussion import comment_counts, comment_editing, moderating, picking
from articles.discussion.models import Comment
from tests.factories import GROUNDS, PASSWORD, make_article, make_comment, make_owner, make_reader

pytestmark = pytest.mark.django_db

WORDS = "the word nobody else writes"


def rows_with(words: str) -> list[str]:
    """Return the tables with a row that has these words in any text."""
    found = []
    for table in apps.get_models():
        texts = [
            field.name
            for field in table._meta.concrete_fields
            if isinstance(field, models.TextField | models.CharField)
        ]
        if any(table._base_manager.filter(**{f"{name}__contains": words}).exists() for name in texts):
            found.append(table.__name__)
    return found


@pytest.fixture
def leaver() -> User:
    return make_reader("Departing")


def test_no_table_has_the_words_and_replies_stay_under_a_tombstone(client: Client, leaver: User) -> None:
    article, owner = make_article(), make_owner()
    answered = make_comment(article, f"Answered: {WORDS}.", author=leaver)
    reply = make_comment(parent=answered, body="A reply that stays")
    make_comment(article, f"Alone: {WORDS}.", author=leaver)
    edited = make_comment(article, f"First: {WORDS}.", author=leaver)
    comment_editing.edit_comment(comment=edited, by=leaver, body="Now something else")
    hidden = make_comment(article, f"Rude: {WORDS}.", author=leaver)
    moderating.hide(comment=hidden, by=owner, grounds=GROUNDS, reason="rude")
    picking.pick(comment=make_comment(article, f"Picked: {WORDS}.", author=leaver), by=owner, reason="Seen")
    assert "Comment" in rows_with(WORDS)
    delete_account(reader=leaver, with_comments=True)
    assert rows_with(WORDS) == []
    page = client.get(article.get_absolute_url()).text
    assert "A reply that stays" in page and "Withdrawn by its author." in page
    assert "Departing" not in page and "something else" not in page
    assert client.get(reply.get_absolute_url()).status_code == 200
    article.refresh_from_db()
    assert article.comment_count == 1
    assert comment_counts.recount() == []


def test_what_a_moderator_hid_stays_hidden(leaver: User) -> None:
    comment = make_comment(author=leaver)
    moderating.hide(comment=comment, by=make_owner(), grounds=GROUNDS, reason="rude")
    delete_account(reader=leaver, with_comments=True)
    comment.refresh_from_db()
    assert (comment.state, comment.body, comment.author) == (Comment.State.HIDDEN, "", None)


@pytest.mark.parametrize("wished", [True, False])
def test_the_page_asks_and_does_as_it_is_told(client: Client, leaver: User, wished: bool) -> None:
    comment = make_comment(body=WORDS, author=leaver)
    client.force_login(leaver)
    page = client.get("/settings/delete/")
    assert page.status_code == 200, page
    assert "Delete my comments too" in page.text
    client.post("/settings/delete/", {"password": PASSWORD} | ({"with_comments": "on"} if wished else {}))
    assert not User.objects.filter(pk=leaver.pk).exists()
    comment.refresh_from_db()
    assert comment.body == ("" if wished else WORDS)
