"""Which cases the queue has, in which order, and what it costs."""

import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.auth.models import Group
from django.http import QueryDict
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from articles.accounts.models import User
from articles.discussion import comment_withdrawing, moderating, reporting
from articles.discussion.models import Comment, Report
from articles.moderation import claiming, moderation_queue
from articles.moderation.models import Appeal, Notice, NoticedPlace
from articles.moderation.moderation_queue import Filters, Kind, Position
from tests.factories import GROUNDS, author_of, make_article, make_owner, make_reader
from tests.moderation.cases import appealed, held, make_moderator, noticed, reported
from tests.plans import reads

pytestmark = pytest.mark.django_db


@pytest.fixture
def moderator() -> User:
    return make_moderator("Ada")


def shown(moderator: User, **filters: Any) -> list[tuple[Kind, int]]:
    entries, _following = moderation_queue.page(Filters(**filters), person=moderator)
    return [(entry.position.kind, entry.target.pk) for entry in entries]


def one_of_each(**fields: Any) -> dict[Kind, Any]:
    return {
        Kind.HELD: held(**fields),
        Kind.REPORTED: reported(**fields),
        Kind.APPEALS: appealed(**fields),
        Kind.NOTICES: noticed(**fields),
    }


def test_what_the_law_sets_a_pace_for_comes_first_and_the_oldest_of_each(moderator: User) -> None:
    first, second = one_of_each(), one_of_each()
    assert shown(moderator) == [(kind, cases[kind].pk) for kind in Kind for cases in (first, second)]


@pytest.mark.parametrize("kind", list(Kind))
def test_a_tab_shows_one_kind(moderator: User, kind: Kind) -> None:
    case = one_of_each()[kind]
    assert shown(moderator, kind=kind) == [(kind, case.pk)]


def test_cases_are_filtered_by_person_and_by_article(moderator: User) -> None:
    author, article = make_reader(), make_article()
    theirs, here = one_of_each(author=author), one_of_each(article=article)
    assert shown(moderator, person=author.pk) == [(kind, theirs[kind].pk) for kind in Kind]
    assert shown(moderator, article=article.pk) == [(kind, here[kind].pk) for kind in Kind]
    assert shown(moderator, person=author.pk, article=article.pk) == []


def test_a_comment_with_many_reports_is_one_case_in_the_place_of_the_first(moderator: User) -> None:
    first, second = reported(), reported()
    for reason in ("spam", "abuse"):
        reporting.report_comment(comment=first, by=make_reader(), reason=reason)
    entries, _following = moderation_queue.page(Filters(), person=moderator)
    assert [(entry.target, len(entry.reports)) for entry in entries] == [(first, 3), (second, 1)]


