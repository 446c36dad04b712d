"""The settings page: profile, data export, account deletion; and bans."""

import json
from datetime import timedelta
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
import time_machine
from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.contrib.admin.models import LogEntry
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.utils import timezone

from articles.accounts.models import User
from tests.factories import PASSWORD, make_owner, make_reader

pytestmark = pytest.mark.django_db


def entered(name: str = "Ana") -> tuple[Client, User]:
    reader = make_reader(name, email=f"{name.lower()}@paper.example")
    client = Client()
    client.post("/accounts/login/", {"login": name, "password": PASSWORD})
    return client, reader


@pytest.mark.parametrize("path", ["/settings/", "/settings/delete/"])
def test_settings_require_a_sign_in(client: Client, path: str) -> None:
    assert client.get(path)["Location"] == f"/accounts/login/?next={path}"


def test_the_about_text_is_cleaned_and_shown_as_plain_text() -> None:
    client, reader = entered()
    client.post("/settings/", {"about": "<b>Reader</b>\u202e", "username": "Owner", "is_staff": "1"})
    reader.refresh_from_db()
    assert (reader.about, reader.username, reader.is_staff) == ("<b>Reader</b>", "Ana", False)
    assert "&lt;b&gt;Reader&lt;/b&gt;" in Client().get("/readers/Ana/").content.decode()


def test_an_about_text_that_is_too_long_is_rejected_and_shown_again() -> None:
    client, _ = entered()
    answer = client.post("/settings/", {"about": "long " * 200})
    assert answer.status_code == 422
    assert "long long" in answer.content.decode()


def test_the_export_has_the_parts_of_all_packages_as_json_and_html() -> None:
    client, _ = entered()
    answer = client.post("/settings/copy/")
    assert answer["Content-Type"] == "application/zip"
    assert "no-store" in answer["Cache-Control"]
    with ZipFile(BytesIO(answer.getvalue())) as archive:
        data = json.loads(archive.read("data.json"))
        page = archive.read("index.html").decode()
    parts = {
        "profile",
        "email_addresses",
        "sessions",
        "authenticators",
        "comments",
        "recommendations",
        "reports",
        "taggings",
    }
    assert parts <= data.keys()
    assert data["profile"][0]["email"] == "ana@paper.example"
    assert len(data["sessions"]) == 1
    assert "ana@paper.example" in page
    assert "<h1>" in page


def test_data_is_exported_once_a_day_and_only_by_post() -> None:
    client, reader = entered()
    assert client.get("/settings/copy/").status_code == 405
    assert client.post("/settings/copy/").status_code == 200
    again = client.post("/settings/copy/")
    assert again.status_code == 429
    assert 86_000 < int(again["Retry-After"]) <= 86_400
    User.objects.filter(pk=reader.pk).update(exported_at=timezone.now() - timedelta(hours=25))
    assert client.post("/settings/copy/").status_code == 200


def test_account_deletion_needs_the_password() -> None:
    client, reader = entered()
    answer = client.post("/settings/delete/", {"password": "wrong"})
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.content.decode()
    assert User.objects.filter(pk=reader.pk).exists()


def test_password_attempts_for_account_deletion_are_limited() -> None:
    client, reader = entered()
    for _ in range(5):
        client.post("/settings/delete/", {"password": "wrong"})
    assert "Too many attempts" in client.post("/settings/delete/", {"password": PASSWORD}).content.decode()
    assert User.objects.filter(pk=reader.pk).exists()


def test_account_deletion_removes_personal_data_from_every_table() -> None:
    client, reader = entered()
    other = Client()
    other.post("/accounts/login/", {"login": "Ana", "password": PASSWORD})
    make_owner("Olga")
    owner = Client()
    owner.force_login(User.objects.get(username="Olga"))
    owner.post(f"/admin/articles/user/{reader.pk}/change/", {"is_active": "on"})
    assert LogEntry.objects.exists()
    assert client.post("/settings/delete/", {"password": PASSWORD})["Location"] == "/"
    assert other.get("/settings/").status_code == 302
    assert not EmailAddress.objects.exists()
    assert not UserSession.objects.exists()
    assert not LogEntry.objects.exists()
    assert Client().get("/readers/Ana/").status_code == 404
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            if table == "django_session":
                continue
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            assert "ana@paper.example" not in str(cursor.fetchall()), table
    assert not any(s.get_decoded().get("_auth_user_id") == str(reader.pk) for s in Session.objects.all())


def test_the_only_owner_can_not_delete_the_account() -> None:
    owner = make_owner("Olga")
    client = Client()
    client.post("/accounts/login/", {"login": "Olga", "password": PASSWORD})
    answer = client.post("/settings/delete/", {"password": PASSWORD})
    assert answer.status_code == 422
    assert "only owner" in answer.content.decode()
    assert User.objects.filter(pk=owner.pk).exists()


def test_the_next_request_after_deletion_is_anonymous() -> None:
    client, reader = entered()
    reader.delete()
    assert client.get("/settings/").status_code == 302


def test_a_banned_reader_signs_in_and_sees_the_reason() -> None:
    make_reader("Ana", banned_at=timezone.now(), banned_reason="Spam.")
    client = Client()
    client.post("/accounts/login/", {"login": "Ana", "password": PASSWORD})
    assert "You can read but not post. Reason: Spam." in client.get("/settings/").content.decode()


def test_a_reader_signs_out_other_sessions() -> None:
    here, reader = entered()
    there = Client()
    there.post("/accounts/login/", {"login": "Ana", "password": PASSWORD})
    here.post("/accounts/sessions/")
    assert here.get("/settings/").status_code == 200
    assert there.get("/settings/").status_code == 302
    assert UserSession.objects.filter(user=reader).count() == 1


def test_the_settings_page_makes_few_queries(signed_in: Client, django_assert_max_num_queries: Any) -> None:
    signed_in.get("/settings/")
    with django_assert_max_num_queries(4):  # Session, reader, the form's reader, sections of the masthead.
        signed_in.get("/settings/")


def test_a_day_between_exports_is_24_hours_not_a_calendar_day() -> None:
    with time_machine.travel("2026-03-01 23:59:00+00:00", tick=False) as clock:
        client, _ = entered()
        assert client.post("/settings/copy/").status_code == 200
        clock.shift(120)
        assert client.post("/settings/copy/").status_code == 429
