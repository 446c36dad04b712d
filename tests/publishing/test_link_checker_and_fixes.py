"""The links of all articles: noted at each save, asked by the clock, dead only after days, mended everywhere."""

import socket
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from articles.errors import Refused
from articles.publishing import link_checker, link_fixes, link_index, prepublish_checks, publishing, saving
from articles.publishing.companions import Companions, Lost, Related
from articles.publishing.link_checker import check_due_links
from articles.publishing.models import Article, Link, LinkTarget, LostLink, RelatedLink
from articles.web.safe_fetch import Address, Failure, Network, Result
from newsroom import scheduler
from tests.factories import make_article, make_owner
from tests.web.test_safe_fetch import here, says, serving

pytestmark = pytest.mark.django_db

OLD, NEW = "https://old.example/a", "https://new.example/b"
State, Cause = LinkTarget.State, LinkTarget.Cause
NOBODY = Network(resolve=lambda host, port: nobody(host))


def nobody(host: str) -> list[Address]:
    raise socket.gaierror(socket.EAI_NONAME, f"{host} has no address")


def only() -> LinkTarget:
    return LinkTarget.objects.get()


def linked(url: str = OLD, **fields: Any) -> Article:
    return make_article(body=f"He [said so]({url}) then.\n\nAnd no more.", **fields)


def settled(answer: Result, *, times: int = 1, apart: timedelta = timedelta(days=1)) -> LinkTarget:
    """The only address after so many answers."""
    with time_machine.travel(timezone.now(), tick=False) as traveller:
        for _ in range(times):
            target = only()
            link_checker.save_result(target, link_checker.classify(target.url, answer))
            traveller.shift(apart)
    return only()


def make_dead() -> LinkTarget:
    target = settled(Result(404, OLD), times=4)
    assert target.state == State.DEAD
    return target


# Noted ------------------------------------------------------------------------------------------------------------


def test_links_of_text_boxes_and_original_are_noted_and_forgotten_with_them() -> None:
    article = make_article(
        body=f"One [here]({OLD}#part), one [there]({OLD}), [mail](mailto:a@b.example).",
        source_url="https://source.example/x",
        companions=Companions(related=[Related(headline="A box", url="https://box.example/y")]),
    )
    found = set(Link.objects.values_list("place", "target__url", "target__host", "words"))
    assert found == {
        ("text", OLD, "old.example", "here"),
        ("box", "https://box.example/y", "box.example", "A box"),
        ("source", "https://source.example/x", "source.example", article.headline),
    }
    article = Article.objects.get()
    article.body, article.source_url = "No link.", ""
    saving.save_article(article, by=None, companions=Companions())
    assert not Link.objects.exists()
    assert not LinkTarget.objects.linked().exists()


def test_one_address_of_many_articles_is_one_target() -> None:
    for _ in range(3):
        linked()
    assert only().links.count() == 3


def test_the_papers_own_addresses_are_paths() -> None:
    make_article(body="[One](/2026/03/01/x/), [two](http://localhost:8000/2026/03/01/x/#p1), [three](../y/).")
    assert {(target.url, target.host) for target in LinkTarget.objects.all()} == {
        ("/2026/03/01/x/", ""),
        ("/2026/03/01/y/", ""),
    }


def test_saving_again_keeps_the_rows() -> None:
    article = linked()
    before = Link.objects.get().pk
    article.body += "\n\nMore."
    saving.save_article(article, by=None)
    assert Link.objects.get().pk == before


def test_an_address_too_long_for_anybody_is_left_out() -> None:
    linked("https://old.example/" + "a" * 2100)
    assert not LinkTarget.objects.exists()


def test_the_words_of_a_link_follow_the_text() -> None:
    article = linked()
    article.body = article.body.replace("said so", "told us")
    saving.save_article(article, by=None)
    assert Link.objects.get().words == "told us"


def test_a_host_that_no_name_server_knows_is_left_out() -> None:
    linked(f"http://{'a' * 300}/")
    assert not LinkTarget.objects.exists()


def test_a_deleted_article_leaves_no_address_to_be_asked() -> None:
    publishing.delete(linked())
    assert not LinkTarget.objects.linked().exists()
    link_index.delete_unlinked_targets()
    assert not LinkTarget.objects.exists()


# Asked ------------------------------------------------------------------------------------------------------------


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
        scheduler.run_jobs(scheduler.NETWORK_JOBS)
        assert server.asked == []
    assert (only().state, only().cause) == (State.UNSURE, Cause.NOT_CHECKED)


# Own addresses ----------------------------------------------------------------------------------------------------


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


