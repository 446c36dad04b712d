"""Notes to colleagues on an article."""

import pytest
from django.test import Client
from django.urls import reverse

from articles.accounts.models import User
from articles.publishing.models import Article, DeskNote
from tests.desk.conftest import of_group
from tests.desk.forms import change_url, fresh, save
from tests.factories import make_article, make_reader

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft() -> Article:
    return make_article("A boat leaves", published=False)


def test_a_note_is_added_with_a_save_and_resolved_by_a_colleague(client: Client, writer: User, draft: Article) -> None:
    save(client, draft, desk_note="Is the time right?")
    note = DeskNote.objects.get()
    assert (note.text, note.by, note.resolved_at) == ("Is the time right?", writer, None)
    assert draft.revisions.count() == 1, "a note is no change of the text"
    editor = of_group("Editor")
    client.force_login(editor)
    assert "Is the time right?" in client.get(change_url(draft)).text
    assert "Is the time right?" in client.get(reverse("admin:index")).text
    save(client, draft, resolved=str(note.pk))
    note.refresh_from_db()
    assert note.resolved_by == editor
    assert "resolved by" in client.get(change_url(draft)).text
    assert "Is the time right?" not in client.get(reverse("admin:index")).text


@pytest.mark.parametrize("group", ["Writer", "Moderator"])
def test_those_who_may_not_change_a_live_article_can_add_a_note(client: Client, group: str) -> None:
    article = make_article("A boat leaves")
    person = of_group(group)
    client.force_login(person)
    assert 'name="desk_note"' in client.get(change_url(article)).text
    url = reverse("admin:articles_article_notes", args=[article.pk])
    answer = client.post(url, {"desk_note": "The harbour master wrote to us."}, follow=True)
    assert "Note saved." in answer.text
    note = DeskNote.objects.get()
    assert note.by == person
    client.post(url, {"resolved": [str(note.pk), "x", "9" * 30]})
    note.refresh_from_db()
    assert note.resolved_by == person
    assert fresh(article).revision_number == article.revision_number


def test_a_note_that_is_too_long_comes_back_with_its_text(client: Client, editor: User, draft: Article) -> None:
    response = save(client, draft, desk_note="word " * 500, headline="Another headline")
    assert response.status_code == 422
    assert "Use at most 2000 characters" in response.text and "word word" in response.text
    assert fresh(draft).headline == "A boat leaves"
    assert not DeskNote.objects.exists()


def test_readers_never_see_a_note(client: Client) -> None:
    article = make_article()
    DeskNote.objects.create(article=article, by=make_reader(), text="The secret note")
    client.force_login(make_reader())
    for path in (article.get_absolute_url(), article.history_url, "/feed/"):
        assert "secret note" not in client.get(path).text
    url = reverse("admin:articles_article_notes", args=[article.pk])
    assert client.post(url, {"desk_note": "x"}).status_code in (302, 403)
    assert DeskNote.objects.count() == 1


def test_hostile_notes_are_escaped(client: Client, editor: User, draft: Article) -> None:
    save(client, draft, desk_note="<script>alert(1)</script>\x00")
    assert "<script>alert" not in client.get(change_url(draft)).text
