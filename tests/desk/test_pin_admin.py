"""Pins: their order on the front page and section pages, and no article twice."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from articles.accounts.models import User
from articles.publishing import publishing
from articles.publishing.models import Article, Pin, Section
from tests.desk.conftest import of_group
from tests.desk.forms import form_of
from tests.factories import make_article

pytestmark = pytest.mark.django_db

NOW = timezone.now()


@pytest.fixture
def section() -> Section:
    return Section.objects.create(name="Harbour", slug="harbour")


@pytest.fixture
def stories(section: Section) -> list[Article]:
    """Forty, more than the front page or a section page shows; oldest first."""
    return written(40, section)


@pytest.fixture
def few(section: Section) -> list[Article]:
    """Four, the oldest first."""
    return written(4, section)


def written(how_many: int, section: Section) -> list[Article]:
    return [
        make_article(f"Story number {number:02}.", at=NOW - timedelta(days=how_many - number), section=section)
        for number in range(how_many)
    ]


def headlines(client: Client, path: str = "/") -> list[str]:
    page = client.get(path).text.partition("<main")[2].partition('<div class="blocks')[0]
    found = [piece.partition("Story number ")[2][:2] for piece in page.split("<a ") if "Story number " in piece]
    return [number for number in found if number.isdigit()]


def numbers(*found: int) -> list[str]:
    return [f"{number:02}" for number in found]


def test_without_pins_the_newest_lead(client: Client, stories: list[Article]) -> None:
    assert headlines(client) == numbers(*range(39, 26, -1))


def test_pins_come_first_in_order_and_no_article_appears_twice(client: Client, stories: list[Article]) -> None:
    Pin.objects.create(article=stories[3], order=2)
    Pin.objects.create(article=stories[38], order=1)
    found = headlines(client)
    assert found[:4] == numbers(38, 3, 39, 37)
    assert len(found) == len(set(found)) == 13


def test_all_pins_are_shown_and_the_latest_articles_too(client: Client, stories: list[Article]) -> None:
    for number in range(12):
        Pin.objects.create(article=stories[number], order=number + 1)
    found = headlines(client)
    assert found[:12] == numbers(*range(12))
    assert found[12:] == numbers(*range(39, 31, -1))


def test_a_pin_expires_at_its_time(client: Client, few: list[Article]) -> None:
    pin = Pin.objects.create(article=few[0], until=timezone.now() + timedelta(hours=1))
    assert headlines(client)[0] == "00"
    Pin.objects.filter(pk=pin.pk).update(until=timezone.now())
    assert headlines(client)[0] == "03"


def test_a_pin_shows_nothing_that_readers_may_not_see(client: Client, few: list[Article]) -> None:
    Pin.objects.create(article=few[0], order=1)
    later = make_article("Story number 77.", published=False)
    Pin.objects.create(article=publishing.schedule(later, by=None, at=NOW + timedelta(days=1)), order=2)
    publishing.withdraw(few[0], by=None, reason="A doubt")
    assert headlines(client)[:2] == numbers(3, 2)


def test_a_section_has_its_own_pins(client: Client, stories: list[Article], section: Section) -> None:
    Pin.objects.create(article=stories[5], section=section)
    assert headlines(client)[0] == "39"
    first, second = headlines(client, "/sections/harbour/"), headlines(client, "/sections/harbour/?page=2")
    assert first[:2] == numbers(5, 39)
    assert "05" not in second
    assert len(set(first + second)) == 40, "every story once"


def test_an_editor_pins_orders_and_unpins(client: Client, editor: User, few: list[Article]) -> None:
    assert client.get(reverse("admin:articles_pin_changelist")).status_code == 200, "empty"
    add = reverse("admin:articles_pin_add")
    for number, place in ((1, "1"), (2, "2")):
        form = {**form_of(client.get(add)), "article": few[number].headline, "order": place, "_save": "1"}
        assert client.post(add, form).status_code == 302
    assert headlines(client)[:2] == numbers(1, 2)
    assert Pin.objects.filter(by=editor).count() == 2
    listed = reverse("admin:articles_pin_changelist")
    page = client.get(listed)
    assert "Pinned" in page.text and "Front page" in page.text
    assert 'aria-label="Position of Story number 01."' in page.text and "aria-describedby" not in page.text
    assert "Pins |" in page.text
    form = form_of(page)
    rows = {form[f"form-{index}-id"]: index for index in range(2)}
    for pin in Pin.objects.all():
        form[f"form-{rows[str(pin.pk)]}-order"] = str(3 - pin.order)
    assert client.post(listed, {**form, "_save": "1"}).status_code == 302
    assert headlines(client)[:2] == numbers(2, 1)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"until": "2020-01-01T07:00"}, "That time has passed."),
        ({"order": "0"}, "greater than or equal to 1"),
        ({"article": "Nothing of the kind"}, "No match for"),
        ({"article": "Story number 01."}, "already pinned to that page"),
    ],
)
def test_an_unusable_pin_comes_back_with_a_reason(
    client: Client, editor: User, few: list[Article], fields: dict[str, str], said: str
) -> None:
    Pin.objects.create(article=few[1])
    add = reverse("admin:articles_pin_add")
    asked = {**form_of(client.get(add)), "article": "Story number 02.", "order": "1", **fields, "_save": "1"}
    assert said in client.post(add, asked).text
    assert Pin.objects.count() == 1


def test_writers_pin_nothing(client: Client) -> None:
    client.force_login(of_group("Writer"))
    assert client.get(reverse("admin:articles_pin_changelist")).status_code == 403


def test_the_database_keeps_one_pin_an_article_and_page(few: list[Article], section: Section) -> None:
    for where in (None, section):
        Pin.objects.create(article=few[0], section=where)
        with pytest.raises(IntegrityError), transaction.atomic():
            Pin.objects.create(article=few[0], section=where)
