"""The settings page of owners, which follows the creation of the first one."""

from io import BytesIO
from typing import Any

import pytest
from django.conf import settings as in_force
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from articles.accounts.owner_setup import setup_token
from articles.importing import sample_content
from articles.publishing.models import Article, SiteSettings
from tests.factories import make_article, make_comment, make_owner, make_reader

pytestmark = pytest.mark.django_db
URL = "/desk/settings/"
FIELDS = {"name": "The Gull", "accent": "#1d4a7a", "time_zone": "Europe/Oslo", "language": "en", "comments_days": "7"}


@pytest.fixture
def owner(client: Client) -> Client:
    client.force_login(make_owner())
    return client


def logo(content: bytes | None = None) -> SimpleUploadedFile:
    file = BytesIO()
    Image.new("RGBA", (60, 40), "teal").save(file, "PNG")
    return SimpleUploadedFile("logo.png", file.getvalue() if content is None else content)


@pytest.mark.django_db(transaction=True)
def test_an_owner_changes_the_settings(owner: Client) -> None:
    answer = owner.post(URL, {**FIELDS, "logo_file": logo()})
    assert answer.headers["Location"] == "/admin/"
    assert (in_force.PAPER_NAME, in_force.TIME_ZONE, in_force.COMMENTS_DAYS) == ("The Gull", "Europe/Oslo", 7)
    page = owner.get("/admin/").text
    assert "Settings saved." in page and ">The Gull</a>" in page
    form = owner.get(URL).text
    assert 'value="The Gull"' in form and 'value="#1d4a7a"' in form
    assert '<option value="Europe/Oslo" selected>' in form
    owner.post(URL, {**FIELDS, "accent": "#962718", "remove_logo": "on"})
    row = SiteSettings.objects.get()
    assert (row.logo, row.logo_digest, row.accent) == (None, "", "")
    assert in_force.LOGO is None and in_force.ACCENT == ""


def test_nobody_else_does(client: Client) -> None:
    client.force_login(make_reader(permissions=["articles.publish_article"]))
    assert client.get(URL).status_code == client.post(URL, FIELDS).status_code == 403
    assert not SiteSettings.objects.exists()


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"name": ""}, "This field is required."),
        ({"accent": "#c03020"}, "and needs 7:1. #"),
        ({"accent": "red"}, "Enter a colour such as #962718."),
        ({"time_zone": "Mars/Olympus"}, "Select a valid choice."),
        ({"language": "xx"}, "Select a valid choice."),
        ({"comments_days": "99999"}, "Enter at most 36500 days."),
    ],
)
def test_what_can_not_be_is_said(owner: Client, change: dict[str, str], sentence: str) -> None:
    answer = owner.post(URL, FIELDS | change)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert not SiteSettings.objects.exists()


def test_a_file_that_is_no_picture_is_no_logo(owner: Client) -> None:
    answer = owner.post(URL, {**FIELDS, "logo_file": logo(b"<svg/>")})
    assert answer.status_code == 422
    assert "The logo must be a PNG, WebP, JPEG or GIF picture." in answer.text


def test_what_the_environment_sets_can_not_be_changed_and_is_said(
    owner: Client, settings: Any, django_capture_on_commit_callbacks: Any
) -> None:
    settings.SET_IN_ENVIRONMENT = ["PAPER_NAME", "TIME_ZONE"]
    settings.PAPER_NAME = "The Lamp"
    page = owner.get(URL).text
    assert "The server’s environment sets it: PAPER_NAME." in page
    assert 'value="The Lamp"' in page
    with django_capture_on_commit_callbacks(execute=True):
        assert owner.post(URL, FIELDS).status_code == 302
    assert (in_force.PAPER_NAME, in_force.COMMENTS_DAYS) == ("The Lamp", 7)
    row = SiteSettings.objects.get()
    assert (row.name, row.time_zone, row.comments_days) == ("", "", 7)


def test_the_first_owner_comes_to_the_settings(client: Client) -> None:
    told = {"token": setup_token(), "username": "Olga", "email": "olga@paper.example", "password": "a long password, 9"}
    assert client.post("/setup/", told).headers["Location"] == URL
    assert client.get(URL).status_code == 200


def test_sample_articles_are_kept_or_removed(owner: Client, short_sample: None) -> None:
    assert "Sample articles" not in owner.get(URL).text
    sample_content.write_sample()
    assert "Sample articles" in owner.get(URL).text
    owner.post(URL, {**FIELDS, "sample": "keep"})
    assert sample_content.exists()
    commented = Article.objects.public()[0]
    make_comment(commented)
    answer = owner.post(URL, {**FIELDS, "sample": "remove"}, follow=True)
    assert "2 sample articles removed." in answer.text
    assert list(Article.objects.all()) == [commented]


def test_articles_of_ones_own_are_no_sample(owner: Client) -> None:
    make_article()
    assert "Sample articles" not in owner.get(URL).text
