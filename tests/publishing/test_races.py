"""What must hold when editors act on articles at the same moment."""

from datetime import date

import pytest
from django.test import Client

from articles.publishing import publishing, saving
from articles.publishing.models import Article
from tests.factories import make_article, make_owner
from tests.racing import ROUNDS, race

pytestmark = pytest.mark.django_db(transaction=True)

EDITORS = 4  # As many as write at once on a server; on SQLite more would wait for each other too long.
# Two have no letter to make a slug of; two are the beginnings of other URLs.
HEADLINES = ["The same", "🎉🎉🎉", "?!…", "admin", "feed"]


def test_an_article_published_and_saved_at_once_has_one_text() -> None:  # faults F12
    editor = make_owner()
    drafts = [make_article("Old headline", "Old text.", published=False) for _ in range(ROUNDS)]

    def publish(number: int) -> None:
        publishing.publish(drafts[number], by=editor, reason="Publish")

    def save(number: int) -> None:
        article = Article.objects.get(pk=drafts[number].pk)
        article.headline, article.body = "New headline", "New text."
        saving.save_article(article, by=editor, reason="Save")

    assert race(publish, save, rounds=ROUNDS) == []
    for article in Article.objects.all():
        assert article.is_public
        assert (article.headline, article.body) == ("New headline", "New text.")
        assert "New text." in article.body_html and "Old text." not in article.body_html
        revisions = list(article.revisions.order_by("number"))
        assert sorted(revision.reason for revision in revisions[1:]) == ["Publish", "Save"]
        assert [revision.number for revision in revisions] == [1, 2, 3]
        assert {revision.headline.split()[0] == revision.body.split()[0] for revision in revisions} == {True}
        assert revisions[-1].public_at is not None


def test_articles_created_at_once_with_one_headline_have_a_url_each(client: Client) -> None:  # faults F20
    def create(number: int) -> None:
        make_article(HEADLINES[number], dated=date(2026, 3, 1))

    assert race(*[create] * EDITORS, rounds=len(HEADLINES)) == []
    urls = {article.get_absolute_url() for article in Article.objects.all()}
    assert len(urls) == EDITORS * len(HEADLINES)
    assert {client.get(url).status_code for url in urls} == {200}
