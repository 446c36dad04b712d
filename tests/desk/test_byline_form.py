"""The byline in the article form: the writer's own name, and names that are typed for the first time."""

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse

from articles.models import Article, Author, User
from tests.desk.forms import form_of, fresh, save
from tests.factories import make_article, make_comment, make_owner, make_reader

pytestmark = pytest.mark.django_db

ADD = "admin:articles_article_add"


@pytest.fixture
def editor(client: Client) -> User:
    person = make_owner("Edna")
    client.force_login(person)
    return person


def names(article: Article) -> list[str]:
    return [str(line.author) for line in article.bylines.select_related("author")]


def test_a_new_article_has_the_writers_own_name(client: Client, editor: User) -> None:
    Author.objects.create(name="Edna Marsh", slug="edna-marsh", user=editor)
    save(client, None, headline="News", body="Something happened.")
    assert names(Article.objects.get()) == ["Edna Marsh"]


def test_the_writers_own_name_can_be_taken_out(client: Client, editor: User) -> None:
    Author.objects.create(name="Edna Marsh", slug="edna-marsh", user=editor)
    save(client, None, headline="News", body="Something happened.", **{"bylines-0-author": ""})
    assert names(Article.objects.get()) == []


def test_somebody_who_is_no_author_starts_with_an_empty_byline(client: Client, editor: User) -> None:
    assert form_of(client.get(reverse(ADD)))["bylines-0-author"] == ""


def test_a_form_left_with_its_own_name_alone_is_not_unsaved(client: Client, editor: User) -> None:
    Author.objects.create(name="Edna Marsh", slug="edna-marsh", user=editor)
    form = form_of(client.get(reverse(ADD)))
    answer = client.post(reverse("admin:articles_article_autosave_new"), form)
    assert "autosaved" not in answer.text


def test_an_editor_adds_an_author_by_typing_a_new_name(client: Client, editor: User) -> None:
    Author.objects.create(name="Ana-Lima", slug="ana-lima")
    article = make_article(published=False)
    save(client, article, **{"bylines-0-author": "Ana Lima"})
    assert names(fresh(article)) == ["Ana Lima"]
    assert Author.objects.get(name="Ana Lima").slug == "ana-lima-2"


def test_a_mistyped_number_makes_no_author(client: Client, editor: User) -> None:
    answer = save(client, make_article(published=False), **{"bylines-0-author": "Ana Lima #999"})
    assert "No match for “Ana Lima #999”" in answer.text
    assert not Author.objects.exists()


def test_a_writer_chooses_among_the_authors_there_are(client: Client) -> None:
    writer = make_reader(is_staff=True)
    writer.groups.add(Group.objects.get(name="Writer"))
    client.force_login(writer)
    answer = save(client, make_article(published=False), **{"bylines-0-author": "Nobody Known"})
    assert "No match for “Nobody Known”" in answer.text
    assert not Author.objects.exists()


def test_comments_wear_the_authors_badge_once_the_byline_is_saved(client: Client, editor: User) -> None:
    article, reader = make_article(), make_reader()
    comment = make_comment(article, author=reader)
    author = Author.objects.create(name="Bo Ek", slug="bo-ek", user=reader)
    save(client, article, **{"bylines-0-author": f"Bo Ek #{author.pk}"})
    comment.refresh_from_db()
    assert comment.badge == comment.Badge.AUTHOR