def test_pages_follow_each_other_without_gaps_or_repetitions(moderator: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(moderation_queue, "PAGE_SIZE", 3)
    for _ in range(2):
        one_of_each()
    everything = [(kind, pk) for kind in Kind for _kind, pk in shown(moderator, kind=kind)]
    found, query = [], ""
    for _page in range(3):
        filters = Filters.from_query(QueryDict(query.removeprefix("?")))
        entries, query = moderation_queue.page(filters, person=moderator)
        found += [(entry.position.kind, entry.target.pk) for entry in entries]
    assert found == everything and query == ""


def test_the_next_case_is_the_one_after_and_after_the_last_the_first(moderator: User) -> None:
    first, second, third = held(), held(), held()
    for case, expected in ((first, second), (second, third), (third, first)):
        filters = Filters().at(moderation_queue.position_of(case))
        assert moderation_queue.neighbour(filters, by=moderator) == reverse("case", args=[expected.pk])
    before = Filters().at(moderation_queue.position_of(second))
    assert moderation_queue.neighbour(before, by=moderator, backwards=True) == reverse("case", args=[first.pk])
    at_first = Filters().at(moderation_queue.position_of(first))
    assert moderation_queue.neighbour(at_first, by=moderator, backwards=True) == ""


def test_the_next_case_is_none_that_another_moderator_has_or_has_to_decide(moderator: User) -> None:
    taken, own, free = noticed(), appealed(by=moderator), reported()
    make_owner()
    claiming.claim(taken, by=make_moderator())
    assert moderation_queue.neighbour(Filters(), by=moderator) == reverse("case", args=[free.pk])
    url = moderation_queue.neighbour(Filters(), by=make_owner())
    assert url == reverse("review_appeal", args=[own.pk])


def test_the_next_case_is_none_about_ones_own_comment(moderator: User) -> None:
    for make in (noticed, reported, held):
        make(author=moderator)
    assert moderation_queue.neighbour(Filters(), by=moderator) == ""
    free = held()
    assert moderation_queue.neighbour(Filters(), by=moderator) == reverse("case", args=[free.pk])


def test_ones_own_cases_are_marked_as_for_another_moderator(moderator: User, client: Client) -> None:
    held(author=moderator), reported(author=moderator), noticed(author=moderator), held()
    client.force_login(moderator)
    assert "For another moderator" not in client.get(reverse("moderation")).text  # There is no other.
    make_owner()
    page = client.get(reverse("moderation")).text
    assert page.count("For another moderator") == 3 and page.count('type="checkbox" name="comment"') == 1


def test_nothing_can_be_selected_where_there_are_only_notices_and_appeals(moderator: User, client: Client) -> None:
    noticed(), appealed()
    client.force_login(moderator)
    assert "Selected comments" not in client.get(reverse("moderation")).text
    held()
    assert "Selected comments" in client.get(reverse("moderation")).text


def test_the_way_through_the_cases_keeps_the_filters(moderator: User) -> None:
    author = make_reader()
    held(author=author)
    held()
    url = moderation_queue.neighbour(Filters(kind=Kind.HELD, person=author.pk), by=moderator)
    assert url.endswith(f"?show=held&person={author.pk}")


@pytest.mark.parametrize(
    "query", ["show=x", "after=x", "after=held", "after=held-x", "after=held--1", "person=x", "article=-1", "after=x-1"]
)
def test_what_an_address_asks_for_wrongly_is_left_out(query: str) -> None:
    assert Filters.from_query(QueryDict(query)) == Filters()


def test_an_address_says_what_its_page_shows() -> None:
    query = "show=held&person=3&article=4&after=held-5"
    filters = Filters.from_query(QueryDict(query))
    assert filters == Filters(kind=Kind.HELD, person=3, article=4, after=Position(Kind.HELD, 5))
    assert filters.query == f"?{query}"


def test_decided_cases_are_gone(moderator: User) -> None:
    cases = one_of_each()
    for kind in (Kind.HELD, Kind.REPORTED):
        moderating.hide(comment=cases[kind], by=moderator, reason="Spam", grounds=GROUNDS)
    moderating.hide(comment=cases[Kind.NOTICES].comment, by=moderator, reason="Illegal", grounds=GROUNDS)
    assert shown(moderator) == [(Kind.APPEALS, cases[Kind.APPEALS].pk)]
    for kind in (Kind.HELD, Kind.REPORTED):
        cases[kind].refresh_from_db()
        assert moderation_queue.position_of(cases[kind]) is None


def test_a_withdrawn_text_is_shown_while_a_report_is_open_and_no_longer(moderator: User, client: Client) -> None:
    comment = reported("Sorry words")
    comment_withdrawing.withdraw_comment(comment=comment, by=author_of(comment))
    client.force_login(moderator)
    case = reverse("case", args=[comment.pk])
    for url in (reverse("moderation"), case):
        page = client.get(url).text
        assert "Sorry words" in page and "Withdrawn by its author" in page
    moderating.dismiss_reports(comment=comment, by=moderator, reason="Withdrawn")
    page = client.get(case).text
    assert "Sorry words" not in page and "The author withdrew this comment." in page


# Size ------------------------------------------------------------------------------------------------------------


def many(number: int) -> None:
    """Fill every list with plain rows, without their actions."""
    article, author = make_article(), make_reader()
    rows = Comment.objects.bulk_create(
        Comment(
            article=article,
            author=author,
            body="Words",
            body_html="<p>Words</p>",
            state=Comment.State.HELD if half else Comment.State.VISIBLE,
            posted_at=timezone.now(),
            token=uuid4(),
        )
        for _ in range(number)
        for half in (True, False)
    )
    Report.objects.bulk_create(
        Report(comment=row, reason="spam", counts=False) for row in rows if row.state == "visible"
    )
    notice = Notice.objects.create(reference="R", name="N", email="n@n.example", explanation="E", good_faith=True)
    NoticedPlace.objects.bulk_create(NoticedPlace(notice=notice, address=str(place)) for place in range(number))


def test_counts_end_at_their_limit(moderator: User, monkeypatch: pytest.MonkeyPatch, client: Client) -> None:
    monkeypatch.setattr(moderation_queue, "COUNT_LIMIT", 5)
    monkeypatch.setattr("articles.desk.moderation_page.COUNT_LIMIT", 5)
    many(7)
    counts = moderation_queue.counts(Filters())
    assert counts == {Kind.NOTICES: 5, Kind.APPEALS: 0, Kind.REPORTED: 5, Kind.HELD: 5}
    client.force_login(moderator)
    assert client.get(reverse("moderation")).text.count("5+") == 3


def test_a_page_asks_the_same_number_of_queries_however_many_cases_wait(
    moderator: User, client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client.force_login(moderator)
    one_of_each()
    client.get(reverse("moderation"))
    with django_assert_num_queries(QUERIES):
        client.get(reverse("moderation"))
    for _ in range(3):
        one_of_each()
    with django_assert_num_queries(QUERIES):
        client.get(reverse("moderation"))


QUERIES = 20


@pytest.mark.parametrize(
    ("kind", "table", "index"),
    [
        (Kind.HELD, "articles_comment", "held_comments"),
        (Kind.REPORTED, "articles_report", "open_reports"),
        # SQLite finds them in the order of keys by the index of the foreign key as well.
        (Kind.NOTICES, "articles_noticedplace", "undecided_places|articles_noticedplace_action_id"),
        (Kind.APPEALS, "articles_appeal", "open_appeals"),
    ],
)
def test_lists_are_read_by_index_from_a_position(moderator: User, kind: Kind, table: str, index: str) -> None:
    one_of_each()
    filters = Filters(kind=kind, after=Position(kind, 1))
    found = reads(table, lambda: moderation_queue.neighbour(filters, by=moderator))
    assert "scan" not in found and any(re.match(f"(scan of )?({index})", name) for name in found), found


def test_held_comments_are_read_by_risk_from_a_position(moderator: User) -> None:
    one_of_each()
    filters = Filters(kind=Kind.HELD, after=Position(Kind.HELD, held().pk), likely_fine_first=True)
    found = reads("articles_comment", lambda: moderation_queue.neighbour(filters, by=moderator))
    assert "scan" not in found and any("held_comments_by_risk" in name for name in found), found


# Pages -----------------------------------------------------------------------------------------------------------


def test_a_notice_shows_its_age_and_is_marked_after_a_day(moderator: User, client: Client) -> None:
    place = noticed()
    client.force_login(moderator)
    page = client.get(reverse("moderation")).text
    assert 'class="late"' not in page  # Neither in the list nor beside its tab.
    Notice.objects.filter(pk=place.notice_id).update(created_at=timezone.now() - timedelta(hours=26))
    page = client.get(reverse("moderation")).text
    assert "Notice, 1\xa0day, 2\xa0hours" in page and 'class="late"' in page.partition('<ol class="queue">')[2]


def test_a_case_that_another_moderator_has_says_so_and_cannot_be_selected(moderator: User, client: Client) -> None:
    comment = held()
    claiming.claim(comment, by=make_moderator("Bram"))
    client.force_login(moderator)
    page = client.get(reverse("moderation")).text
    assert "Bram has this case, 10 minutes left." in page
    assert f'name="comment" value="{comment.pk}"' not in page


@pytest.mark.parametrize(
    ("role", "sees"),
    [
        ("Writer", None),
        ("Editor", set()),
        ("Moderator", {"held", "reported", "notice", "appeal"}),
        ("Owner", {"held", "reported", "notice", "appeal"}),
        ("banned moderator", None),
        ("reader", None),
    ],
)
def test_which_role_sees_which_case(client: Client, role: str, sees: set[str] | None) -> None:
    cases = one_of_each()
    person = make_owner() if role == "Owner" else make_reader(is_staff=role != "reader")
    if role not in ("Owner", "reader"):
        person.groups.add(Group.objects.get(name=role.removeprefix("banned ").title()))
    if role.startswith("banned"):
        User.objects.filter(pk=person.pk).update(banned_at=timezone.now())
    client.force_login(person)
    response = client.get(reverse("moderation"))
    if sees is None:
        assert response.status_code == 403
    else:
        words = {
            "held": "Held words",
            "reported": "Vile words",
            "notice": "It names a child.",
            "appeal": "It was a joke.",
        }
        assert {name for name, text in words.items() if text in response.text} == sees
    status = 200 if sees else 403
    for url in (
        reverse("case", args=[cases[Kind.HELD].pk]),
        reverse("case", args=[cases[Kind.REPORTED].pk]),
        reverse("decide_notice", args=[cases[Kind.NOTICES].pk]),
        reverse("review_appeal", args=[cases[Kind.APPEALS].pk]),
    ):
        assert client.get(url).status_code == status


def test_whose_decision_is_appealed_sees_the_appeal_and_neither_decides_nor_gets_the_case(
    moderator: User, client: Client
) -> None:
    make_owner()
    appeal = appealed(by=moderator)
    client.force_login(moderator)
    page = client.get(reverse("review_appeal", args=[appeal.pk])).text
    assert "Another moderator has to decide" in page and 'name="upheld"' not in page
    assert "For another moderator" in client.get(reverse("moderation")).text
    assert not hasattr(Appeal.objects.get(pk=appeal.pk), "claim")
