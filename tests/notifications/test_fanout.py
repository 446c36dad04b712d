"""Who is told of what, once; and what is never told."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from articles.accounts.models import User
from articles.discussion import (
    comment_counts,
    comment_editing,
    comment_withdrawing,
    moderating,
    picking,
    quote_requests,
)
from articles.discussion.models import Comment
from articles.moderation import undoing
from articles.notifications import audience, fanout, following, sentences
from articles.notifications.models import Inbox, Notification, PendingFanout, Stance
from articles.notifications.signals import notifications_created
from articles.publishing import publishing
from articles.publishing.models import Author
from articles.topics import curating, tagging
from articles.topics.models import Objection
from tests.factories import GROUNDS, author_of, make_article, make_comment, make_owner, make_reader, make_topic

pytestmark = pytest.mark.django_db


def told(reader: User) -> list[str]:
    """The kinds of what the inbox shows, oldest first; the number on the reader's row always agrees."""
    reader.refresh_from_db()
    showing = Notification.objects.visible().filter(reader=reader)
    assert reader.unread == showing.unread().count()
    return list(showing.order_by("pk").values_list("kind", flat=True))


def test_a_reply_is_told_to_whom_it_answers() -> None:
    first = make_comment()
    make_comment(parent=first)
    assert told(author_of(first)) == ["reply"]


def test_whoever_is_called_by_name_is_told_also_by_an_edit() -> None:
    ana, bo = make_reader("Ana"), make_reader("Bo")
    comment = make_comment(body="What does @Ana say?")
    assert told(ana) == ["mention"]
    comment_editing.edit_comment(comment=comment, by=author_of(comment), body="What do @Ana and @Bo say?")
    assert told(ana) == told(bo) == ["mention"]


def test_who_hides_the_caller_hears_no_call() -> None:
    ana, caller = make_reader("Ana"), make_reader()
    following.hide(thing=caller, by=ana)
    make_comment(body="What does @Ana say?", author=caller)
    assert told(ana) == []


def test_a_comment_is_told_to_who_follows_its_story_its_thread_or_its_author() -> None:
    article, ana = make_article(), make_reader("Ana")
    root = make_comment(article)
    followers = {"article": make_reader(), "thread": make_reader(), "person": make_reader()}
    things: dict[str, Any] = {"article": article, "thread": root, "person": ana}
    for target, reader in followers.items():
        following.follow(thing=things[target], by=reader)
    make_comment(parent=root, author=ana)
    assert {target: told(reader) for target, reader in followers.items()} == {target: [target] for target in followers}


def test_who_follows_all_of_it_is_told_once() -> None:
    reader, article = make_reader(), make_article()
    root = make_comment(article, author=reader)
    ana = make_reader("Ana")
    for thing in (article, root, ana):
        following.follow(thing=thing, by=reader)
    make_comment(parent=root, author=ana)
    assert told(reader) == ["reply"]


def test_nobody_is_told_of_their_own_words() -> None:
    reader, article = make_reader(), make_article()
    following.follow(thing=article, by=reader)
    root = make_comment(article, author=reader)
    make_comment(parent=root, author=reader)
    assert told(reader) == []


@pytest.mark.parametrize("hidden", ["article", "thread", "person"])
def test_what_is_hidden_is_not_told_even_as_a_reply(hidden: str) -> None:
    reader, article, ana = make_reader(), make_article(), make_reader("Ana")
    root = make_comment(article, author=reader)
    things: dict[str, Any] = {"article": article, "thread": root, "person": ana}
    for target, thing in things.items():
        (following.hide if target == hidden else following.follow)(thing=thing, by=reader)
    make_comment(parent=root, author=ana)
    assert told(reader) == []


def test_hiding_a_person_takes_their_words_out_of_the_inbox() -> None:
    reader, ana = make_reader(), make_reader("Ana")
    root = make_comment(author=reader)
    make_comment(parent=root, author=ana)
    make_comment(parent=root)
    following.hide(thing=ana, by=reader)
    assert told(reader) == ["reply"]
    assert not Notification.objects.filter(reader=reader, comment__author=ana).exists()


