"""Several comments hidden at once, and shown again."""

from contextlib import suppress
from datetime import timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from articles.accounts.models import User
from articles.discussion import bulk_moderation, comment_counts, comment_withdrawing, moderating, reporting
from articles.discussion.models import Comment, ModerationAction
from articles.errors import Refused
from articles.publishing.models import Article
from tests.factories import GROUNDS, make_article, make_comment, make_owner, make_reader

pytestmark = pytest.mark.django_db


@pytest.fixture
def moderator() -> User:
    return make_reader(permissions=["articles.change_comment"])


@pytest.fixture
def at_work(client: Client, moderator: User) -> Client:
    client.force_login(moderator)
    return client


def states(comments: list[Comment]) -> list[str]:
    found = dict(Comment.objects.values_list("pk", "state"))
    return [found[comment.pk] for comment in comments]


def pks(comments: list[Comment]) -> list[int]:
    return [comment.pk for comment in comments]


def test_several_are_hidden_for_one_reason_and_each_is_in_the_log(moderator: User) -> None:
    article, author = make_article(), make_reader()
    root = make_comment(article, author=author)
    others = [make_comment(parent=root, author=author), make_comment(article, author=author)]
    stays = make_comment(parent=root)
    result = bulk_moderation.hide_comments(
        comments=pks([root, *others]), by=moderator, grounds=GROUNDS, reason="Advertising"
    )
    assert (result.done, result.skipped) == (3, 0)
    assert states([root, *others, stays]) == ["hidden"] * 3 + ["visible"]
    acts = ModerationAction.objects.filter(batch=result.batch)
    assert {(act.comment_id, act.reason, act.by) for act in acts} == {
        (comment.pk, "Advertising", moderator) for comment in [root, *others]
    }
    assert Article.objects.get(pk=article.pk).comment_count == 1
    assert comment_counts.recount() == []


def test_the_counts_are_right_after_a_bulk_action_through_several_articles_and_back(moderator: User) -> None:
    author = make_reader()
    comments = []
    for _ in range(3):
        root = make_comment(author=author)
        comments += [root, make_comment(parent=root, author=author)]
        reporting.report_comment(comment=root, by=make_reader(), reason="spam")
    result = bulk_moderation.hide_comments(comments=pks(comments), by=moderator, grounds=GROUNDS, reason="Advertising")
    assert comment_counts.recount() == []
    back = bulk_moderation.restore_comments(comments=pks(comments), by=moderator, reason="Another of that name")
    assert back.done == 6 and back.batch != result.batch
    assert comment_counts.recount() == []
    assert states(comments) == ["visible"] * 6


def test_what_was_decided_meanwhile_is_left_and_counted(moderator: User) -> None:
    first, second = make_comment(), make_comment()
    moderating.hide(comment=first, by=make_owner(), grounds=GROUNDS, reason="An insult")
    result = bulk_moderation.hide_comments(
        comments=pks([first, second]), by=moderator, grounds=GROUNDS, reason="Advertising"
    )
    assert (result.done, result.skipped) == (1, 1)


@pytest.mark.parametrize("wrong", ["no reason", "no right", "no comment"])
def test_what_a_bulk_action_needs(moderator: User, wrong: str) -> None:
    comment = make_comment()
    with pytest.raises(Refused):
        bulk_moderation.hide_comments(
            comments=[] if wrong == "no comment" else [comment.pk],
            by=make_reader() if wrong == "no right" else moderator,
            grounds=GROUNDS,
            reason=" " if wrong == "no reason" else "Advertising",
        )
    assert states([comment]) == ["visible"] and not ModerationAction.objects.exists()


def test_a_bulk_action_offers_one_readers_comments_of_one_article_or_of_some_days(at_work: Client) -> None:
    author, article = make_reader(), make_article(at=timezone.now() - timedelta(days=12))
    here = make_comment(article, "In this article", author=author, at=timezone.now() - timedelta(days=9))
    elsewhere = make_comment(body="Somewhere else", author=author)
    make_comment(article, "By another")

    def offered(**chosen: int) -> set[int]:
        page = at_work.get(reverse("hide_comments"), {"reader": author.pk, **chosen}).content.decode()
        assert "By another" not in page
        return {pk for pk in (here.pk, elsewhere.pk) if f'value="{pk}" checked' in page}

    assert offered() == {here.pk, elsewhere.pk}
    assert offered(article=article.pk) == {here.pk}
    assert offered(days=7) == {elsewhere.pk}
    assert offered(days=2**62) == {here.pk, elsewhere.pk}


def test_a_whole_bulk_action_through_the_pages_and_back(at_work: Client) -> None:
    author, article = make_reader(), make_article()
    comments = [make_comment(article, author=author) for _ in range(3)]
    ticked = {"comment": pks(comments), "reason": "Advertising", "ground": "6"}
    answer = at_work.post(reverse("hide_comments"), ticked, follow=True)
    page = answer.content.decode()
    assert "3 comments hidden." in page and "2 more comments" in page
    assert page.count("Advertising") == 1  # One line for the three.
    moderating.restore(comment=comments[0], by=make_owner(), reason="That one is fine")
    moderating.hide(comment=comments[0], by=make_owner(), grounds=GROUNDS, reason="It is not")
    back = reverse("restore_comments") + f"?batch={ModerationAction.objects.filter(batch__isnull=False)[0].batch}"
    assert back in page
    shown = at_work.get(back).content.decode()
    assert [f'value="{comment.pk}"' in shown for comment in comments] == [False, True, True]
    at_work.post(reverse("restore_comments"), {"comment": pks(comments[1:]), "reason": "A mistake"})
    assert states(comments) == ["hidden", "visible", "visible"]


