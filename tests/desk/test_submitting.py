"""Saving and scheduling with the article form: what it costs, and that a scheduled change touches nothing else."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles.accounts.models import User
from articles.publishing import scheduled_changes
from articles.publishing.companions import Companions, Placed, Quote, Related
from articles.publishing.models import Article, Revision, Section
from tests.desk.forms import change_url, form_of, fresh, save
from tests.factories import make_article, make_picture

pytestmark = pytest.mark.django_db

BODY = "\n\n".join(f"Paragraph {number} tells of the harbour and of boat {number} that left." for number in range(8))


def typical_article(rows: int = 1, *, published: bool = True) -> Article:
    """Return an article of eight paragraphs with an author, a section and as many companions of each kind."""
    companions = Companions(
        quotes=[Quote(text=f"boat {number} that left", speaker="Ann", after=number) for number in range(rows)],
        related=[Related(headline=f"Box {number}", target=make_article(), after=number) for number in range(rows)],
        pictures=[Placed(picture=make_picture(), after=number) for number in range(rows)],
    )
    section, _ = Section.objects.get_or_create(name="Harbour", slug="harbour")
    authors = [f"Author {number}" for number in range(rows)]
    return make_article(
        "A boat leaves", BODY, companions=companions, authors=authors, section=section, published=published
    )


def queries_of(client: Client, article: Article, step: str = "_save", **changed: str) -> list[dict[str, Any]]:
    """Return the queries of a form that was open for a while: it has been autosaved."""
    url = change_url(article)
    form = form_of(client.get(url))
    client.post(url.replace("change/", "autosave/"), form)
    with CaptureQueriesContext(connection) as asked:
        response = client.post(url, {**form, **changed, step: "1"})
    assert response.status_code == 302
    return asked.captured_queries


def edited(client: Client, article: Article) -> dict[str, str]:
    body = form_of(client.get(change_url(article)))["body"]
    return {"headline": "A boat left", "body": body.replace("tells of the harbour", "told of the harbour", 1)}


def in_two_days() -> str:
    return (timezone.localtime() + timedelta(days=2)).strftime("%Y-%m-%dT%H:%M")


def test_a_save_takes_few_queries(client: Client, editor: User) -> None:
    article = typical_article()
    assert len(queries_of(client, article, headline="A boat left")) == 24
    assert len(queries_of(client, article, **edited(client, article))) == 25
    assert len(queries_of(client, article)) == 13, "nothing changed"


def test_scheduling_a_change_takes_few_queries(client: Client, editor: User) -> None:
    article = typical_article()
    changed = {**edited(client, article), "schedule_for": in_two_days()}
    assert len(queries_of(client, article, "_schedule_change", **changed)) == 22


def test_publishing_takes_few_queries(client: Client, editor: User) -> None:
    article = typical_article(published=False)
    assert len(queries_of(client, article, "_publish", headline="A boat left")) == 41


def test_rows_that_stay_as_they_are_need_no_queries(client: Client, editor: User) -> None:
    few = len(queries_of(client, typical_article(1), headline="A boat left"))
    assert len(queries_of(client, typical_article(6), headline="A boat went")) == few


def test_a_scheduled_change_writes_nothing_of_the_article(client: Client, editor: User) -> None:
    article = typical_article()
    changed = {**edited(client, article), "schedule_for": in_two_days(), "pull_quotes-0-text": "of the harbour"}
    asked = queries_of(client, article, "_schedule_change", **changed)
    writes = [query["sql"].split('"')[1] for query in asked if query["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]
    assert writes == ["articles_revision", "articles_autosave"]
    assert not any(query["sql"].startswith("ROLLBACK") for query in asked)


def test_companions_of_a_scheduled_change_follow_its_paragraphs(client: Client, editor: User) -> None:
    article = typical_article()
    article.pull_quotes.update(text="that left")
    _first, second, *rest = BODY.split("\n\n")
    new = "A paragraph that nobody has seen yet."
    response = save(
        client,
        article,
        "_schedule_change",
        body="\n\n".join([second, new, *rest]),
        schedule_for=in_two_days(),
        **{"pull_quotes-1-text": "nobody has seen", "pull_quotes-1-after": "-2"},
    )
    assert response.status_code == 302
    planned = Revision.objects.get(state=Revision.State.SCHEDULED)
    places = {quote["text"]: quote["after"] for quote in planned.companions["pull_quotes"]}
    assert places == {"that left": 0, "nobody has seen": 1}, "the first paragraph was removed"
    assert fresh(article).body == BODY and article.pull_quotes.count() == 1
    Revision.objects.filter(pk=planned.pk).update(due_at=timezone.now())
    assert scheduled_changes.publish_due_changes() == 1
    assert fresh(article).blocks.get(pull_quotes__text="nobody has seen").source == new


def test_a_scheduled_change_with_an_altered_quote_is_refused(client: Client, editor: User) -> None:
    article = typical_article()
    altered = {"pull_quotes-0-text": "of the harbour and of every boat 0 that left"}
    response = save(client, article, "_schedule_change", headline="A boat left", schedule_for=in_two_days(), **altered)
    assert response.status_code == 422 and "doesn’t match the article" in response.text
    assert not Revision.objects.filter(state=Revision.State.SCHEDULED).exists()