def test_a_left_thread_tells_of_replies_to_oneself_only() -> None:
    reader = make_reader()
    root = make_comment(author=reader)
    following.clear(thing=root, by=reader)
    make_comment(parent=make_comment(parent=root))
    assert told(reader) == ["reply"]


def test_a_hidden_comment_is_in_no_inbox_and_no_count() -> None:
    owner = make_owner()
    first = make_comment()
    reply = make_comment(parent=first)
    moderating.hide(comment=reply, by=owner, grounds=GROUNDS, reason="Rude.")
    assert told(author_of(first)) == []
    assert told(author_of(reply)) == ["hidden"]
    moderating.restore(comment=reply, by=owner, reason="It was not.")
    assert told(author_of(first)) == ["reply"]
    assert told(author_of(reply)) == []


def test_a_restored_comment_is_no_news() -> None:
    owner = make_owner()
    first = make_comment()
    reply = make_comment(parent=first)
    heard: list[Notification] = []

    def hear(notifications: list[Notification], **_news: Any) -> None:
        heard.extend(notification for notification in notifications if notification.kind != "hidden")

    notifications_created.connect(hear)
    try:
        for _ in range(2):
            moderating.hide(comment=reply, by=owner, grounds=GROUNDS, reason="Rude.")
            moderating.restore(comment=reply, by=owner, reason="It was not.")
    finally:
        notifications_created.disconnect(hear)
    assert heard == []
    assert Notification.objects.filter(reader=author_of(first)).count() == 1


def test_what_was_read_stays_read_when_it_comes_back() -> None:
    owner = make_owner()
    first = make_comment()
    reply = make_comment(parent=first)
    Notification.objects.update(read_at=timezone.now())
    moderating.hide(comment=reply, by=owner, grounds=GROUNDS, reason="Rude.")
    moderating.restore(comment=reply, by=owner, reason="It was not.")
    author = author_of(first)
    author.refresh_from_db()
    assert author.unread == 0


def test_a_withdrawn_comment_is_in_no_inbox() -> None:
    first = make_comment()
    reply = make_comment(parent=first)
    comment_withdrawing.withdraw_comment(comment=reply, by=author_of(reply))
    assert told(author_of(first)) == told(author_of(reply)) == []


def test_a_held_comment_is_told_when_it_is_approved() -> None:
    article, reader = make_article(), make_reader()
    comment = make_comment(article)
    Comment.objects.filter(pk=comment.pk).update(state="held")
    following.follow(thing=article, by=reader)
    fanout.queue_comment(comment)
    assert told(reader) == []
    moderating.approve(comment=comment, by=make_owner(), reason="Fine.")
    assert told(reader) == ["article"]


def test_what_is_said_under_a_withdrawn_article_is_gone_with_it() -> None:
    first = make_comment()
    make_comment(parent=first)
    article = publishing.withdraw(first.article, by=None, reason="Wrong.")
    assert told(author_of(first)) == []
    publishing.publish(article, by=None)
    assert told(author_of(first)) == ["reply"]


def test_an_article_is_told_to_who_follows_its_topic_or_its_author() -> None:
    writer, topic = make_reader("Writer"), make_topic("Harbour")
    Author.objects.create(name="Ann Lee", slug="ann-lee", user=writer)
    of_topic, of_writer, of_nothing = make_reader(), make_reader(), make_reader()
    following.follow(thing=topic, by=of_topic)
    following.follow(thing=topic, by=writer)
    following.follow(thing=writer, by=of_writer)
    article = make_article(authors=["Ann Lee"], published=False, dated=timezone.localdate())
    tagging.tag(article, "Harbour", by=make_owner())
    article = publishing.publish(article, by=None)
    assert [told(reader) for reader in (of_topic, of_writer, of_nothing, writer)] == [["topic"], ["author"], [], []]
    article = publishing.withdraw(article, by=None, reason="Wrong.")
    assert told(of_topic) == []
    publishing.publish(article, by=None)
    assert told(of_topic) == ["topic"]


