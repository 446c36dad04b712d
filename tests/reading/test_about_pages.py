"""Who publishes the site and how to reach them: pages that are linked once they have something to say."""

import json
import re
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from articles.publishing import site_settings
from articles.publishing.models import SitePage, SiteSettings
from tests.desk.conftest import of_group
from tests.desk.forms import form_of
from tests.factories import make_article, make_owner

pytestmark = pytest.mark.django_db
PUBLISHER = {
    "editor_email": "editors@gull.example",
    "phone": "+353 1 555 0199",
    "contact_languages": "English, Irish",
    "authorities_email": "law@gull.example",
    "security_email": "safety@gull.example",
    "police_contact": "Garda: 112",
    "legal_name": "Gull Press Ltd",
    "postal_address": "1 Quay Street\r\nGalway",
    "register": "CRO 123456",
    "responsible": "Olga Reed",
    "owners": "Olga Reed: 60%\r\nSam Hart: 40%",
    "public_funds": "2025: none",
}
EMPTY = ("contact", "imprint", "masthead", "ethics")


@pytest.fixture
def owner(client: Client) -> Client:
    client.force_login(make_owner())
    return client


@pytest.fixture
def published(owner: Client, django_capture_on_commit_callbacks: Any) -> Client:
    """An owner's client, once they filled in the form and editors wrote the masthead and the page on ethics."""
    SitePage.objects.filter(slug__in=["masthead", "ethics"]).update(body="Olga Reed, editor")
    with django_capture_on_commit_callbacks(execute=True):
        assert owner.post("/desk/settings/publisher/", PUBLISHER).status_code == 302
    return owner


def organization(client: Client, url: str) -> dict[str, Any]:
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', client.get(url).text)
    assert found
    data: dict[str, Any] = json.loads(found[1])
    publication: dict[str, Any] = data.get("publisher", data)
    return publication


def test_pages_without_content_are_not_found_and_not_linked(client: Client) -> None:
    make_article()
    site_settings.refresh()
    front, sitemap = client.get("/").text, client.get("/sitemap.xml").text
    for name in EMPTY:
        assert client.get(f"/{name}/").status_code == 404
        assert f'href="/{name}/"' not in front and f"/{name}/<" not in sitemap
    for name in ("corrections-policy", "accessibility"):
        assert client.get(f"/{name}/").status_code == 200
        assert f'href="/{name}/"' in front and f"/{name}/</loc>" in sitemap
    assert "ownershipFundingInfo" not in organization(client, "/")


@pytest.mark.django_db(transaction=True)  # PostgreSQL's versions change once in a transaction.
def test_an_owner_fills_in_the_publisher_and_the_pages_show_it(published: Client, client: Client) -> None:
    contact, imprint = client.get("/contact/").text, client.get("/imprint/").text
    for shown in ("mailto:editors@gull.example", "mailto:law@gull.example", "English, Irish", "+353 1 555 0199"):
        assert shown in contact
    for shown in ("Gull Press Ltd", "1 Quay Street<br>Galway", "CRO 123456", "Olga Reed: 60%", "2025: none"):
        assert shown in imprint
    assert "Garda" not in contact + imprint
    front = client.get("/").text
    assert 'href="/contact/"' in front and 'href="/imprint/"' in front
    assert "mailto:editors@gull.example" in client.get("/rules/").text
    assert "Contact: mailto:safety@gull.example" in client.get("/.well-known/security.txt").text
    form = published.get("/desk/settings/publisher/").text
    assert 'value="law@gull.example"' in form and "Garda: 112" in form


@pytest.mark.django_db(transaction=True)
def test_the_publication_is_described_for_search_engines(published: Client, client: Client) -> None:
    article = make_article()
    for url in ("/", article.get_absolute_url()):
        data = organization(client, url)
        assert data["@type"] == "NewsMediaOrganization" and data["legalName"] == "Gull Press Ltd"
        names = ("ownershipFundingInfo", "masthead", "correctionsPolicy", "ethicsPolicy", "publishingPrinciples")
        paths = ("imprint/#ownership", "masthead/", "corrections-policy/", "ethics/", "ethics/")
        for name, path in zip(names, paths, strict=True):
            assert data[name] == f"http://localhost:8000/{path}"
            assert client.get(f"/{path.partition('#')[0]}").status_code == 200
        assert {point["email"] for point in data["contactPoint"]} == {"editors@gull.example", "safety@gull.example"}


def test_an_editor_writes_the_masthead_and_takes_it_away_again(client: Client) -> None:
    client.force_login(of_group("Editor"))
    page = SitePage.objects.get(slug="masthead")
    url = f"/admin/articles/sitepage/{page.pk}/change/"
    assert "names and roles" in client.get(url).text
    client.post(url, form_of(client.get(url)) | {"body": "**Olga Reed**, editor"})
    assert "<strong>Olga Reed</strong>" in client.get("/masthead/").text
    client.post(url, form_of(client.get(url)) | {"body": ""})
    assert client.get("/masthead/").status_code == 404


def test_the_rules_and_the_privacy_page_can_not_be_empty(client: Client) -> None:
    client.force_login(of_group("Editor"))
    page = SitePage.objects.get(slug="rules")
    url = f"/admin/articles/sitepage/{page.pk}/change/"
    answer = client.post(url, form_of(client.get(url)) | {"body": " "})
    assert "This field is required." in answer.text
    for slug in ("rules", "privacy", "pictures"):
        with pytest.raises(IntegrityError), transaction.atomic():
            SitePage.objects.filter(slug=slug).update(body="")


def test_nobody_adds_a_page_that_has_no_address(owner: Client) -> None:
    assert owner.get("/admin/articles/sitepage/add/").status_code == 403


def test_only_owners_change_the_publisher(client: Client) -> None:
    client.force_login(of_group("Editor"))
    assert client.post("/desk/settings/publisher/", PUBLISHER).status_code == 403
    assert not SiteSettings.objects.exists()


def test_the_form_says_what_is_no_address_and_keeps_the_text(owner: Client) -> None:
    answer = owner.post("/desk/settings/publisher/", PUBLISHER | {"editor_email": "editors at gull"})
    assert answer.status_code == 422
    assert "Enter a valid email address." in answer.text and "Gull Press Ltd" in answer.text


def test_a_contact_that_the_server_sets_wins(
    owner: Client, settings: Any, django_capture_on_commit_callbacks: Any
) -> None:
    settings.SET_IN_ENVIRONMENT, settings.EDITOR_EMAIL = ["EDITOR_EMAIL"], "desk@server.example"
    with django_capture_on_commit_callbacks(execute=True):
        owner.post("/desk/settings/publisher/", PUBLISHER)
    assert SiteSettings.objects.get().editor_email == ""
    assert "mailto:desk@server.example" in owner.get("/contact/").text
