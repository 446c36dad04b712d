"""The addresses that programs know: manifest, change of the password, report of a weakness."""

from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.conf import settings as project_settings
from django.test import Client
from PIL import Image

from tests.factories import make_article

IMAGES = Path(project_settings.BASE_DIR) / "static" / "img"


def test_the_manifest_names_the_publication_and_icons_of_the_sizes_it_says(client: Client, settings: Any) -> None:
    settings.PAPER_NAME = "The Lamp"
    response = client.get("/manifest.webmanifest")
    assert response.headers["Content-Type"] == "application/manifest+json"
    manifest = response.json()
    assert (manifest["name"], manifest["start_url"], manifest["dir"]) == ("The Lamp", "/", "ltr")
    assert {icon["purpose"] for icon in manifest["icons"]} == {"any", "maskable"}
    for icon in manifest["icons"]:
        image = Image.open(BytesIO((IMAGES / icon["src"].rpartition("/")[2]).read_bytes()))
        assert "x".join(map(str, image.size)) == icon["sizes"]


@pytest.mark.django_db
def test_pages_link_to_the_manifest_and_the_icon_for_iphones(client: Client) -> None:
    page = client.get(make_article().get_absolute_url()).text
    assert '<link rel="manifest" href="/manifest.webmanifest">' in page
    assert 'rel="apple-touch-icon"' in page


@pytest.mark.django_db
def test_password_managers_are_led_to_the_page_that_changes_it(client: Client, signed_in: Client) -> None:
    response = client.get("/.well-known/change-password")
    assert response.status_code == 302
    assert signed_in.get(response.headers["Location"]).status_code == 200


@time_machine.travel("2026-03-01 12:00Z", tick=False)
def test_security_txt_says_whom_to_tell_and_until_when_that_holds(client: Client, settings: Any) -> None:
    settings.EDITOR_EMAIL, settings.SITE_ADDRESS = "desk@lamp.example", "https://lamp.example"
    response = client.get("/.well-known/security.txt")
    assert response.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert response.text.splitlines() == [
        "Contact: mailto:desk@lamp.example",
        "Expires: 2026-08-28T00:00:00Z",
        "Preferred-Languages: en",
        "Canonical: https://lamp.example/.well-known/security.txt",
    ]


@pytest.mark.django_db
def test_without_an_address_there_is_no_security_txt(client: Client, settings: Any) -> None:
    settings.EDITOR_EMAIL = ""
    assert client.get("/.well-known/security.txt").status_code == 404
