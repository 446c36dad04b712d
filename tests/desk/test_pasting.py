"""What the desk answers when formatted text is pasted."""

from collections import Counter

import pytest
from django.test import Client

from articles.desk import pasting
from articles.text.html_to_markdown import Lost
from tests.factories import make_owner, make_reader
from tests.text.clipboard import WORD

pytestmark = pytest.mark.django_db


def test_an_editor_gets_markdown_and_reads_what_it_lacks(client: Client) -> None:
    client.force_login(make_owner())
    answer = client.post("/desk/paste/", {"html": WORD})
    assert answer.headers["Content-Type"] == "application/json"
    assert "> “For forty years,” she said" in answer.json()["markdown"]
    assert answer.json()["lacks"] == "Pasted without: 1 picture, 1 comment, underlining."


def test_what_lacks_nothing_is_not_announced(client: Client) -> None:
    client.force_login(make_owner())
    assert client.post("/desk/paste/", {"html": "<p>a <b>b</b></p>"}).json() == {"markdown": "a **b**", "lacks": ""}


def test_readers_find_nothing_there(client: Client) -> None:
    assert client.post("/desk/paste/", {"html": "x"}).status_code == 404
    client.force_login(make_reader())
    assert client.post("/desk/paste/", {"html": "x"}).status_code == 404


def test_a_form_of_another_site_is_refused() -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(make_owner())
    assert client.post("/desk/paste/", {"html": "x"}).status_code == 403


def test_too_much_is_refused(client: Client) -> None:
    client.force_login(make_owner())
    assert client.post("/desk/paste/", {"html": "x" * (pasting.MAX_HTML + 1)}).status_code == 413
    assert client.post("/desk/paste/", {"html": "é" * pasting.MAX_HTML}).status_code == 413


def test_every_loss_has_a_name() -> None:
    for kind in Lost:
        assert pasting.lacking(Counter({kind: 2})) != ""
    assert pasting.lacking(Counter({Lost.PICTURE: 2, Lost.UNDERLINE: 1})) == "Pasted without: 2 pictures, underlining."