# Readers ----------------------------------------------------------------------------------------------------------


def page(article: Article) -> str:
    return Client().get(article.get_absolute_url()).content.decode()


def test_readers_see_a_dead_link_as_text_with_a_note_on_page_feed_and_edition() -> None:
    article = make_article(
        body=f"He [said so]({OLD}#then) once.\n\nAnd [again]({OLD}).",
        source_url=OLD,
        companions=Companions(related=[Related(headline="A box", url=OLD)]),
    )
    article.body += "\n\nA new end."
    saving.save_article(article, by=None)
    assert page(article).count(f'href="{OLD}') == 3
    make_dead()
    html = page(article)
    assert f'href="{OLD}' not in html
    assert html.count("This link no longer works") == 4 + 1  # A title and an unseen note for each; and the box.
    assert "said so" in html
    assert "A box" in html
    for address in ("/feed/", "/feed.json", f"{article.history_url}1/"):
        assert f'href="{OLD}' not in Client().get(address).content.decode().replace("\\", "").replace("&quot;", '"')
    settled(Result(200, OLD))
    assert page(article).count(f'href="{OLD}') == 3


def test_the_preview_sets_a_dead_link_as_the_page_does(client: Client) -> None:
    article = linked()
    make_dead()
    client.force_login(make_owner())
    typed = {"headline": "A boat", "body": f"He [said so]({OLD}) then."}
    for answer in (
        client.get(f"/desk/preview/{article.pk}/"),
        client.post(f"/desk/preview/{article.pk}/form/", typed),
        client.post("/desk/preview/", typed),
    ):
        assert f'href="{OLD}"' not in answer.text and "This link no longer works" in answer.text


def test_a_dead_link_is_among_the_checks_with_its_place() -> None:
    article = linked()
    make_dead()
    assert [
        (finding.field, finding.prevents_publishing)
        for finding in prepublish_checks.findings(article)
        if OLD in finding.problem
    ] == [("id_body", False)]


# Mended -----------------------------------------------------------------------------------------------------------


def test_mending_one_mends_everywhere_with_a_revision_each() -> None:
    editor = make_owner()
    texts = [linked() for _ in range(3)]
    boxed = make_article(companions=Companions(related=[Related(headline="A box", url=OLD)]), source_url=OLD)
    draft = linked(f"{OLD}#part", published=False)
    done = link_fixes.replace_link(only(), to=f" {NEW} ", by=editor, reason="It has moved.")
    assert (done.done, done.skipped, done.remaining) == (5, [], 0)
    assert only().url == NEW
    for article in texts:
        assert f'href="{NEW}"' in page(article)
        last = article.revisions.first()
        assert last is not None
        assert (last.by, last.reason) == (editor, "It has moved.")
        assert last.edition == 2, "readers find the change in the history"
    boxed.refresh_from_db()
    assert boxed.source_url == NEW
    assert RelatedLink.objects.get(article=boxed).url == NEW
    draft.refresh_from_db()
    assert f"{NEW}#part" in draft.body
    assert not draft.is_public


def test_mending_to_one_of_our_own_articles_makes_the_box_lead_to_it() -> None:
    target = make_article("A boat leaves")
    boxed = make_article(companions=Companions(related=[Related(headline="A box", url=OLD)]))
    link_fixes.replace_link(only(), to=f"http://localhost:8000{target.get_absolute_url()}", by=make_owner())
    box = RelatedLink.objects.get(article=boxed)
    assert (box.target, box.url) == (target, "")


NO_ADDRESSES = ["", "nowhere", "javascript:alert(1)", "ftp://x.example/", "https://", "data:text/html,x", "//x.example"]
NO_ADDRESSES += [f"https://x.example/{rest}" for rest in ("a b", "(a)", "<a>", '"', "\u202e", "a" * 2000)]


@pytest.mark.parametrize("to", NO_ADDRESSES)
def test_what_is_no_address_mends_nothing(to: str) -> None:
    article = linked()
    with pytest.raises(Refused):
        link_fixes.replace_link(only(), to=to, by=make_owner())
    assert OLD in Article.objects.get(pk=article.pk).body


def test_mending_to_where_it_leads_is_refused() -> None:
    linked()
    with pytest.raises(Refused):
        link_fixes.replace_link(only(), to=OLD, by=make_owner())


