"""Editors' picks: who makes them, what ends them, where they are seen."""

import pytest
from django.contrib.auth.models import Group
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from articles.accounts.account_deletion import delete_account
from articles.accounts.models import User
from articles.discussion import (
    closing,
    comment_counts,
    comment_editing,
    comment_withdrawing,
    moderating,
    picking,
    recommending,
    signals,
)
from articles.discussion.models import Comment, ModerationAction
from articles.errors import Refused
from articles.publishing import publishing
from articles.publishing.models import Article, Author
from tests import factories

pytestmark = pytest.mark.django_db

BADGE = "Editors’ pick"


@pytest.fixture
def article() -> Article:
    return factories.make_article("A bridge for the ferry")


@pytest.fixture
def comment(article: Article) -> Comment:
    return factories.make_comment(article, "The ferry carried my grandmother.")


@pytest.fixture
def editor() -> User:
    return member_of("Editor")


def member_of(group: str) -> User:
    person = factories.make_reader(is_staff=True)
    person.groups.add(Group.objects.get(name=group))
    return person


def picked(comment: Comment, by: User) -> Comment:
    picking.pick(comment=comment, by=by, reason="Adds to the article")
    comment.refresh_from_db()
    return comment


def badges(client: Client, address: str) -> int:
    return client.get(address).content.decode().count(BADGE)


@pytest.mark.parametrize("group", ["Editor", "Moderator"])
def test_a_pick_is_marked_for_everybody_and_is_in_the_log(
    client: Client, article: Article, comment: Comment, group: str
) -> None:
    by = member_of(group)
    picked(comment, by)
    assert (comment.picked_by, comment.picked_at is not None) == (by, True)
    assert badges(client, article.get_absolute_url()) == 1
    assert badges(client, comment.get_absolute_url()) == 1
    act = ModerationAction.objects.get()
    assert (act.action, act.by, act.comment, act.reason) == ("pick", by, comment, "Adds to the article")


def test_the_news_of_a_pick_is_announced_once(comment: Comment, editor: User) -> None:
    heard: list[int] = []

    def hear(comment: Comment, **_news: object) -> None:
        heard.append(comment.pk)

    signals.comment_picked.connect(hear)
    try:
        picked(comment, editor)
        picking.unpick(comment=comment, by=editor, reason="A slip")
    finally:
        signals.comment_picked.disconnect(hear)
    assert heard == [comment.pk]


@pytest.mark.parametrize("who", ["reader", "writer", "banned editor"])
def test_who_may_not_pick(comment: Comment, editor: User, who: str) -> None:
    by = editor if who == "banned editor" else member_of("Writer") if who == "writer" else factories.make_reader()
    if who == "banned editor":
        editor.banned_at = timezone.now()
    with pytest.raises(Refused):
        picking.pick(comment=comment, by=by, reason="Because")
    assert not Comment.objects.filter(picked_at__isnull=False).exists()


def test_nobody_picks_their_own_comment(article: Article, editor: User) -> None:
    own = factories.make_comment(article, author=editor)
    with pytest.raises(Refused, match="own comment"):
        picking.pick(comment=own, by=editor, reason="I like it")


def test_the_author_of_the_article_does_not_pick_the_praise(article: Article, comment: Comment, editor: User) -> None:
    author = Author.objects.create(name="An Editor", slug="an-editor", user=editor)
    article.bylines.create(author=author)
    with pytest.raises(Refused, match="your own article"):
        picking.pick(comment=comment, by=editor, reason="So true")


def test_a_pick_needs_a_reason(comment: Comment, editor: User) -> None:
    with pytest.raises(Refused) as refusal:
        picking.pick(comment=comment, by=editor, reason="  ")
    assert refusal.value.field == "reason"


def test_a_comment_is_picked_once(comment: Comment, editor: User) -> None:
    picked(comment, editor)
    with pytest.raises(Refused, match="already"):
        picking.pick(comment=comment, by=member_of("Editor"), reason="Too")
    picking.unpick(comment=comment, by=editor, reason="A slip")
    with pytest.raises(Refused, match="isn’t an editors’ pick"):
        picking.unpick(comment=comment, by=editor, reason="A slip")


def test_a_comment_of_a_closed_discussion_can_be_picked(article: Article, comment: Comment, editor: User) -> None:
    closing.close_discussion(article=article, by=factories.make_owner(), reason="It is over")
    assert picked(comment, editor).picked_at


@pytest.mark.parametrize("how", ["hidden", "withdrawn"])
def test_a_removed_comment_can_not_be_picked(comment: Comment, editor: User, how: str) -> None:
    take_away(comment, how)
    with pytest.raises(Refused, match="no longer public"):
        picking.pick(comment=comment, by=editor, reason="Still good")


def take_away(comment: Comment, how: str) -> None:
    if how == "hidden":
        moderating.hide(comment=comment, by=factories.make_owner(), grounds=factories.GROUNDS, reason="An insult")
    else:
        comment_withdrawing.withdraw_comment(comment=comment, by=factories.author_of(comment))


@pytest.mark.parametrize("how", ["hidden", "withdrawn"])
def test_a_pick_that_is_removed_is_no_pick_anywhere(
    client: Client, article: Article, comment: Comment, editor: User, how: str
) -> None:
    picked(comment, editor)
    assert "my grandmother" in client.get("/").content.decode()
    take_away(comment, how)
    comment.refresh_from_db()
    assert (comment.picked_at, comment.picked_by, comment.thread_has_pick) == (None, None, False)
    for address in ("/", article.get_absolute_url(), comment.get_absolute_url()):
        page = client.get(address).content.decode()
        assert BADGE not in page
        assert "my grandmother" not in page


