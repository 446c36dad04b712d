"""“Also on” boxes: none until their article is public."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from articles.accounts.models import User
from articles.desk import preview_links
from articles.desk.autocomplete_field import row_label
from articles.publishing import publishing
from articles.publishing.companions import Companions, Related
from articles.publishing.models import Article
from articles.publishing.prepublish_checks import findings
from tests.desk.forms import save
from tests.factories import make_article, make_owner

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
SECRET = "The harbour is sold"


def scheduled() -> Article:
    return make_article(SECRET, at=NOON + timedelta(weeks=3))


def withdrawn() -> Article:
    return publishing.withdraw(make_article(SECRET, at=NOON), by=None, reason="Wrong")


def draft() -> Article:
    return make_article(SECRET, published=False)


@pytest.fixture
def desk() -> Client:
    client = Client()
    client.force_login(make_owner())
    return client


@pytest.mark.parametrize("after", ["", "first"])
@pytest.mark.parametrize("make", [scheduled, withdrawn, draft])
def test_readers_see_no_box_of_an_article_that_is_not_public(
    client: Client, desk: Client, reader: User, make: Callable[[], Article], after: str
) -> None:
    """cases.md T1: readers saw the headline of an article three weeks early."""
    with time_machine.travel(NOON, tick=False):
        target = make()
        article = make_article("Boats")
        block = article.blocks.first()
        assert block is not None
        row = {"target": row_label(target), "headline": "", "after": str(block.pk) if after else ""}
        answer = save(desk, article, **{f"related_links-0-{name}": value for name, value in row.items()})
        assert answer.status_code == 302
        box = article.related_links.get()
        assert (box.target, box.headline) == (target, SECRET)
        signed_in = Client()
        signed_in.force_login(reader)
        history = article.history_url
        pages = [article.get_absolute_url(), history, f"{history}2/", f"{history}compare/?from=1&to=2", "/feed/"]
        for page in pages:
            for anyone in (client, signed_in):
                answer = anyone.get(page)
                assert answer.status_code == 200 and SECRET not in answer.text, page
                assert "related-box" not in answer.text, page
        # The desk says that it waits.
        change = desk.get(reverse("admin:articles_article_change", args=[article.pk])).text
        assert f"The “Also on” box “{SECRET}” is hidden, because its article isn’t published." in change
        assert "Readers won’t see this box until" in desk.get(reverse("preview", args=[article.pk])).text


def test_the_box_is_there_as_soon_as_its_article_is_without_a_save(client: Client) -> None:
    """cases.md T1."""
    with time_machine.travel(NOON, tick=False):
        target = scheduled()
        article = make_article("Boats", companions=Companions(related=[Related(headline=SECRET, target=target)]))
        number = article.revisions.count()
        assert SECRET not in client.get(article.get_absolute_url()).text
    with time_machine.travel(NOON + timedelta(weeks=3, minutes=1), tick=False):
        html = client.get(article.get_absolute_url()).text
        assert f'<a href="{target.get_absolute_url()}" dir="auto">{SECRET}</a>' in html
        assert article.revisions.count() == number
        assert not [finding for finding in findings(article) if "hidden" in finding.problem]


def test_a_shared_preview_shows_no_box_of_another_unpublished_article(client: Client, desk: Client) -> None:
    """cases.md T1: whoever has the link of one draft is shown nothing of another."""
    beside = Companions(related=[Related(headline=SECRET, target=draft())])
    article = make_article("Boats", published=False, companions=beside)
    link = preview_links.create_link(article, by=make_owner())
    assert link is not None
    assert SECRET not in client.get(urlsplit(link.url).path).text
    assert SECRET in desk.get(reverse("preview", args=[article.pk])).text