@pytest.mark.parametrize("to", [f"{OLD}#part", "https://old.example/a/b/../../a"])
def test_mending_ends_whatever_it_leads_to(to: str) -> None:
    article = linked()
    with suppress(Refused):
        link_fixes.replace_link(only(), to=to, by=make_owner())
    revisions = article.revisions.count()
    for _ in range(3):
        scheduler.run_jobs(scheduler.JOBS)
    assert article.revisions.count() == revisions <= 2
    assert not LinkTarget.objects.exclude(fix_url="").exists()


def test_two_fixes_of_the_same_link_make_one_revision() -> None:
    article = linked()
    target = only()
    link_fixes.replace_link(target, to=NEW, by=make_owner())
    target.fix_url, target.fix_last_link = NEW, Link.objects.get().pk
    assert link_fixes._fix_article(article.pk, target) is False
    assert article.revisions.count() == 2, "published, mended"


def test_an_address_of_other_letters_is_mended_as_it_is_written_in_the_page() -> None:
    article = linked()
    link_fixes.replace_link(only(), to="https://bücher.example/straße", by=make_owner())
    assert 'href="https://xn--bcher-kva.example/stra%C3%9Fe"' in page(article)


def test_a_box_that_can_not_be_mended_keeps_no_other_from_it() -> None:
    target = make_article("The target")
    companions = Companions(related=[Related(headline="A boat")])
    first, itself, last = make_article(companions=companions), target, make_article(companions=companions)
    RelatedLink.objects.create(article=itself, headline="A boat", headline_key="a boat")
    box = RelatedLink.objects.get(article=first)
    done = link_fixes.retarget_lost_boxes(box, to=target.get_absolute_url(), by=make_owner())
    assert (done.done, done.remaining) == (2, 0)
    assert [article for article, _reason in done.skipped] == [itself]
    assert RelatedLink.objects.get(article=last).target == target


def test_what_can_only_be_mended_by_hand_says_so_and_the_others_are_mended() -> None:
    linked()
    odd = make_article(body=f"[So]({OLD}), written `{OLD}`.")
    done = link_fixes.replace_link(only(), to=NEW, by=make_owner())
    assert done.done == 1
    assert [article for article, _reason in done.skipped] == [odd]
    assert "can’t be replaced automatically" in done.skipped[0][1]
    assert LinkTarget.objects.get(url=OLD).fix_url == ""


def test_more_than_a_request_can_bear_goes_on_by_the_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(link_fixes, "MAX_PER_REQUEST", 2)
    editor = make_owner()
    for _ in range(5):
        linked()
    done = link_fixes.replace_link(only(), to=NEW, by=editor)
    assert (done.done, done.remaining) == (2, 3)
    later = linked()
    for _ in range(3):
        scheduler.run_jobs(scheduler.JOBS)
    assert Link.objects.filter(target__url=NEW).count() == 5
    assert Link.objects.get(target__url=OLD).article == later, "what was linked since is meant as it is"
    assert LinkTarget.objects.get(url=OLD).fix_url == ""


def test_an_editor_may_say_that_it_works() -> None:
    article = linked()
    target = make_dead()
    link_checker.mark_as_working(target)
    found = only()
    assert (found.state, found.cause) == (State.WORKS, Cause.CONFIRMED)
    assert found.due_at > timezone.now() + timedelta(days=170)
    assert f'href="{OLD}"' in page(article)


def test_lost_words_become_a_link_again() -> None:
    article = make_article(
        body="He said so, then said more.\n\nNo more.",
        companions=Companions(lost=[Lost(words="said", block=0, occurrence=1, raw="#")]),
    )
    link_fixes.restore_lost_link(LostLink.objects.get(), to=NEW, by=make_owner())
    assert Article.objects.get().body.startswith(f"He said so, then [said]({NEW}) more.")
    assert not LostLink.objects.exists()
    assert f'href="{NEW}"' in page(article)


def test_lost_words_that_are_not_found_are_refused_and_stay_lost() -> None:
    make_article(companions=Companions(lost=[Lost(words="never there", block=0)]))
    with pytest.raises(Refused, match="can’t be restored automatically"):
        link_fixes.restore_lost_link(LostLink.objects.get(), to=NEW, by=make_owner())
    assert LostLink.objects.count() == 1


def test_a_lost_box_is_mended_with_all_of_its_headline() -> None:
    for headline in ("A Boat…", "a boat", "A ship"):
        make_article(companions=Companions(related=[Related(headline=headline)]))
    box = RelatedLink.objects.get(headline="A Boat…")
    assert link_fixes.retarget_lost_boxes(box, to=NEW, by=make_owner()).done == 2
    now = set(RelatedLink.objects.values_list("headline", "url"))
    assert now == {("A Boat…", NEW), ("a boat", NEW), ("A ship", "")}
