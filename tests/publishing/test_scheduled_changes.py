"""A change of a live article for a time ahead: made on time by whoever reads, and never over somebody's work."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import OperationalError
from django.test import Client
from django.utils import timezone

from articles.errors import Refused
from articles.publishing import publishing, revisions, saving, scheduled_changes
from articles.publishing.companions import Companions, Quote, companions_data
from articles.publishing.models import Article, Revision
from newsroom import scheduler
from tests.factories import make_article, make_comment, make_reader
from tests.publishing.test_editions import write

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
BODY = "The boat left at ten.\n\nNobody was on board.\n\nIt came back."
State = Revision.State


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOON, tick=False) as clock:
        yield clock


@pytest.fixture
def article() -> Article:
    return make_article("A boat leaves", BODY)


def plan(article: Article, *, hours: int = 1, note: str = "", **changed: Any) -> Revision:
    present = article.revisions.seen()[0]
    text = Revision(headline=present.headline, body=present.body, companions=present.companions)
    for name, value in changed.items():
        setattr(text, name, value)
    return scheduled_changes.schedule_change(
        article, text, by=None, at=timezone.now() + timedelta(hours=hours), note=note
    )


def fresh(article: Article) -> Article:
    return Article.objects.get(pk=article.pk)


def test_readers_see_a_change_from_its_time_on_and_not_before(
    client: Client, article: Article, clock: time_machine.Traveller
) -> None:
    plan(article, body=BODY.replace("ten", "nine"), note="The timetable changes at one.")
    clock.shift(timedelta(minutes=59, seconds=59))
    assert "left at ten" in client.get(article.get_absolute_url()).text
    assert article.revisions.editions().count() == 1
    clock.shift(timedelta(seconds=1))
    assert "left at nine" in client.get(article.get_absolute_url()).text
    edition = article.revisions.editions().get(edition=2)
    assert (edition.note, edition.public_at) == ("The timetable changes at one.", NOON + timedelta(hours=1))


@pytest.mark.parametrize("address", ["/", "/feed/", "/feed.json", "/archive/2026/03/", "{article}history/"])
def test_every_page_makes_the_change_that_is_due(
    client: Client, article: Article, clock: time_machine.Traveller, address: str
) -> None:
    plan(article, headline="A boat has left")
    clock.shift(timedelta(hours=2))
    assert "A boat has left" in client.get(address.format(article=article.get_absolute_url())).text


def test_the_scheduler_publishes_it_when_nobody_visits(article: Article, clock: time_machine.Traveller) -> None:
    plan(article, body=BODY.replace("ten", "nine"))
    clock.shift(timedelta(days=3))
    scheduler.run_jobs([scheduled_changes.publish_due_changes])
    assert "nine" in fresh(article).body
    assert scheduled_changes.publish_due_changes() == 0


def test_what_was_changed_elsewhere_meanwhile_stays(article: Article, clock: time_machine.Traveller) -> None:
    plan(article, body=BODY.replace("ten", "nine"))
    write(article, BODY + "\n\nAll is well.")
    assert not scheduled_changes.is_in_conflict(article, Revision.objects.get(state=State.SCHEDULED))
    clock.shift(timedelta(hours=2))
    assert scheduled_changes.publish_due_changes() == 1
    assert fresh(article).body == BODY.replace("ten", "nine") + "\n\nAll is well."


def test_a_change_of_what_was_changed_meanwhile_waits_for_an_editor(
    article: Article, clock: time_machine.Traveller
) -> None:
    planned = plan(article, body=BODY.replace("ten", "nine"))
    write(article, BODY.replace("boat", "ferry"))
    assert scheduled_changes.is_in_conflict(article, planned)
    clock.shift(timedelta(hours=2))
    assert scheduled_changes.publish_due_changes() == 0
    planned.refresh_from_db()
    assert planned.state == State.PROPOSED and "conflicted with a later edit" in planned.reason
    assert fresh(article).body == BODY.replace("boat", "ferry")


def test_a_change_of_an_article_that_was_withdrawn_waits_for_an_editor(
    article: Article, clock: time_machine.Traveller
) -> None:
    planned = plan(article, body=BODY.replace("ten", "nine"))
    publishing.withdraw(article, by=None, reason="A doubt")
    clock.shift(timedelta(hours=2))
    scheduled_changes.publish_due_changes()
    planned.refresh_from_db()
    assert planned.state == State.PROPOSED
    assert fresh(article).body == BODY


def test_pull_quotes_change_with_the_text(article: Article, clock: time_machine.Traveller) -> None:
    quoted = make_article(body=BODY, companions=Companions(quotes=[Quote(text="Nobody was on board", after=1)]))
    plan(article, companions=companions_data(quoted))
    clock.shift(timedelta(hours=2))
    assert scheduled_changes.publish_due_changes() == 1
    assert [quote.text for quote in fresh(article).pull_quotes.all()] == ["Nobody was on board"]


def test_an_altered_quote_does_not_come_before_readers_by_waiting(
    article: Article, clock: time_machine.Traveller
) -> None:
    quoted = Companions(quotes=[Quote(text="The boat left at ten", after=0)])
    saving.save_article(fresh(article), by=None, companions=quoted)
    planned = plan(article, body=BODY.replace("ten", "half past nine"))
    clock.shift(timedelta(hours=2))
    scheduled_changes.publish_due_changes()
    planned.refresh_from_db()
    assert planned.state == State.PROPOSED and "ten" in fresh(article).body


def test_there_is_one_plan_at_a_time_and_only_for_what_readers_see(article: Article) -> None:
    plan(article, body="Other")
    with pytest.raises(Refused) as refused:
        plan(article, body="Another")
    assert refused.value.field == "schedule_for"
    with pytest.raises(Refused):
        scheduled_changes.schedule_change(
            make_article(published=False), Revision(headline="x"), by=None, at=NOON + timedelta(hours=1)
        )


def test_a_plan_is_made_against_the_text_that_its_editor_had_before_them(article: Article) -> None:
    text = Revision(headline=article.headline, body="Mine.", companions={})
    at, base_number = timezone.now() + timedelta(hours=1), fresh(article).revision_number
    changed = fresh(article)
    changed.body += "\n\nA colleague's paragraph."
    saving.save_article(changed, by=None)
    with pytest.raises(saving.EditConflict):
        scheduled_changes.schedule_change(article, text, by=None, at=at, base_number=base_number)
    scheduled_changes.schedule_change(article, text, by=None, at=at, base_number=fresh(article).revision_number)


@pytest.mark.parametrize("hours", [None, 0, -1])
def test_a_plan_needs_a_time_ahead(hours: int | None) -> None:
    with pytest.raises(Refused):
        scheduled_changes.require_future(None if hours is None else NOON + timedelta(hours=hours))


def test_a_plan_is_published_at_once_or_called_off(article: Article, clock: time_machine.Traveller) -> None:
    editor = make_reader()
    revisions.reject(plan(article, body="The boat stayed."), by=editor, reason="It left after all")
    clock.shift(timedelta(hours=2))
    assert scheduled_changes.publish_due_changes() == 0
    revisions.restore(plan(article, body="The boat went."), by=editor)
    assert fresh(article).body == "The boat went."
    assert not Revision.objects.filter(state=State.SCHEDULED).exists()


def test_a_planned_text_is_in_no_history_and_nobody_responds_to_it(client: Client, article: Article) -> None:
    planned = plan(article, body="The secret plan.")
    make_comment(article)
    assert planned not in article.revisions.seen()
    assert client.get(f"{article.history_url}2/").status_code == 404
    assert "secret plan" not in client.get(article.history_url).text
    assert "secret plan" not in client.get("/search/?q=secret").text


def test_a_change_that_can_not_be_made_keeps_no_reader_from_the_page(
    client: Client, article: Article, clock: time_machine.Traveller
) -> None:
    plan(article, body=BODY.replace("ten", "nine"))
    Revision.objects.filter(state=State.SCHEDULED).update(companions={"pull_quotes": "broken"})
    clock.shift(timedelta(hours=2))
    assert "left at ten" in client.get(article.get_absolute_url()).text
    assert scheduled_changes.publish_due_changes() == 0


def test_a_change_that_fails_is_not_tried_by_every_reader(
    client: Client, article: Article, clock: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan(article, body=BODY.replace("ten", "nine"))
    tries = []
    bring = scheduled_changes._publish_or_defer

    def fails(revision: Revision) -> bool:
        tries.append(revision)
        if len(tries) == 1:
            raise OperationalError("database is locked")
        return bring(revision)

    monkeypatch.setattr(scheduled_changes, "_publish_or_defer", fails)
    clock.shift(timedelta(hours=2))
    for _ in range(3):
        assert "left at ten" in client.get(article.get_absolute_url()).text
    assert len(tries) == 1
    monkeypatch.setitem(scheduled_changes.retry_at, tries[0].pk, 0.0)  # The pause is over.
    assert "left at nine" in client.get(article.get_absolute_url()).text


def test_a_second_change_is_told_when_the_first_is_due(article: Article) -> None:
    plan(article, body="Another text.")
    with pytest.raises(Refused, match=r"^A change is already scheduled for 1 March 2026, 13:00\. Publish or"):
        plan(article, body="A third text.")
