"""The checks for load balancers."""

from pathlib import Path
from threading import Event
from typing import Any

import pytest
from django.db import DatabaseError, connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from articles.web import health


@pytest.fixture(autouse=True)
def nothing_known(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a process knows of its state in one test is unknown in the next."""
    for name in ("stopping", "_migrated"):
        monkeypatch.setattr(health, name, Event())


@pytest.mark.django_db
def test_health_is_good_while_the_database_responds(client: Client) -> None:
    response = client.get("/healthz")
    assert (response.status_code, response.content) == (200, b"ok\n")
    assert response["Cache-Control"] == "no-store"
    assert not response.cookies


def test_health_is_bad_when_the_database_is_unavailable(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def away() -> None:
        raise DatabaseError("away: a secret of the inside")

    monkeypatch.setattr(connection, "cursor", away)
    response = client.get("/healthz")
    assert response.status_code == 503
    assert b"secret" not in response.content


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_the_checks_work_with_any_host_and_without_tls(client: Client, settings: Any, path: str) -> None:
    settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_REDIRECT_EXEMPT = [r"^(healthz|readyz)$"]
    assert client.get(path, headers={"host": "10.0.0.7:8000"}).status_code == 200


@pytest.mark.django_db
def test_a_process_is_ready_and_looks_up_the_migrations_once(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    response = client.get("/readyz")
    assert (response.status_code, response.content) == (200, b"ready\n")
    assert response["Cache-Control"] == "no-store"
    assert not response.cookies
    with django_assert_num_queries(1):
        assert client.get("/readyz").status_code == 200


def refusals(client: Client) -> list[str]:
    response = client.get("/readyz")
    assert response.status_code == 503
    return response.text.split()


def test_a_process_without_a_database_is_not_ready(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def away() -> None:
        raise DatabaseError("away: a secret of the inside")

    monkeypatch.setattr(connection, "cursor", away)
    assert refusals(client) == ["database"]


@pytest.mark.django_db
def test_a_process_is_not_ready_until_its_migrations_are_applied(client: Client) -> None:
    recorder = MigrationRecorder(connection)
    name = recorder.migration_qs.filter(app="articles").latest("name").name
    recorder.record_unapplied("articles", name)
    assert refusals(client) == ["migrations"]
    recorder.record_applied("articles", name)
    recorder.record_applied("articles", "9999_of_a_newer_release")
    assert client.get("/readyz").status_code == 200


@pytest.mark.django_db
def test_a_process_is_not_ready_without_collected_static_files(client: Client, settings: Any, tmp_path: Path) -> None:
    storage = {"BACKEND": "articles.web.static_storage.StaticStorage", "OPTIONS": {"location": tmp_path}}
    settings.STORAGES = settings.STORAGES | {"staticfiles": storage}
    assert refusals(client) == ["static"]
    (tmp_path / "staticfiles.json").write_text('{"version": "1.1", "paths": {"a.css": "a.1.css"}}', encoding="ascii")
    settings.STORAGES = {**settings.STORAGES}  # Read anew, as by the next process.
    assert client.get("/readyz").status_code == 200


@pytest.mark.django_db
def test_a_process_is_ready_while_redis_answers(client: Client, redis: str) -> None:
    assert client.get("/readyz").text == "ready\n"


@pytest.mark.django_db
def test_a_process_that_does_not_reach_redis_is_ready_and_says_so(client: Client, settings: Any) -> None:
    settings.CACHES = settings.CACHES | {
        "default": {
            "BACKEND": "articles.web.cache_backend.RedisWithFallbackCache",
            "LOCATION": "redis://127.0.0.1:1/0",
        }
    }
    answer = client.get("/readyz")
    assert (answer.status_code, answer.text) == (200, "ready, without redis\n")


@pytest.mark.django_db
def test_a_process_that_is_going_to_stop_is_not_ready_but_healthy(client: Client) -> None:
    health.stopping.set()
    assert refusals(client) == ["stopping"]
    assert client.get("/healthz").status_code == 200
