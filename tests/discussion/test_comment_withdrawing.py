"""Withdrawing a comment."""

import pytest

from articles.discussion import comment_counts, comment_editing, comment_withdrawing
from articles.discussion.models import Comment
from articles.errors import Refused
from articles.publishing.models import Article
from tests.factories import make_comment, make_owner, make_reader

pytestmark = pytest.mark.django_db


def test_only_the_author_edits_and_withdraws() -> None:
    comment, other = make_comment(), make_owner()
    with pytest.raises(Refused):
        comment_editing.edit_comment(comment=comment, by=other, body="Other words")
    with pytest.raises(Refused):
        comment_withdrawing.withdraw_comment(comment=comment, by=other)


def test_a_withdrawn_comment_leaves_a_tombstone_and_its_replies() -> None:
    author = make_reader()
    comment = make_comment(body="Rash words", author=author)
    reply = make_comment(parent=comment)
    for _twice in range(2):
        comment = comment_withdrawing.withdraw_comment(comment=comment, by=author)
    assert "Rash words" not in comment.html and author.username not in comment.html
    article = Article.objects.get(pk=comment.article_id)
    assert article.comment_count == 1
    assert reply.state == Comment.State.VISIBLE
    assert comment_counts.recount() == []
