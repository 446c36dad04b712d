"""Scheduling at the desk: the button's label, and scheduled changes to live articles."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from articles.accounts.models import User
from articles.publishing import autosave, scheduled_changes
from articles.publishing.models import Article, Author, Revision, Section
from articles.topics import tagging
from tests.desk.forms import change_url, fresh, save
from tests.factories import make_article, make_reader

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
BODY = "The boat left at ten."


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOON, tick=False) as clock:
        yield clock


@pytest.fixture(autouse=True)
def paris(settings: object) -> None:
    settings.TIME_ZONE = "Europe/Paris"  # type: ignore[attr-defined]


@pytest.fixture
def article() -> Article:
    return make_article("A boat leaves", BODY)


def test_the_button_shows_the_time_in_the_sites_zone(client: Client, editor: User) -> None:
    article = make_article(published=False, at=None)
    response = save(client, article, "_schedule", schedule_for="2026-11-24T07:00", headline="")
    assert response.status_code == 422
    assert "Schedule for Tuesday 24 November, 07:00 (Europe/Paris)" in response.text
    save(client, article, "_schedule", schedule_for="2026-11-24T07:00")
    assert fresh(article).go_live_at == datetime(2026, 11, 24, 6, 0, tzinfo=UTC)
    page = client.get(change_url(article)).text
    assert "Scheduled for Tuesday 24 November, 07:00 (Europe/Paris)." in page


def test_a_change_to_a_live_article_is_scheduled(
    client: Client, editor: User, article: Article, clock: time_machine.Traveller
) -> None:
    response = save(
        client, article, "_schedule_change", body="It left at nine.", schedule_for="2026-11-24T07:00", note="As told."
    )
    assert response.status_code == 302
    assert fresh(article).body == BODY
    planned = Revision.objects.get(state=Revision.State.SCHEDULED)
    assert (planned.body, planned.by, planned.note) == ("It left at nine.", editor, "As told.")
    page = client.get(change_url(article)).text
    assert "A change is scheduled for Tuesday 24 November, 07:00 (Europe/Paris)." in page
    assert "A boat leaves" in client.get(reverse("admin:index")).text
    clock.shift(timedelta(hours=20))
    scheduled_changes.publish_due_changes()
    assert fresh(article).body == "It left at nine."
    assert article.revisions.get(edition=2).by == editor


def test_a_refused_scheduling_keeps_the_autosave_and_adds_no_note(
    client: Client, editor: User, article: Article
) -> None:
    save(
        client,
        article,
        "_schedule_change",
        body="Nine.",
        schedule_for="2026-11-24T07:00",
        desk_note="Ask the harbour first.",
    )
    assert [note.text for note in article.desk_notes.all()] == ["Ask the harbour first."]
    autosave.save_autosave(editor, article, {"body": ["Half a sentence"]})
    again = save(
        client, article, "_schedule_change", body="Eight.", schedule_for="2026-11-25T07:00", desk_note="And again."
    )
    assert again.status_code == 422, "another change is scheduled already"
    assert "And again." in again.text
    assert article.desk_notes.count() == 1
    kept = autosave.latest_autosave(editor, article)
    assert kept is not None and kept.fields == {"body": ["Half a sentence"]}


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"schedule_for": ""}, "Enter the date and time to publish"),
        ({"schedule_for": "2026-11-22T07:00"}, "That time has passed"),
        ({"body": BODY}, "There are no changes to schedule"),
        ({"place": "Bergen"}, "Save these separately: Place"),
        ({"corrects": "on", "note": "It left at nine."}, "You can’t schedule a correction"),
        ({"add_topics": "Boats"}, "Save these separately: topics"),
        ({"bylines-0-author": "Ann Lee"}, "Save these separately: Byline"),
    ],
)
def test_what_cannot_be_scheduled_comes_back_with_all_input(
    client: Client, editor: User, article: Article, fields: dict[str, str], said: str
) -> None:
    Author.objects.create(name="Ann Lee", slug="ann-lee")
    asked = {"body": "It left at nine.", "schedule_for": "2026-11-24T07:00", **fields}
    response = save(client, article, "_schedule_change", **asked)
    assert response.status_code == 422
    assert said in response.text
    assert asked["body"] in response.text
    assert (fresh(article).body, fresh(article).place) == (BODY, "")
    assert not Revision.objects.filter(state=Revision.State.SCHEDULED).exists()


@pytest.mark.parametrize("when", ["2026-02-30T07:00", "2026-13-01T07:00", "soon", "0000-00-00T99:99"])
def test_an_impossible_date_comes_back_with_all_input(
    client: Client, editor: User, article: Article, when: str
) -> None:
    response = save(client, article, "_schedule_change", body="Precious words", schedule_for=when)
    assert response.status_code == 422 and "Precious words" in response.text


def test_a_scheduled_change_decides_no_topic(client: Client, editor: User, article: Article) -> None:
    tagging.tag(article, "Harbours", by=make_reader())
    waiting = article.article_topics.get()
    response = save(
        client,
        article,
        "_schedule_change",
        body="It left at nine.",
        schedule_for="2026-11-24T07:00",
        **{f"topic-{waiting.pk}": "accept"},
    )
    assert response.status_code == 422 and "topics and detections" in response.text
    waiting.refresh_from_db()
    assert waiting.state == waiting.State.WAITING


def test_an_editor_is_warned_of_a_conflict_with_a_scheduled_change(
    client: Client, editor: User, article: Article
) -> None:
    save(client, article, "_schedule_change", body="It left at nine.", schedule_for="2026-11-24T07:00")
    response = client.get(save(client, article, body="It left at eleven.")["Location"])
    assert "This conflicts with the change scheduled for" in response.text
    assert "This conflicts with a later edit." in client.get(change_url(article)).text


def test_a_scheduled_change_is_viewed_and_unscheduled(client: Client, editor: User, article: Article) -> None:
    save(client, article, "_schedule_change", body="It left at nine.", schedule_for="2026-11-24T07:00")
    number = Revision.objects.get(state=Revision.State.SCHEDULED).number
    page = client.get(reverse("admin:articles_article_history", args=[article.pk]) + f"?to={number}").text
    assert "Unschedule" in page and "Publish now" in page
    decide = reverse("admin:articles_article_revision", args=[article.pk, number])
    assert client.post(decide, {"action": "reject", "reason": "It stayed"}).status_code == 302
    assert not Revision.objects.filter(state=Revision.State.SCHEDULED).exists()


def test_a_writer_schedules_no_change(client: Client, writer: User, article: Article) -> None:
    assert "_schedule_change" not in client.get(change_url(article)).text


def test_a_changed_section_is_named_by_its_label(client: Client, editor: User, article: Article) -> None:
    section = Section.objects.create(name="Harbour", slug="harbour")
    response = save(
        client, article, "_schedule_change", body="It left.", schedule_for="2026-11-24T07:00", section=str(section.pk)
    )
    assert "Save these separately: Section" in response.text
    assert make_reader().pk  # The database still works after the rollback.