def test_a_bulk_action_without_a_reason_comes_back_with_its_ticks(at_work: Client) -> None:
    comments = [make_comment() for _ in range(3)]
    answer = at_work.post(reverse("hide_comments"), {"comment": pks(comments[:2]), "reason": "", "ground": "6"})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Give a reason" in page and f'value="{comments[0].pk}" checked' in page
    assert f'value="{comments[2].pk}" checked' not in page


def test_nothing_ticked_is_said_and_not_done(at_work: Client) -> None:
    answer = at_work.post(reverse("hide_comments"), {"reason": "Advertising", "ground": "6"})
    assert answer.status_code == 422 and "Select at least one" in answer.content.decode()


@pytest.mark.parametrize("query", ["", "?reader=x", "?reader=1&days=-1", "?reader=1&article=1.5"])
def test_a_forged_address_is_refused(at_work: Client, query: str) -> None:
    assert at_work.get(reverse("hide_comments") + query).status_code in (400, 404)
    assert at_work.get(reverse("restore_comments") + query).status_code == 404
    assert at_work.post(reverse("hide_comments"), {"comment": "1; drop", "reason": "x"}).status_code == 400


def test_reports_can_be_ticked_and_hidden_together(at_work: Client) -> None:
    comment = make_comment()
    reporting.report_comment(comment=comment, by=make_reader(), reason="spam")
    page = at_work.get(reverse("moderation")).text
    assert f'name="comment" value="{comment.pk}"' in page
    page = at_work.get(reverse("case", args=[comment.pk])).text
    assert f"{reverse('hide_comments')}?reader={comment.author_id}" in page


def test_only_moderators_find_the_link_to_it_on_a_readers_page(at_work: Client) -> None:
    author = make_reader()
    make_comment(author=author)
    assert reverse("hide_comments") in at_work.get(author.get_absolute_url()).content.decode()
    assert reverse("hide_comments") not in Client().get(author.get_absolute_url()).content.decode()


def test_the_pages_ask_the_same_number_of_queries_however_long_the_list(at_work: Client) -> None:
    author, counts = make_reader(), []
    for _ in range(2):
        for _ in range(4):
            make_comment(author=author)
        with CaptureQueriesContext(connection) as asked:
            at_work.get(reverse("hide_comments"), {"reader": author.pk})
        counts.append(len(asked))
    assert counts[0] == counts[1]


@pytest.mark.django_db(transaction=True)
def test_two_bulk_actions_and_new_replies_at_once_hide_each_comment_once(settings: Any) -> None:
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}  # As in earnest: news is told apart.
    author, writers = make_reader(), [make_reader() for _ in range(2)]
    root = make_comment(author=author)
    comments = [root, *(make_comment(parent=root, author=author) for _ in range(9))]
    together = Barrier(4)
    done: list[int] = []
    troubles: list[BaseException] = []

    def result(by: User) -> None:
        done.append(
            bulk_moderation.hide_comments(comments=pks(comments), by=by, grounds=GROUNDS, reason="Advertising").done
        )

    def reply(by: User) -> None:
        for comment in comments:
            with suppress(Refused):
                make_comment(parent=comment, author=by)

    def run(work: object, by: User) -> None:
        try:
            together.wait(10)
            work(by)  # type: ignore[operator]
        except BaseException as error:
            troubles.append(error)
        finally:
            connection.close()

    people = [(result, make_owner()), (result, make_owner()), *((reply, writer) for writer in writers)]
    threads = [Thread(target=run, args=each) for each in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert troubles == []
    assert sum(done) == len(comments) == ModerationAction.objects.count()
    assert comment_counts.recount() == []


# What nobody ever saw --------------------------------------------------------------------------------------------


def held(comment: Comment) -> Comment:
    comment_counts.count_visible(comment.article_id, by=-1)
    if comment.root_id:
        comment_counts.count_reply(comment, by=-1)
    Comment.objects.filter(pk=comment.pk).update(state=Comment.State.HELD)
    comment.refresh_from_db()
    return comment


@pytest.mark.parametrize("reply", [False, True])
@pytest.mark.parametrize("how", ["withdrawn", "hidden"])
def test_a_comment_removed_while_held_leaves_no_tombstone(client: Client, how: str, reply: bool) -> None:
    author = make_reader()
    comment = held(make_comment(author=author, parent=make_comment() if reply else None))
    if how == "withdrawn":
        comment_withdrawing.withdraw_comment(comment=comment, by=author)
    else:
        moderating.hide(comment=comment, by=make_owner(), grounds=GROUNDS, reason="Advertising")
    page = client.get(comment.article.get_absolute_url()).content.decode()
    assert f"comment-{comment.pk}" not in page and "by a moderator" not in page and "by its author" not in page
    assert client.get(comment.get_absolute_url()).status_code == 404
    client.force_login(author)
    assert client.get(comment.get_absolute_url()).status_code == 410
    assert comment_counts.recount() == []


def test_what_a_moderator_shows_after_all_gets_its_place(client: Client) -> None:
    parent = make_comment()
    comment = held(make_comment(parent=parent))
    moderating.hide(comment=comment, by=make_owner(), grounds=GROUNDS, reason="Advertising")
    moderating.restore(comment=comment, by=make_owner(), reason="It was none")
    assert f"comment-{comment.pk}" in client.get(comment.article.get_absolute_url()).content.decode()
    parent.refresh_from_db()
    assert parent.thread_size == 1
    assert comment_counts.recount() == []