def test_a_restored_comment_is_not_a_pick_again_by_itself(client: Client, comment: Comment, editor: User) -> None:
    picked(comment, editor)
    take_away(comment, "hidden")
    moderating.restore(comment=comment, by=factories.make_owner(), reason="A mistake")
    assert badges(client, comment.get_absolute_url()) == 0


def test_other_words_than_the_picked_ones_are_no_pick(client: Client, comment: Comment, editor: User) -> None:
    picked(comment, editor)
    comment_editing.edit_comment(comment=comment, by=factories.author_of(comment), body="Buy my boat.")
    comment.refresh_from_db()
    assert (comment.picked_at, comment.thread_has_pick) == (None, False)
    assert badges(client, comment.get_absolute_url()) == 0


def test_the_database_knows_no_pick_that_can_not_be_read(comment: Comment, editor: User) -> None:
    picked(comment, editor)
    with pytest.raises(IntegrityError), transaction.atomic():
        Comment.objects.filter(pk=comment.pk).update(state=Comment.State.HIDDEN)


def test_a_thread_knows_whether_it_holds_a_pick(comment: Comment, editor: User) -> None:
    reply = factories.make_comment(parent=comment)
    deeper = factories.make_comment(parent=reply)
    other = factories.make_comment(comment.article)
    picked(deeper, editor)
    picked(reply, editor)
    assert list(Comment.objects.filter(thread_has_pick=True)) == [comment]
    picking.unpick(comment=deeper, by=editor, reason="A slip")
    assert list(Comment.objects.filter(thread_has_pick=True)) == [comment]
    take_away(reply, "withdrawn")
    assert not Comment.objects.filter(thread_has_pick=True).exists()
    assert not other.thread_has_pick


def test_a_recount_finds_a_wrong_mark_on_a_thread(comment: Comment, editor: User) -> None:
    picked(factories.make_comment(parent=comment), editor)
    assert comment_counts.recount() == []
    Comment.objects.update(thread_has_pick=False)
    assert len(comment_counts.recount()) == 1
    assert Comment.objects.get(pk=comment.pk).thread_has_pick


def test_the_pick_stays_when_its_editor_leaves_the_paper(client: Client, comment: Comment, editor: User) -> None:
    picked(comment, editor)
    delete_account(reader=editor)
    comment.refresh_from_db()
    assert (comment.picked_by, comment.picked_at is not None) == (None, True)


def test_the_front_page_prefers_a_pick_to_the_most_recommended(client: Client, comment: Comment, editor: User) -> None:
    loud = factories.make_comment(comment.article, "Everybody likes this.")
    recommending.recommend(comment=loud, by=factories.make_reader())
    assert "Everybody likes this." in client.get("/").content.decode()
    picked(comment, editor)
    page = client.get("/").content.decode()
    assert "The ferry carried my grandmother." in page
    assert "Everybody likes this." not in page


# The pages --------------------------------------------------------------------------------------------------------


def test_an_editor_picks_and_takes_back_by_plain_forms(client: Client, comment: Comment, editor: User) -> None:
    client.force_login(editor)
    place = reverse("pick_comment", args=[comment.pk])
    assert place in client.get(comment.article.get_absolute_url()).content.decode()
    assert "Adds to the article" in client.get(place).content.decode()
    response = client.post(place, {"reason": "She was there"})
    assert (response.status_code, response["Location"]) == (302, comment.get_absolute_url())
    place = reverse("unpick_comment", args=[comment.pk])
    assert place in client.get(comment.article.get_absolute_url()).content.decode()
    client.post(place, {"reason": "A slip"})
    assert list(ModerationAction.objects.values_list("action", flat=True)) == ["unpick", "pick"]


def test_a_pick_by_htmx_gives_the_new_html(client: Client, comment: Comment, editor: User) -> None:
    client.force_login(editor)
    response = client.post(
        reverse("pick_comment", args=[comment.pk]), {"reason": "She was there"}, headers={"HX-Request": "true"}
    )
    assert response["HX-Retarget"] == f"#comment-{comment.pk}"
    assert BADGE in response.content.decode()


def test_the_button_is_for_editors_and_not_on_their_own_comments(
    client: Client, comment: Comment, editor: User
) -> None:
    own = factories.make_comment(comment.article, author=editor)
    for person, shown in ((factories.make_reader(), False), (editor, True)):
        client.force_login(person)
        page = client.get(comment.article.get_absolute_url()).content.decode()
        assert (reverse("pick_comment", args=[comment.pk]) in page) == shown
        assert reverse("pick_comment", args=[own.pk]) not in page


def test_a_pick_without_a_reason_is_asked_for_one(client: Client, comment: Comment, editor: User) -> None:
    client.force_login(editor)
    response = client.post(reverse("pick_comment", args=[comment.pk]), {"reason": ""})
    assert response.status_code == 422
    assert "Give a reason" in response.content.decode()


def test_comments_of_a_withdrawn_article_are_not_found_by_editors(
    client: Client, comment: Comment, editor: User
) -> None:
    publishing.withdraw(comment.article, by=None, reason="Wrong")
    client.force_login(editor)
    assert client.post(reverse("pick_comment", args=[comment.pk]), {"reason": "x"}).status_code == 404


def test_picks_first_is_an_index_scan(comment: Comment) -> None:
    roots = Comment.objects.filter(article=comment.article, root=None).in_threads()
    ordered = roots.order_by("-root_id", "-thread_has_pick", "-score", "-pk")[:50]
    if connection.vendor == "sqlite":
        plan = ordered.explain()
        assert "comments_picks_first" in plan
        assert "TEMP B-TREE" not in plan
