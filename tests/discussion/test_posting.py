"""Posting comments and replies."""

from threading import Barrier, Thread
from uuid import UUID, uuid4

import pytest
from django.db import connection

from articles.accounts.models import User
from articles.discussion import closing, comment_counts, comment_editing, comment_withdrawing, posting, sanctions
from articles.discussion.models import Comment
from articles.errors import Refused
from articles.publishing.models import Article
from articles.text.directions import own_directions
from tests.factories import GROUNDS, make_article, make_comment, make_owner, make_reader

pytestmark = pytest.mark.django_db


def say(
    article: Article, author: User, body: str = "Well said.", token: UUID | None = None, parent: Comment | None = None
) -> Comment:
    return posting.post_comment(article=article, author=author, body=body, token=token or uuid4(), parent=parent)


def test_a_comment_is_rendered_counted_and_placed() -> None:
    article = make_article()
    comment = make_comment(article, "*Well* said <script>alert(1)</script>")
    reply = make_comment(parent=comment)
    article.refresh_from_db()
    assert comment.body_html == "<p><em>Well</em> said &lt;script&gt;alert(1)&lt;/script&gt;</p>"
    assert own_directions(comment.body_html) in comment.html
    assert (reply.root_id, reply.parent_id, reply.depth) == (comment.pk, comment.pk, 1)
    assert reply.path.startswith(comment.path) and len(reply.path) == 16
    assert article.comment_count == 2
    comment.refresh_from_db()
    assert comment.thread_size == 1


def test_the_same_form_twice_makes_one_comment() -> None:
    article, author, token = make_article(), make_reader(), uuid4()
    first = say(article, author, token=token)
    assert say(article, author, first.body, token=token).pk == first.pk
    with pytest.raises(Refused) as refusal:  # Not a repetition: to answer “posted” would lose these words.
        say(article, author, "Other words", token=token)
    assert refusal.value.field == "token"
    article.refresh_from_db()
    assert article.comment_count == 1


def test_banned_readers_neither_post_nor_edit() -> None:
    author = make_reader()
    comment = make_comment(author=author)
    sanctions.ban(reader=author, by=make_owner(), grounds=GROUNDS, reason="Insults")
    author.refresh_from_db()
    with pytest.raises(Refused):
        say(comment.article, author)
    with pytest.raises(Refused):
        comment_editing.edit_comment(comment=comment, by=author, body="Other words")
    comment.refresh_from_db()
    assert comment.body.startswith("Comment number")


def test_a_closed_discussion_takes_neither_comments_nor_edits() -> None:
    author = make_reader()
    comment = make_comment(author=author)
    closing.close_discussion(article=comment.article, by=make_owner(), reason="All is said")
    with pytest.raises(Refused):
        say(comment.article, author, "New words")
    with pytest.raises(Refused):
        comment_editing.edit_comment(comment=comment, by=author, body="Other words")


@pytest.mark.parametrize("state", ["hidden", "withdrawn", "held"])
def test_a_reply_to_a_removed_comment_is_refused(state: str) -> None:
    parent = make_comment()
    Comment.objects.filter(pk=parent.pk).update(state=state)
    with pytest.raises(Refused) as refusal:
        say(parent.article, make_reader(), parent=parent)
    assert refusal.value.field == "parent"
    assert not parent.replies.exists()


def test_a_reply_to_another_articles_comment_is_refused() -> None:
    with pytest.raises(Refused):
        say(make_article(), make_reader(), parent=make_comment())


def test_a_path_stops_growing_at_its_cap_and_still_sorts_parents_first() -> None:
    comment = make_comment()
    line = [comment]
    for _level in range(25):
        line.append(make_comment(parent=line[-1]))
    branch = Comment.objects.filter(root=comment).order_by("path", "pk")
    assert [one.pk for one in branch] == [one.pk for one in line[1:]]
    assert max(len(one.path) for one in line) == 160
    assert line[-1].depth == 25


def test_recount_mends_what_is_wrong() -> None:
    comment = make_comment()
    make_comment(parent=comment)
    Article.objects.update(comment_count=9)
    Comment.objects.update(thread_size=7, recommended=3, score=0.5)
    assert len(comment_counts.recount()) == 4
    assert comment_counts.recount() == []
    comment.refresh_from_db()
    assert (comment.article.comment_count, comment.thread_size, comment.recommended, comment.score) == (2, 1, 0, 0)


@pytest.mark.django_db(transaction=True)
def test_one_form_sent_many_times_at_once_makes_one_comment() -> None:
    article, author, token = make_article(), make_reader(), uuid4()
    made: list[int] = []
    start = Barrier(6)

    def send() -> None:
        start.wait()
        try:
            made.append(say(article, author, token=token).pk)
        finally:
            connection.close()

    threads = [Thread(target=send) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 6 and len(set(made)) == 1
    assert Comment.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_replies_and_a_withdrawal_at_once_leave_no_orphan_and_right_numbers() -> None:
    author = make_reader()
    parent = make_comment(author=author)
    replying = [make_reader() for _ in range(4)]
    start = Barrier(5)

    def answer(reader: User) -> None:
        start.wait()
        try:
            say(parent.article, reader, parent=parent)
        except Refused:
            pass
        finally:
            connection.close()

    def withdraw() -> None:
        start.wait()
        comment_withdrawing.withdraw_comment(comment=parent, by=author)
        connection.close()

    threads = [Thread(target=answer, args=[reader]) for reader in replying] + [Thread(target=withdraw)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert comment_counts.recount() == []
    assert Comment.objects.filter(parent=parent).exclude(root=parent).count() == 0