def test_a_topic_given_later_is_told_once() -> None:
    reader, topic, owner = make_reader(), make_topic("Harbour"), make_owner()
    following.follow(thing=topic, by=reader)
    article = make_article(dated=timezone.localdate())
    for _ in range(2):
        place = tagging.tag(article, "Harbour", by=owner)
        assert told(reader) == ["topic"]
        curating.reject(place, by=owner, objection=Objection.WRONG)


def test_a_hidden_topic_silences_the_article_also_for_who_follows_its_author() -> None:
    writer, topic, reader = make_reader(), make_topic("Harbour"), make_reader()
    Author.objects.create(name="Ann Lee", slug="ann-lee", user=writer)
    following.follow(thing=writer, by=reader)
    following.hide(thing=topic, by=reader)
    article = make_article(authors=["Ann Lee"], published=False, dated=timezone.localdate())
    tagging.tag(article, "Harbour", by=make_owner())
    publishing.publish(article, by=None)
    assert told(reader) == []


def test_a_scheduled_article_is_told_when_its_time_has_come(time_machine: Any) -> None:
    reader, topic = make_reader(), make_topic("Harbour")
    following.follow(thing=topic, by=reader)
    article = make_article(published=False)
    tagging.tag(article, "Harbour", by=make_owner())
    publishing.schedule(article, by=None, at=timezone.now() + timedelta(hours=1))
    fanout.resume()
    assert told(reader) == []
    time_machine.move_to(timezone.now() + timedelta(hours=2))
    assert fanout.resume() > 0
    assert told(reader) == ["topic"]
    assert not PendingFanout.objects.exists()


@pytest.mark.parametrize("gone", ["dated", "at"])
def test_an_article_of_long_ago_is_no_news(gone: str) -> None:
    """Neither one that has stood here for long, nor one that is brought in today."""
    reader, topic = make_reader(), make_topic("Harbour")
    following.follow(thing=topic, by=reader)
    long_ago = timezone.now() - timedelta(days=30)
    article = make_article(**{"dated": long_ago.date()} if gone == "dated" else {"at": long_ago})
    tagging.tag(article, "Harbour", by=make_owner())
    assert told(reader) == []


def test_an_old_comment_that_is_brought_in_is_no_news() -> None:
    first = make_comment()
    make_comment(parent=first, at=timezone.now() - timedelta(days=30))
    assert told(author_of(first)) == []


def test_many_followers_are_told_in_batches_and_each_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audience, "BATCH", 3)
    monkeypatch.setattr(fanout, "BATCH", 3)
    article = make_article()
    readers = [make_reader() for _ in range(8)]
    for reader in readers:
        following.follow(thing=article, by=reader)
    make_comment(article)
    assert [told(reader) for reader in readers] == [["article"]] * 8
    assert not PendingFanout.objects.exists()


def test_what_a_dead_worker_left_is_told_later_and_to_nobody_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audience, "BATCH", 2)
    monkeypatch.setattr(fanout, "BATCH", 2)
    comment = make_comment()
    readers = [make_reader() for _ in range(4)]
    for reader in readers:
        following.follow(thing=comment.article, by=reader)
    announcement = PendingFanout.objects.create(comment=comment, due_at=timezone.now())
    assert fanout._fan_out_batch(announcement.pk)  # It dies after its first batch.
    assert [len(told(reader)) for reader in readers] == [1, 1, 0, 0]
    assert fanout.resume() == 1
    assert [told(reader) for reader in readers] == [["article"]] * 4
    assert not PendingFanout.objects.exists()


def test_where_nobody_is_to_hear_of_a_comment_no_task_is_made(settings: Any) -> None:
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    comment = make_comment()
    make_comment(parent=comment, author=author_of(comment), body="An afterthought of their own")
    assert not PendingFanout.objects.exists() and not DBTaskResult.objects.exists()
    make_comment(parent=comment)
    assert PendingFanout.objects.count() == DBTaskResult.objects.count() == 1


