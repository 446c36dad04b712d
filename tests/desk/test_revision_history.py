"""The history at the desk: compare, restore, accept and reject."""

import pytest
from django.test import Client
from django.urls import reverse

from articles.publishing import saving
from articles.publishing.models import Article
from tests.desk.conftest import BODY, propose, sign_in
from tests.factories import make_article, make_reader

pytestmark = pytest.mark.django_db


def history(article: Article) -> str:
    return reverse("admin:articles_article_history", args=[article.pk])


def decide(
    client: Client, article: Article, number: int, action: str, reason: str = "", base_number: int | None = None
) -> int:
    url = reverse("admin:articles_article_revision", args=[article.pk, number])
    had = Article.objects.get(pk=article.pk).revision_number if base_number is None else base_number
    return client.post(url, {"action": action, "reason": reason, "base_number": had}).status_code


def test_any_two_revisions_are_compared_word_by_word(client: Client) -> None:
    sign_in(client, "Editor")
    article = Article.objects.get(pk=make_article(body=BODY, published=False).pk)
    article.body = BODY.replace("salt", "pepper")
    saving.save_article(article, by=make_reader("Ana"), reason="Pepper it was")
    page = client.get(history(article), {"from": 1, "to": 2}).content.decode()
    assert "salt." in page.partition("<del>")[2].partition("</del>")[0]
    assert "pepper." in page.partition("<ins>")[2].partition("</ins>")[0]
    assert "Pepper it was" in page and "Ana" in page


@pytest.mark.parametrize("odd", ["0", "-1", "x", "²", "99999999999999999999"])
def test_odd_revision_numbers_do_no_harm(client: Client, odd: str) -> None:
    sign_in(client, "Editor")
    article = make_article()
    assert client.get(history(article), {"from": odd, "to": odd, "before": odd}).status_code == 200


def test_an_earlier_revision_is_restored_with_who_and_why(client: Client) -> None:
    editor = sign_in(client, "Editor")
    article = Article.objects.get(pk=make_article(body=BODY).pk)
    article.body = "Wrong."
    saving.save_article(article, by=None)
    assert decide(client, article, 1, "restore", "The first was right") == 302
    newest = article.revisions.first()
    assert newest is not None
    assert (newest.body, newest.by, newest.reason) == (BODY, editor, "The first was right")


def test_a_restore_over_a_newer_save_is_refused(client: Client) -> None:
    sign_in(client, "Editor")
    article = make_article(body=BODY)
    had = Article.objects.get(pk=article.pk).revision_number
    saving.save_article(Article.objects.get(pk=article.pk), by=None)
    assert decide(client, article, 1, "restore", base_number=had) == 422


def test_a_pending_revision_is_accepted_or_rejected_with_a_reason(client: Client) -> None:
    editor = sign_in(client, "Editor")
    article = make_article(body=BODY)
    waiting = propose(article)
    assert "pepper" in client.get(history(article)).content.decode()
    assert decide(client, article, waiting.number, "reject") == 422
    assert decide(client, article, waiting.number, "reject", "Not ours") == 302
    waiting.refresh_from_db()
    assert (waiting.state, waiting.decided_by) == ("rejected", editor)
    second = propose(article)
    assert decide(client, article, second.number, "restore", "Checked") == 302
    assert "pepper" in Article.objects.get(pk=article.pk).body


def test_a_writer_restores_drafts_and_nothing_published(client: Client) -> None:
    sign_in(client, "Writer")
    draft, live = make_article(body=BODY, published=False), make_article(body=BODY)
    assert decide(client, draft, 1, "restore") == 302
    assert decide(client, live, 1, "restore") == 403
    assert decide(client, live, propose(live).number, "restore") == 403


def test_state_changes_need_a_post(client: Client) -> None:
    sign_in(client, "Editor")
    article = make_article(body=BODY)
    count = article.revisions.count()
    assert client.get(reverse("admin:articles_article_revision", args=[article.pk, 1])).status_code == 404
    assert article.revisions.count() == count
