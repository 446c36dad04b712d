"""Following and hiding: one word a reader and a thing, kept by the database."""

from collections.abc import Callable
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from articles.accounts.account_deletion import delete_account
from articles.accounts.models import User
from articles.discussion import comment_withdrawing
from articles.errors import Refused
from articles.notifications import following
from articles.notifications.models import Inbox, Stance, Thing
from tests.factories import author_of, make_article, make_comment, make_reader, make_topic

pytestmark = pytest.mark.django_db

THINGS: dict[str, Callable[[], Thing]] = {
    "article": make_article,
    "thread": make_comment,
    "topic": make_topic,
    "person": make_reader,
}


def verbs(reader: User) -> list[tuple[str, str]]:
    return [(stance.target, stance.verb) for stance in Stance.objects.filter(reader=reader).order_by("pk")]


@pytest.mark.parametrize("target", THINGS)
def test_hiding_ends_following_and_the_other_way_round(target: str) -> None:
    reader, thing = make_reader(), THINGS[target]()
    following.follow(thing=thing, by=reader)
    assert verbs(reader) == [(target, "follow")]
    following.hide(thing=thing, by=reader)
    following.hide(thing=thing, by=reader)
    assert verbs(reader) == [(target, "hide")]
    following.follow(thing=thing, by=reader)
    assert verbs(reader) == [(target, "follow")]
    assert Stance.objects.get(reader=reader).thing == thing


@pytest.mark.parametrize("target", ["article", "topic", "person"])
def test_forgetting_leaves_no_trace(target: str) -> None:
    reader, thing = make_reader(), THINGS[target]()
    following.hide(thing=thing, by=reader)
    following.clear(thing=thing, by=reader)
    following.clear(thing=thing, by=reader)
    assert verbs(reader) == []


def test_a_reply_names_its_thread() -> None:
    reader = make_reader()
    root = make_comment()
    reply = make_comment(parent=make_comment(parent=root))
    following.follow(thing=reply, by=reader)
    assert Stance.objects.get(reader=reader).thread == root


def test_nobody_follows_or_hides_themself() -> None:
    reader = make_reader()
    for verb in (following.follow, following.hide):
        with pytest.raises(Refused):
            verb(thing=reader, by=reader)
    with pytest.raises(IntegrityError), transaction.atomic():
        Stance.objects.create(reader=reader, person=reader, verb="hide", created_at=timezone.now())


@pytest.mark.parametrize("count", [0, 2])
def test_a_stance_has_exactly_one_thing(count: int) -> None:
    things: dict[str, Any] = {"article": make_article(), "person": make_reader()} if count else {}
    with pytest.raises(IntegrityError), transaction.atomic():
        Stance.objects.create(reader=make_reader(), verb="hide", created_at=timezone.now(), **things)


def test_the_database_keeps_a_second_word_out() -> None:
    reader, article = make_reader(), make_article()
    following.follow(thing=article, by=reader)
    with pytest.raises(IntegrityError), transaction.atomic():
        Stance.objects.create(reader=reader, article=article, verb="hide", created_at=timezone.now())


def test_how_many_things_a_reader_hides_stands_on_their_row() -> None:
    reader, article, person = make_reader(), make_article(), make_reader()
    following.hide(thing=article, by=reader)
    following.hide(thing=person, by=reader)
    reader.refresh_from_db()
    assert reader.hides == 2
    following.follow(thing=article, by=reader)
    following.clear(thing=person, by=reader)
    reader.refresh_from_db()
    assert reader.hides == 0


def test_a_form_that_was_loaded_before_brings_no_old_number_back() -> None:
    loaded = make_reader()
    following.hide(thing=make_article(), by=loaded)
    loaded.about = "Changed meanwhile."
    loaded.save()
    loaded.refresh_from_db()
    assert (loaded.hides, loaded.about) == (1, "Changed meanwhile.")


def test_there_is_an_end_to_hiding(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(following, "MAX_HIDDEN", 1)
    reader = make_reader()
    following.hide(thing=make_article(), by=reader)
    with pytest.raises(Refused):
        following.hide(thing=make_article(), by=reader)


def test_writing_in_a_thread_follows_it() -> None:
    reader = make_reader()
    root = make_comment()
    make_comment(parent=root, author=reader)
    assert Stance.objects.get(reader=reader).thread == root


@pytest.mark.parametrize("verb", [following.clear, following.hide])
def test_writing_does_not_undo_a_deliberate_word(verb: Callable[..., None]) -> None:
    reader = make_reader()
    root = make_comment(author=reader)
    verb(thing=root, by=reader)
    before = verbs(reader)
    make_comment(parent=root, author=reader)
    assert verbs(reader) == before != [("thread", "follow")]


def test_who_does_not_want_it_follows_nothing_by_writing() -> None:
    reader = make_reader()
    Inbox.objects.create(reader=reader, follows_own_threads=False)
    make_comment(author=reader)
    assert verbs(reader) == []


def test_what_a_reader_thinks_goes_with_them_and_so_does_what_others_think_of_them() -> None:
    leaver, other = make_reader(), make_reader()
    following.hide(thing=other, by=leaver)
    following.hide(thing=leaver, by=other)
    delete_account(reader=leaver)
    assert not Stance.objects.exists()
    assert following.recount_hides() == [f"reader {other.pk}: hides 1, corrected to 0"]


def test_a_withdrawn_comment_leaves_its_thread_followed() -> None:
    root = make_comment()
    comment_withdrawing.withdraw_comment(comment=root, by=author_of(root))
    assert verbs(author_of(root)) == [("thread", "follow")]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("target", THINGS)
def test_following_and_hiding_at_once_ends_in_one_of_the_two(target: str) -> None:
    reader, thing = make_reader(), THINGS[target]()
    start = Barrier(8)
    troubles: list[BaseException] = []

    def act(number: int) -> None:
        try:
            start.wait()
            for _ in range(3):
                (following.follow if number % 2 else following.hide)(thing=thing, by=reader)
        except BaseException as error:
            troubles.append(error)
        finally:
            connection.close()

    threads = [Thread(target=act, args=[number]) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert troubles == []
    stance = Stance.objects.get(reader=reader)
    reader.refresh_from_db()
    assert reader.hides == (stance.verb == "hide")
