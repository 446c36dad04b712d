"""Editing a comment within the edit window."""

from datetime import timedelta

import pytest
from django.utils import timezone

from articles.discussion import comment_editing
from articles.discussion.models import CommentVersion
from articles.errors import Refused
from articles.text.directions import own_directions
from tests.factories import make_comment, make_reader

pytestmark = pytest.mark.django_db


def test_an_edit_keeps_the_earlier_version() -> None:
    author = make_reader()
    comment = make_comment(body="First words", author=author)
    edited = comment_editing.edit_comment(comment=comment, by=author, body="Second *words*")
    assert edited.body_html == "<p>Second <em>words</em></p>"
    assert own_directions(edited.body_html) in edited.html and "First words" not in edited.html
    assert edited.edited_at is not None
    assert CommentVersion.objects.get(comment=comment).body == "First words"


def test_an_edit_that_changes_nothing_leaves_no_trace() -> None:
    author = make_reader()
    comment = make_comment(body="First words", author=author)
    assert comment_editing.edit_comment(comment=comment, by=author, body="First words ").edited_at is None
    assert not CommentVersion.objects.exists()


def test_edits_follow_one_another_at_a_pace() -> None:
    author = make_reader()
    comment = make_comment(author=author)
    comment_editing.edit_comment(comment=comment, by=author, body="Second words")
    with pytest.raises(Refused) as refusal:
        comment_editing.edit_comment(comment=comment, by=author, body="Third words")
    assert refusal.value.retry_after


def test_the_edit_window_closes() -> None:
    author = make_reader()
    late = timezone.now() - comment_editing.EDIT_WINDOW - timedelta(seconds=1)
    comment = make_comment(author=author, at=late)
    with pytest.raises(Refused):
        comment_editing.edit_comment(comment=comment, by=author, body="Other words")
