"""Authors at the desk: a portrait by the name of its file, an account only for those who may view accounts."""

import pytest
from django.test import Client
from django.urls import reverse

from articles.publishing.models import Author
from tests.desk.conftest import of_group
from tests.desk.forms import form_of
from tests.factories import make_owner, make_reader, upload_picture

pytestmark = pytest.mark.django_db


@pytest.fixture
def author() -> Author:
    return Author.objects.create(name="Bo Ek", slug="bo-ek", user=make_reader("Bo"))


def place_of(author: Author) -> str:
    return reverse("admin:articles_author_change", args=[author.pk])


def test_a_portrait_is_chosen_by_the_name_of_its_file_and_shown(client: Client, author: Author) -> None:
    picture = upload_picture()
    client.force_login(make_owner())
    form = form_of(client.get(place_of(author)))
    assert client.post(place_of(author), {**form, "portrait": picture.file_name}).status_code == 302
    author.refresh_from_db()
    assert author.portrait == picture
    page = client.get(place_of(author))
    assert form_of(page)["portrait"] == f"{picture.file_name} #{picture.pk}"
    assert 'class="picture-card"' in page.text


def test_a_portrait_that_does_not_exist_is_refused_at_its_field(client: Client, author: Author) -> None:
    client.force_login(make_owner())
    form = form_of(client.get(place_of(author)))
    page = client.post(place_of(author), {**form, "portrait": "nobody.jpg"})
    assert "No match for “nobody.jpg”" in page.text


def test_an_editor_without_the_right_to_view_accounts_leaves_the_account_as_it_is(
    client: Client, author: Author
) -> None:
    client.force_login(of_group("Editor"))
    form = form_of(client.get(place_of(author)))
    assert "user" not in form
    taken = make_reader("Taken")
    assert client.post(place_of(author), {**form, "name": "Bo Eklund", "user": taken.username}).status_code == 302
    author.refresh_from_db()
    assert (author.name, author.user and author.user.username) == ("Bo Eklund", "Bo")