def test_posting_costs_the_same_whether_one_or_many_follow(settings: Any) -> None:
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    counts = []
    for followers in (1, 40):
        article, author = make_article(), make_reader()
        for _ in range(followers):
            following.follow(thing=article, by=make_reader())
        with CaptureQueriesContext(connection) as captured:
            make_comment(article, author=author)
        counts.append(len(captured))
    assert counts[0] == counts[1]
    assert not Notification.objects.exists()


def test_a_reader_who_left_or_was_locked_out_is_told_nothing() -> None:
    first = make_comment()
    User.objects.filter(pk=author_of(first).pk).update(is_active=False)
    make_comment(parent=first)
    assert not Notification.objects.exists()


def test_recount_mends_the_numbers(capsys: pytest.CaptureFixture[str]) -> None:
    first = make_comment()
    make_comment(parent=first)
    User.objects.filter(pk=author_of(first).pk).update(unread=7, hides=3)
    call_command("recount")
    said = capsys.readouterr().out
    assert f"reader {first.author_id}: 7 unread, corrected to 1" in said
    assert f"reader {first.author_id}: hides 3, corrected to 0" in said
    assert told(author_of(first)) == ["reply"]
    call_command("recount")
    assert "All counts are correct." in capsys.readouterr().out


def test_the_archive_of_a_reader_has_what_they_follow_and_what_they_were_told(signed_in: Any, reader: User) -> None:
    from articles.accounts.data_export import collect

    following.hide(thing=make_reader("Ana"), by=reader)
    make_comment(parent=make_comment(author=reader))
    data = collect(reader)
    assert [(row["stance"], row["person"]) for row in data["stances"]] == [("hide", "Ana"), ("follow", None)]
    assert [row["kind"] for row in data["notifications"]] == ["reply"]


def test_a_reader_has_no_row_for_what_they_never_chose() -> None:
    make_comment()
    assert not Inbox.objects.exists()
    assert Stance.objects.count() == 1


# What is told to a comment's own author


def marked(comment: Comment, how: str, *, undo: bool = False) -> None:
    editor = make_owner()
    if how == "picked":
        (picking.unpick if undo else picking.pick)(comment=comment, by=editor, reason="Adds to the article")
    elif undo:
        quote_requests.revoke(comment=comment, by=editor, reason="Enough")
    else:
        after = comment.article.blocks.get(position=0)
        quote_requests.request_quote(
            comment=comment, words=comment.body, after=after, by=editor, reason="Adds to the article"
        )


@pytest.mark.parametrize("days", [0, 400])
@pytest.mark.parametrize("how", ["picked", "lifted"])
def test_the_author_is_told_what_editors_think_of_a_comment_as_long_as_they_do(how: str, days: int) -> None:
    settled = timezone.now() - timedelta(days=days)
    comment, follower = make_comment(make_article(at=settled), at=settled), make_reader()
    following.follow(thing=comment.article, by=follower)
    for _ in range(2):
        marked(comment, how)
        assert told(author_of(comment)) == [how]
        assert told(follower) == []
        marked(comment, how, undo=True)
        assert told(author_of(comment)) == []


def test_who_has_answered_is_not_asked_in_the_inbox_any_longer() -> None:
    comment = make_comment()
    marked(comment, "lifted")
    quote_requests.decide(comment=comment, by=author_of(comment), agrees=True)
    assert told(author_of(comment)) == []


def test_an_edit_that_ends_a_pick_takes_the_news_of_it_back() -> None:
    comment = make_comment()
    marked(comment, "picked")
    comment_editing.edit_comment(comment=comment, by=author_of(comment), body="Other words")
    assert told(author_of(comment)) == []


def test_a_comment_that_was_hidden_and_restored_is_not_told_as_a_pick_any_longer() -> None:
    comment = make_comment()
    marked(comment, "picked")
    moderating.hide(comment=comment, by=make_owner(), grounds=GROUNDS, reason="An insult")
    assert told(author_of(comment)) == ["hidden"]
    moderating.restore(comment=comment, by=make_owner(), reason="It was none")
    assert told(author_of(comment)) == []


