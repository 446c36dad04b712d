"""Notes and corrections for readers, with a save or afterwards in the history."""

import pytest
from django.test import Client
from django.urls import reverse

from articles.accounts.models import User
from articles.publishing.models import Article, Correction
from tests.desk.conftest import of_group
from tests.desk.forms import change_url, fresh, save
from tests.factories import make_article

pytestmark = pytest.mark.django_db

BODY = "The boat left at ten."


@pytest.fixture
def article() -> Article:
    return make_article("A boat leaves", BODY)


def decide(client: Client, article: Article, edition: int, **fields: str) -> int:
    number = article.revisions.get(edition=edition).number
    return client.post(reverse("admin:articles_article_revision", args=[article.pk, number]), fields).status_code


def test_only_a_live_article_has_fields_for_a_note_and_a_correction(client: Client, editor: User) -> None:
    assert 'name="note"' in client.get(change_url(make_article())).text
    assert 'name="note"' not in client.get(change_url(make_article(published=False))).text


def test_a_note_is_saved_with_its_change_and_the_reason_stays_at_the_desk(
    client: Client, editor: User, article: Article
) -> None:
    save(client, article, body="The boat left at nine.", reason="Phone call", note="We asked again.")
    edition = article.revisions.get(edition=2)
    assert (edition.reason, edition.note) == ("Phone call", "We asked again.")
    page = client.get(article.history_url).text
    assert "We asked again." in page and "Phone call" not in page


def test_a_correction_is_made_with_the_save_that_fixes_the_error(
    client: Client, editor: User, article: Article
) -> None:
    save(client, article, body="The boat left at nine.", note="It left at nine, not at ten.", corrects="on")
    correction = Correction.objects.get()
    assert (correction.revision.edition, correction.by) == (2, editor)


def test_a_correction_without_text_comes_back_with_all_input(client: Client, editor: User, article: Article) -> None:
    response = save(client, article, body="The boat left at nine.", corrects="on")
    assert response.status_code == 422
    assert "Say what was wrong and what is correct." in response.text and "left at nine" in response.text
    assert fresh(article).body == BODY


def test_a_note_without_a_change_comes_back_as_typed(client: Client, editor: User, article: Article) -> None:
    response = save(client, article, note="We changed nothing.")
    assert response.status_code == 422
    assert "so it can’t have a note" in response.text and "We changed nothing." in response.text


def test_a_version_is_annotated_corrected_and_removed_afterwards(
    client: Client, editor: User, article: Article
) -> None:
    save(client, article, body="The boat left at nine.")
    assert decide(client, article, 2, action="note", note="We asked again.") == 302
    assert decide(client, article, 2, action="correct", note="It left at nine.") == 302
    assert decide(client, article, 1, action="remove", because="By order of the court.") == 302
    assert article.revisions.get(edition=2).note == "We asked again."
    assert Correction.objects.get().by == editor
    assert client.get(f"{article.history_url}1/").status_code == 451


@pytest.mark.parametrize(
    ("edition", "fields"),
    [
        (1, {"action": "correct", "note": "It was wrong."}),
        (2, {"action": "correct", "note": ""}),
        (2, {"action": "note", "note": "x" * 1001}),
        (1, {"action": "remove", "because": ""}),
        (2, {"action": "remove", "because": "Readers see it now."}),
    ],
)
def test_a_refused_action_comes_back_with_a_reason(
    client: Client, editor: User, article: Article, edition: int, fields: dict[str, str]
) -> None:
    save(client, article, body="The boat left at nine.")
    assert decide(client, article, edition, **fields) == 422


def test_a_reason_that_is_too_long_shows_an_error_at_its_field(client: Client, editor: User, article: Article) -> None:
    save(client, article, body="The boat left at nine.")
    url = reverse("admin:articles_article_revision", args=[article.pk, article.revisions.get(edition=1).number])
    page = client.post(url, {"action": "remove", "because": "x" * 1001}).text
    assert "<details open>" in page and "x" * 1001 in page


def test_a_writer_cannot_write_to_readers(client: Client, article: Article) -> None:
    client.force_login(of_group("Writer"))
    for action in ("note", "correct", "remove"):
        assert decide(client, article, 1, action=action, note="x", because="x") == 403
    assert client.get(reverse("admin:articles_correction_changelist")).status_code == 403


def test_a_correction_can_be_reworded_but_not_deleted(client: Client, editor: User, article: Article) -> None:
    save(client, article, body="The boat left at nine.", note="It left at nien.", corrects="on")
    correction = Correction.objects.get()
    url = reverse("admin:articles_correction_change", args=[correction.pk])
    assert client.post(url, {"text": "It left at nine."}).status_code == 302
    assert "It left at nine." in client.get("/corrections/").text
    assert client.post(reverse("admin:articles_correction_delete", args=[correction.pk])).status_code == 403
    assert client.get(reverse("admin:articles_correction_add")).status_code == 403
