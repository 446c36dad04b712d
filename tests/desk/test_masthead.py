"""The masthead of the desk: the site's own, with links to what a person may open."""

import re

import pytest
from django.test import Client

from tests.desk.conftest import sign_in
from tests.factories import make_owner

pytestmark = pytest.mark.django_db


def nav(page: str, label: str) -> str:
    found = re.search(rf'<nav class="[a-z-]+" aria-label="{label}">.*?</nav>', page, re.DOTALL)
    assert found
    return " ".join(found[0].split())


def links(client: Client, path: str = "/admin/") -> list[str]:
    return re.findall(r"<a [^>]*>([^<]+)</a>", nav(client.get(path).text, "Desk"))


@pytest.mark.parametrize(
    ("role", "shown"),
    [
        ("Writer", ["Articles", "Pictures", "Links"]),
        ("Editor", ["Articles", "Pictures", "Moderation", "Links", "Import", "Site pages"]),
        ("Moderator", ["Articles", "Moderation"]),
    ],
)
def test_each_role_has_links_to_what_it_may_open(client: Client, role: str, shown: list[str]) -> None:
    sign_in(client, role)
    assert links(client) == shown
    for url in re.findall(r'<a href="([^"]*)"', nav(client.get("/admin/").text, "Desk")):
        assert client.get(url).status_code == 200


def test_an_owner_has_links_to_everything(client: Client) -> None:
    client.force_login(make_owner())
    assert links(client) == [
        "Articles",
        "Pictures",
        "Moderation",
        "Links",
        "Import",
        "People",
        "Site settings",
        "Site pages",
    ]
    assert links(client, "/moderation/") == links(client)


def test_the_current_page_is_marked_and_so_is_what_it_belongs_to(client: Client) -> None:
    client.force_login(make_owner())
    for path, mark in (
        ("/desk/people/", '<a href="/desk/people/" aria-current="page">People</a>'),
        ("/moderation/", '<a href="/moderation/" aria-current="page">Moderation</a>'),
        ("/admin/articles/article/add/", '<a href="/admin/articles/article/" aria-current="true">Articles</a>'),
    ):
        assert nav(client.get(path).text, "Desk").count("aria-current") == 1
        assert mark in nav(client.get(path).text, "Desk")
    assert '<a href="/admin/" aria-current="page">Desk</a>' in nav(client.get("/admin/").text, "Account")


def test_site_and_desk_have_the_same_account_menu(client: Client) -> None:
    client.force_login(make_owner())
    site = nav(client.get("/").text, "Account")
    assert "Inbox" in site and "aria-current" not in site
    assert nav(client.get("/admin/articles/article/").text, "Account") == site
    assert nav(client.get("/moderation/").text, "Account") == site


def test_who_may_not_open_the_desk_sees_none_of_its_links(client: Client) -> None:
    sign_in(client, "Writer")
    assert 'aria-label="Desk"' not in client.get("/").text
    client.logout()
    assert 'aria-label="Desk"' not in client.get("/admin/", follow=True).text
