"""Suggested “Also on” boxes: reasons, ranking, limits and selection by an editor."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles.accounts.models import User
from articles.desk import related_suggestions
from articles.publishing import publishing
from articles.publishing.models import Article, RelatedLink
from articles.topics import tagging
from tests.desk.forms import change_url, form_of, fresh, save
from tests.factories import make_article, make_owner

pytestmark = pytest.mark.django_db

DAY = date(2026, 3, 1)


def tagged(headline: str, *topics: str, days_older: int = 0, published: bool = True) -> Article:
    article = make_article(headline, dated=DAY - timedelta(days=days_older), published=published)
    owner = make_owner()
    for topic in topics:
        tagging.tag(article, topic, by=owner)
    return article


@pytest.fixture
def article() -> Article:
    return tagged("Harbour ferry sails again after repair", "Boats", "Harbour")


def found(article: Article) -> dict[str, str]:
    return {one.headline: one.reason for one in related_suggestions.suggestions(fresh(article))}


def test_each_suggestion_says_why(article: Article) -> None:
    tagged("The harbour ferry stands still for repair", "Boats", "Harbour", days_older=5)
    tagged("Bread is dearer", "Boats")
    assert found(article) == {
        "The harbour ferry stands still for repair": "shares 2 topics, shares 3 headline words, 5 days older",
        "Bread is dearer": "shares 1 topic, same day",
    }


def test_two_shared_words_are_enough(article: Article) -> None:
    tagged("A ferry under repair", days_older=1)
    tagged("Another ferry", days_older=1)
    assert found(article) == {"A ferry under repair": "shares 2 headline words, 1 day older"}


def test_old_hidden_or_linked_articles_are_not_suggested(article: Article) -> None:
    old = tagged("Old boat", "Boats", days_older=related_suggestions.MAX_AGE.days + 1)
    draft = tagged("Draft of a boat", "Boats", published=False)
    withdrawn = tagged("Withdrawn boat", "Boats")
    publishing.withdraw(withdrawn, by=None, reason="A doubt")
    linked = tagged("Linked boat", "Boats")
    RelatedLink.objects.create(article=article, headline=linked.headline, target=linked)
    assert found(article) == {}
    chosen = [old.pk, draft.pk, withdrawn.pk, linked.pk, article.pk, 10**9]
    boxes = related_suggestions.boxes_for(article, chosen, beside=list(article.related_links.all()))
    assert [box.target for box in boxes] == [old]


def test_a_rare_topic_and_a_recent_article_come_first(article: Article) -> None:
    for number in range(6):
        tagged(f"Story {number} of the week", "Harbour", days_older=1)
    tagged("A boat long ago", "Boats", days_older=300)
    tagged("A boat of late", "Boats", days_older=1)
    names = list(found(article))
    assert names[0] == "A boat of late"
    assert "A boat long ago" not in names
    assert len(names) == related_suggestions.MAX_SUGGESTIONS


def test_a_suggestion_becomes_a_box_when_an_editor_selects_it(client: Client, editor: User, article: Article) -> None:
    other = tagged("A boat of late", "Boats")
    page = client.get(change_url(article))
    assert "shares 1 topic, same day" in page.text
    assert save(client, article).status_code == 302
    assert not article.related_links.exists(), "nothing is added by itself"
    save(client, article, also=str(other.pk))
    box = article.related_links.get()
    assert (box.target, box.headline) == (other, "A boat of late")
    assert article.revisions.editions().count() == 2
    assert "shares 1 topic" not in client.get(change_url(article)).text
    assert "A boat of late" in client.get(fresh(article).get_absolute_url()).text


def test_a_selection_is_kept_when_the_form_comes_back(client: Client, editor: User, article: Article) -> None:
    other = tagged("A boat of late", "Boats")
    response = save(client, article, also=str(other.pk), headline="")
    assert response.status_code == 422
    assert form_of(response)["also"] == str(other.pk)


@pytest.mark.parametrize("number", [3, 15])
def test_the_queries_do_not_grow(article: Article, number: int) -> None:
    for count in range(number):
        tagged(f"About the harbour, number {count}", "Harbour")
    with CaptureQueriesContext(connection) as captured:
        related_suggestions.suggestions(fresh(article))
    assert len(captured) == 5
