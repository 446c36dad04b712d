"""Metrics: by token, for all web processes together, and with no more series than there are views."""

import errno
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.handlers.wsgi import WSGIHandler
from django.core.mail import send_mail
from django.db import OperationalError
from django.test import Client, RequestFactory
from django.utils import timezone

from articles.discussion.models import Comment
from articles.publishing import page_cache
from articles.web import job_runs, local_cache
from newsroom import request_metrics, scheduler
from tests.factories import make_article, make_comment

TOKEN = {"Authorization": "Bearer a-long-token-of-the-operator"}
DEPLOY = Path(__file__).parents[2] / "deploy"
LINE = re.compile(r'(newsroom_\w+)(?:\{(\w+="[^"\n]*"(?:,\w+="[^"\n]*")*)\})? (\S+)')


@pytest.fixture(autouse=True)
def new_process(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.VAR_DIR, settings.METRICS_TOKEN = tmp_path, "a-long-token-of-the-operator"
    start_process(monkeypatch, "1")


def start_process(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """What follows is counted by a new process."""
    monkeypatch.setattr(request_metrics, "_counts", request_metrics.Counts())
    monkeypatch.setattr(request_metrics, "_file_name", f"{name}.json")


def scrape(client: Client) -> dict[str, float]:
    """The value of each series. Each line has the form that Prometheus reads."""
    response = client.get("/metrics", headers=TOKEN)
    assert response.status_code == 200
    assert response["Content-Type"].startswith("text/plain; version=0.0.4")
    found = {}
    for line in response.text.splitlines():
        if not line.startswith(("# HELP newsroom_", "# TYPE newsroom_")):
            match = LINE.fullmatch(line)
            assert match, line
            found[f"{match[1]}{{{match[2]}}}" if match[2] else match[1]] = float(match[3])
    return found


@pytest.fixture
def site() -> Iterator[Any]:
    local_cache.clear()
    yield request_metrics.with_request_metrics(page_cache.with_cache(WSGIHandler()))
    local_cache.clear()


def ask(application: Any, path: str, method: str = "GET") -> None:
    environ = RequestFactory().generic(method, path, headers={"host": "localhost"}).environ
    environ.pop("HTTP_COOKIE", None)
    b"".join(application(environ, lambda *_answer: None))


@pytest.mark.django_db
def test_the_page_is_there_for_those_who_know_the_token(client: Client, settings: Any) -> None:
    for headers in ({}, {"Authorization": "Bearer wrong"}, {"Authorization": "a-long-token-of-the-operator"}):
        response = client.get("/metrics", headers=headers)
        assert response.status_code == 401 and "newsroom_" not in response.text
    assert scrape(client)["newsroom_database_up"] == 1
    settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_REDIRECT_EXEMPT = [r"^(healthz|readyz|metrics)$"]
    assert client.get("/metrics", headers=TOKEN | {"host": "10.0.0.7:8000"}).status_code == 200
    settings.METRICS_TOKEN = ""
    assert client.get("/metrics", headers={"Authorization": "Bearer "}).status_code == 404


@pytest.mark.django_db(transaction=True)
def test_requests_are_counted_by_view_and_status_also_from_the_cache(client: Client, site: Any) -> None:
    article = make_article()
    for _ in range(4):
        ask(site, article.get_absolute_url())
    ask(site, "/no/such/page/")
    found = scrape(client)
    assert found['newsroom_requests_total{view="article",status="200"}'] == 4
    assert found['newsroom_requests_total{view="none",status="404"}'] == 1
    hits, misses = (found[f'newsroom_page_cache_total{{result="{result}"}}'] for result in ("hit", "miss"))
    assert (hits, misses) == (2, 2), "the first response of an address is not kept"
    assert found['newsroom_request_seconds_count{view="article"}'] == 4
    assert found['newsroom_request_seconds_bucket{view="article",le="+Inf"}'] == 4
    assert found['newsroom_request_seconds_sum{view="article"}'] > 0


@pytest.mark.django_db
def test_buckets_of_durations_add_up(client: Client) -> None:
    for seconds in (0.0001, 0.02, 0.02, 60.0):
        request_metrics._count("front", "200", seconds, None)
    found = scrape(client)
    bounds = ("0.001", "0.01", "0.025", "10.0", "+Inf")
    assert [found[f'newsroom_request_seconds_bucket{{view="front",le="{bound}"}}'] for bound in bounds] == [
        1,
        1,
        3,
        3,
        4,
    ]


@pytest.mark.django_db(transaction=True)
def test_nothing_that_a_client_sends_makes_a_series(client: Client, site: Any) -> None:
    def ask_all(word: str) -> set[str]:
        for path in (f"/{word}/", f"/readers/{word}/", f"/search/?q={word}", f"/static/{word}.css"):
            ask(site, path)
        ask(site, "/", method=word.upper())
        return {series for series in scrape(client) if "request" in series}

    series = ask_all("ana")
    for number in range(20):
        assert ask_all(f"eve{number}") == series
    assert not any("ana" in one for one in series)


@pytest.mark.django_db
def test_a_process_adds_up_what_all_have_counted(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    series = 'newsroom_requests_total{view="front",status="200"}'
    request_metrics._count("front", "200", 0.01, "hit")
    assert scrape(client)[series] == 1
    request_metrics._count("front", "200", 0.01, "hit")
    request_metrics.write()
    start_process(monkeypatch, "2")
    request_metrics._count("front", "200", 0.01, "hit")
    assert scrape(client)[series] == 3
    request_metrics.clear()
    assert series in scrape(client), "this process goes on"


@pytest.mark.django_db
def test_on_a_full_disk_the_last_counts_are_shown(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    request_metrics._count("front", "200", 0.01, "hit")
    before = scrape(client)

    def full(*arguments: object, **named: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "write_text", full)
    request_metrics._count("front", "200", 0.01, "hit")
    series = 'newsroom_requests_total{view="front",status="200"}'
    assert scrape(client)[series] == before[series] == 1


@pytest.mark.django_db
def test_what_waits_and_for_how_long(client: Client, settings: Any) -> None:
    settings.MAILERS = {**settings.MAILERS, "default": {"BACKEND": "articles.mail.sending.QueuedEmailBackend"}}
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    names = ("tasks_waiting", "tasks_oldest_seconds", "emails_waiting", "emails_oldest_seconds", "comments_held")

    def waiting() -> list[float]:
        found = scrape(client)
        return [found[f"newsroom_{name}"] for name in names]

    with time_machine.travel(timezone.now(), tick=False) as clock:
        assert waiting() == [0, 0, 0, 0, 0]
        send_mail("Subject", "Text", None, ["a@x.example"])
        clock.shift(timedelta(minutes=2))
        send_mail("Subject", "Text", None, ["a@x.example"])
        assert waiting() == [2, 120, 2, 120, 0]
    make_comment()
    Comment.objects.update(state=Comment.State.HELD)
    assert waiting()[4] == 1


@pytest.mark.django_db
def test_each_job_tells_when_it_last_succeeded(client: Client) -> None:
    first, *_others = scheduler.JOBS
    job = scheduler.name_of(first)
    assert scrape(client)[f'newsroom_job_last_success_timestamp_seconds{{job="{job}"}}'] == 0
    noon = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
    with time_machine.travel(noon, tick=False):
        job_runs.record(job_runs.claim({job: scheduler.EACH_TICK}), failed=[])
    with time_machine.travel(noon + timedelta(hours=1), tick=False):
        job_runs.record(job_runs.claim({job: scheduler.EACH_TICK}), failed=[job])
    found = scrape(client)
    assert found[f'newsroom_job_last_success_timestamp_seconds{{job="{job}"}}'] == noon.timestamp()
    assert found[f'newsroom_job_failing{{job="{job}"}}'] == 1
    assert found["newsroom_worker_last_run_timestamp_seconds"] == noon.timestamp() + 3600


@pytest.mark.django_db
def test_a_scrape_sends_few_queries(client: Client, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(4):
        scrape(client)


def test_without_a_database_the_counts_of_requests_are_shown(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*arguments: object, **named: object) -> None:
        raise OperationalError("away")

    monkeypatch.setattr("articles.mail.models.QueuedEmail.objects.aggregate", away)
    monkeypatch.setattr("django_tasks_db.models.DBTaskResult.objects.ready", away)
    request_metrics._count("front", "200", 0.01, "hit")
    found = scrape(client)
    assert found["newsroom_database_up"] == 0
    assert found['newsroom_requests_total{view="front",status="200"}'] == 1
    assert "newsroom_tasks_waiting" not in found
    assert found[next(series for series in found if series.startswith("newsroom_build_info"))] == 1


@pytest.mark.django_db(transaction=True)
def test_dashboard_and_alerts_name_metrics_that_exist(client: Client, site: Any) -> None:
    make_article()
    ask(site, "/")
    request_metrics.write()
    exist = {name.partition("{")[0] for name in scrape(client)}
    for file in ("alerts.yml", "grafana-dashboard.json"):
        named = set(re.findall(r"newsroom_\w+", (DEPLOY / file).read_text(encoding="utf-8")))
        assert len(named) >= 6
        assert named <= exist, file
