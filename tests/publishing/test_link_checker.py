"""Links are checked a few at a time, and dead only after days."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from articles.publishing import link_checker, publishing, saving
from articles.publishing.link_checker import check_due_links
from articles.publishing.models import Article, LinkTarget
from articles.web.safe_fetch import Address, Failure, Network, Result
from newsroom import scheduler
from tests.factories import make_article
from tests.publishing.links import NEW, NOBODY, OLD, Cause, State, linked, make_dead, nobody, only, page, settled
from tests.web.test_safe_fetch import here, says, serving

pytestmark = pytest.mark.django_db


def test_a_round_asks_what_is_due_and_keeps_the_answer() -> None:
    linked("http://old.example/a")
    with serving(says(200)) as server:
        assert check_due_links(here(server)) == 1
        assert check_due_links(here(server)) == 0, "not again before its time"
    target = only()
    assert (target.state, target.cause, target.status) == (State.WORKS, Cause.OK, 200)
    assert target.last_working_at is not None
    assert target.due_at > timezone.now() + timedelta(days=29)


def test_one_site_is_asked_once_in_a_while_however_many_of_its_addresses_are_due() -> None:
    for number in range(5):
        linked(f"http://busy.example/{number}")
    linked("http://quiet.example/")
    with time_machine.travel(timezone.now(), tick=False) as traveller, serving(says(200)) as server:
        network = here(server)
        assert [check_due_links(network), check_due_links(network)] == [2, 0]
        traveller.shift(timedelta(seconds=61))
        assert [check_due_links(network), check_due_links(network)] == [1, 0]
        assert len(server.asked) == 3


def test_a_site_that_is_asked_too_much_is_left_alone_for_a_day() -> None:
    for number in range(2):
        linked(f"http://busy.example/{number}")
    with time_machine.travel(timezone.now(), tick=False) as traveller, serving(says(429)) as server:
        assert check_due_links(here(server)) == 1
        traveller.shift(timedelta(hours=2))
        assert check_due_links(here(server)) == 0
        traveller.shift(timedelta(hours=23))
        assert check_due_links(here(server)) == 1


def test_links_of_a_draft_are_asked_by_hand_alone() -> None:
    article = linked("http://old.example/a", published=False)
    with serving(says(200)) as server:
        assert check_due_links(here(server)) == 0
        assert link_checker.request_check([only().pk]) == 1
        assert check_due_links(here(server)) == 1
        assert check_due_links(here(server)) == 0
        LinkTarget.objects.update(due_at=timezone.now(), checked_at=None)
        publishing.publish(article, by=None, at=timezone.now() + timedelta(hours=1))
        assert check_due_links(here(server)) == 0, "an embargo holds for other people's servers as well"
        publishing.publish(Article.objects.get(), by=None, at=timezone.now())
        assert check_due_links(here(server)) == 1


def test_two_workers_do_not_ask_the_same() -> None:
    linked("http://old.example/a")
    due = link_checker._claim()
    assert len(due) == 1
    assert link_checker._claim() == []


@pytest.mark.parametrize(
    ("status", "state", "cause"),
    [
        (200, State.WORKS, Cause.OK),
        (204, State.WORKS, Cause.OK),
        (404, State.UNSURE, Cause.GONE),
        (410, State.UNSURE, Cause.GONE),
        (401, State.UNSURE, Cause.BLOCKED),
        (403, State.UNSURE, Cause.BLOCKED),
        (429, State.UNSURE, Cause.BLOCKED),
        (451, State.UNSURE, Cause.BLOCKED),
        (500, State.UNSURE, Cause.SERVER_ERROR),
        (503, State.UNSURE, Cause.SERVER_ERROR),
        (304, State.UNSURE, Cause.SERVER_ERROR),
    ],
)
def test_what_one_answer_means(status: int, state: str, cause: str) -> None:
    linked()
    target = settled(Result(status, OLD))
    assert (target.state, target.cause, target.status) == (state, cause, status)


def test_what_says_that_nothing_is_there_is_dead_after_three_days_and_three_answers() -> None:
    linked()
    assert settled(Result(404, OLD), times=3).state == State.UNSURE, "three answers within two days"
    LinkTarget.objects.update(failures=0, failing_since=None)
    assert settled(Result(404, OLD), times=4).state == State.DEAD


def test_time_alone_is_not_enough_and_answers_alone_are_not() -> None:
    linked()
    assert settled(Result(404, OLD), times=9, apart=timedelta(hours=1)).state == State.UNSURE
    LinkTarget.objects.update(failures=0, failing_since=None)
    assert settled(Result(404, OLD), times=2, apart=timedelta(days=9)).state == State.UNSURE


def test_a_server_in_trouble_gets_a_month() -> None:
    linked()
    assert settled(Result(503, OLD), times=29).state == State.UNSURE
    LinkTarget.objects.update(failures=0, failing_since=None)
    assert settled(Result(503, OLD), times=32).state == State.DEAD


def test_an_editors_word_holds_against_an_answer_that_was_on_its_way() -> None:
    linked()
    [asked] = link_checker._claim()
    link_checker.mark_as_working(only())
    link_checker.save_result(asked, link_checker.classify(OLD, Result(404, OLD)))
    assert (only().state, only().cause) == (State.WORKS, Cause.CONFIRMED)


@pytest.mark.parametrize(
    "answer", [Result(403, OLD), Result(failure=Failure.CERTIFICATE), Result(failure=Failure.NOT_PUBLIC)]
)
def test_who_does_not_answer_programs_is_never_dead_by_itself(answer: Result) -> None:
    linked()
    assert settled(answer, times=60).state == State.UNSURE


def test_one_good_answer_begins_anew_and_brings_a_dead_link_back() -> None:
    linked()
    make_dead()
    target = settled(Result(200, OLD))
    assert (target.state, target.failures, target.failing_since) == (State.WORKS, 0, None)


def test_moved_for_good_is_told_from_a_detour() -> None:
    linked()
    assert settled(Result(200, NEW, permanent=True)).moved_to == NEW
    assert only().state == State.MOVED
    assert settled(Result(200, NEW, permanent=False)).state == State.WORKS


@pytest.mark.parametrize("to", ["http://old.example/a", "https://www.old.example/a", "https://old.example/a/"])
def test_what_moved_by_a_hair_works(to: str) -> None:
    linked()
    assert settled(Result(200, to)).state == State.WORKS


def test_an_address_that_now_leads_to_the_front_page_is_for_an_editor() -> None:
    linked()
    assert settled(Result(200, "https://old.example/")).cause == Cause.HOME


def test_while_our_own_line_is_down_nothing_counts() -> None:
    linked("http://old.example/a")
    for _ in range(9):
        LinkTarget.objects.update(due_at=timezone.now(), checked_at=None)
        assert check_due_links(NOBODY) == 1
    target = only()
    assert (target.state, target.failures) == (State.NEW, 0)
    assert target.due_at > timezone.now() + timedelta(minutes=50)


def test_a_name_that_nobody_has_counts_while_others_answer() -> None:
    linked("http://good.example/")
    linked("http://gone.example/a")
    with serving(says(200)) as server:
        port = server.server_address[1]

        def resolve(host: str, _port: int) -> list[Address]:
            return nobody(host) if host == "gone.example" else [("127.0.0.1", port)]

        network = Network(ports={"http": port}, allows=lambda _address: True, resolve=resolve)
        assert check_due_links(network) == 2
        assert LinkTarget.objects.get(host="gone.example").failures == 1
        LinkTarget.objects.filter(host="gone.example").update(due_at=timezone.now(), checked_at=None)
        assert check_due_links(network) == 1, "alone in its round: who answered before is asked whether our line works"
        assert LinkTarget.objects.get(host="gone.example").failures == 2


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "2130706433", "[::1]"])
def test_the_clock_never_connects_to_this_machine(host: str) -> None:
    with serving(says(200)) as server:
        linked(f"http://{host}:{server.server_address[1]}/a")
        scheduler.run_jobs(scheduler.SLOW_JOBS)
        assert server.asked == []
    assert (only().state, only().cause) == (State.UNSURE, Cause.NOT_CHECKED)


def test_own_addresses_are_looked_up_not_asked() -> None:
    target = make_article("A boat leaves")
    make_article(body=f"[It]({target.get_absolute_url()}) and [topics](/topics/) and [nothing](/nowhere/).")
    assert check_due_links(NOBODY) == 3
    found = dict(LinkTarget.objects.values_list("url", "state"))
    assert found == {target.get_absolute_url(): State.WORKS, "/topics/": State.WORKS, "/nowhere/": State.DEAD}


def test_a_withdrawn_article_is_no_trap_and_comes_back() -> None:
    target = make_article("A boat leaves")
    here_article = make_article("Here", f"[It]({target.get_absolute_url()}) left.")
    check_due_links(NOBODY)
    assert f'<a href="{target.get_absolute_url()}"' in page(here_article)
    publishing.withdraw(target, by=None, reason="It never left.")
    assert check_due_links(NOBODY) == 1
    assert f'<a href="{target.get_absolute_url()}"' not in page(here_article)
    publishing.publish(Article.objects.get(pk=target.pk), by=None)
    assert check_due_links(NOBODY) == 1
    assert f'<a href="{target.get_absolute_url()}"' in page(here_article)


def test_a_link_to_a_scheduled_article_works_from_its_time_on() -> None:
    at = timezone.now() + timedelta(hours=1)
    target = make_article("A boat leaves", at=at)
    make_article("Here", f"[It]({target.get_absolute_url()}) leaves.")
    check_due_links(NOBODY)
    found = LinkTarget.objects.get(url=target.get_absolute_url())
    assert (found.state, found.due_at) == (State.DEAD, at)
    with time_machine.travel(at + timedelta(seconds=1)):
        check_due_links(NOBODY)
        assert LinkTarget.objects.get(pk=found.pk).state == State.WORKS


def test_a_moved_article_is_moved() -> None:
    target = make_article("A boat leaves")
    old = target.get_absolute_url()
    make_article("Here", f"[It]({old}) leaves.")
    target.slug = "ship"
    saving.save_article(target, by=None)
    check_due_links(NOBODY)
    found = LinkTarget.objects.get(url=old)
    assert (found.state, found.moved_to) == (State.MOVED, Article.objects.get(pk=target.pk).get_absolute_url())


def test_an_editor_may_say_that_it_works() -> None:
    article = linked()
    target = make_dead()
    link_checker.mark_as_working(target)
    found = only()
    assert (found.state, found.cause) == (State.WORKS, Cause.CONFIRMED)
    assert found.due_at > timezone.now() + timedelta(days=170)
    assert f'href="{OLD}"' in page(article)