def held_comment() -> Comment:
    comment = make_comment()
    comment_counts.count_visible(comment.article_id, by=-1)
    Comment.objects.filter(pk=comment.pk).update(state=Comment.State.HELD, held_by="newcomer")
    return Comment.objects.get(pk=comment.pk)


def test_the_author_of_a_held_comment_is_told_once_when_a_moderator_publishes_it() -> None:
    comment, moderator = held_comment(), make_owner()
    author = author_of(comment)
    action = moderating.approve(comment=comment, by=moderator, reason="Fine")
    assert told(author) == ["approved"] and told(moderator) == []
    undoing.undo(action=action, by=moderator)
    assert told(author) == []
    moderating.approve(comment=Comment.objects.get(pk=comment.pk), by=moderator, reason="Fine after all")
    assert told(author) == ["approved"]
    moderating.hide(comment=Comment.objects.get(pk=comment.pk), by=moderator, grounds=GROUNDS, reason="An insult")
    assert told(author) == ["hidden"]
    assert Notification.objects.filter(kind="approved").count() == 1


def test_a_comment_that_waited_for_long_is_told_and_mailed_when_it_is_published() -> None:
    comment = held_comment()
    Comment.objects.update(posted_at=timezone.now() - fanout.MAX_AGE * 2)
    moderating.approve(comment=comment, by=make_owner(), reason="Fine")
    notification = Notification.objects.for_digests().get(reader=author_of(comment))
    assert sentences.sentence(notification) == "A moderator approved your comment:"
    headline = comment.article.headline
    assert sentences.subject([notification], total=1) == f"Your comment on “{headline}” is published"


def test_nobody_is_told_of_their_own_approval() -> None:
    moderator = make_owner()
    comment = held_comment()
    Comment.objects.update(author=moderator)
    moderating.approve(comment=Comment.objects.get(pk=comment.pk), by=moderator, reason="Fine")
    assert told(moderator) == []


def test_an_edit_that_nobody_marked_asks_nothing_of_its_author() -> None:
    comment = make_comment()
    comment_editing.edit_comment(comment=comment, by=author_of(comment), body="Other words")
    assert told(author_of(comment)) == []


def test_an_author_is_told_of_comments_on_their_article_unless_they_turned_it_off() -> None:
    nora, bo = make_reader("Nora"), make_reader("Bo")
    article = make_article(authors=["Nora Pell", "Bo Ek"])
    Author.objects.filter(name="Nora Pell").update(user=nora)
    Author.objects.filter(name="Bo Ek").update(user=bo)
    following.set_follow_own_articles(follow=False, by=bo)
    comment = make_comment(article)
    make_comment(parent=comment, author=nora)
    assert (told(nora), told(bo)) == (["written"], [])
    comment_withdrawing.withdraw_comment(comment=comment, by=author_of(comment))
    assert told(nora) == []


def test_an_author_who_hides_a_reader_or_the_article_is_not_told_and_a_reply_stays_a_reply() -> None:
    nora, rude, article = make_reader("Nora"), make_reader("Rude"), make_article(authors=["Nora Pell"])
    Author.objects.update(user=nora)
    following.hide(thing=rude, by=nora)
    make_comment(article, author=rude)
    assert told(nora) == []
    make_comment(parent=make_comment(article, author=nora))
    assert told(nora) == ["reply"]
    following.hide(thing=article, by=nora)
    make_comment(article)
    assert "written" not in told(nora)


def test_who_follows_an_author_without_an_account_is_told_of_their_new_articles() -> None:
    ana, article = make_reader("Ana"), make_article(authors=["Nora Pell"], published=False, dated=timezone.localdate())
    following.follow(thing=Author.objects.get(), by=ana)
    publishing.publish(article, by=None, at=None)
    assert told(ana) == ["author"]
