"""The page for Prometheus. Labels are names of views and jobs, statuses and versions: nothing that a client sends.

Its text is made here: prometheus_client keeps the counts of several processes in memory-mapped files, and a process
that writes to one on a full disk is killed by the system, where readers still get pages today.
"""

import json
import platform
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import cache
from itertools import accumulate

import django
from django.conf import settings
from django.db import Error
from django.db.models import Count, Min
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django_tasks_db.models import DBTaskResult

from articles.discussion.models import Comment
from articles.mail.models import QueuedEmail
from newsroom import request_metrics, scheduler

type Labels = Mapping[str, object]
type Sample = tuple[Labels, float]


def metrics(request: HttpRequest) -> HttpResponse:
    """Return all metrics to who knows METRICS_TOKEN. Without that setting there is no such page."""
    if not settings.METRICS_TOKEN:
        return HttpResponse("not found\n", status=404, content_type="text/plain")
    if not constant_time_compare(request.headers.get("Authorization", ""), f"Bearer {settings.METRICS_TOKEN}"):
        headers = {"WWW-Authenticate": "Bearer", "Cache-Control": "no-store"}
        return HttpResponse("unauthorized\n", status=401, content_type="text/plain", headers=headers)
    lines = [*_request_metrics(), *_build_info()]
    try:
        stored = list(_stored_metrics())
    except (Error, OSError):
        stored = []
    lines += _metric("database_up", "gauge", "1 if the database answers.", [({}, bool(stored))])
    text = "".join(f"{line}\n" for line in [*lines, *stored])
    headers = {"Cache-Control": "no-store"}
    return HttpResponse(text, content_type="text/plain; version=0.0.4; charset=utf-8", headers=headers)


def _request_metrics() -> Iterator[str]:
    counts = request_metrics.read()
    requests = [
        ({"view": view, "status": status}, number)
        for (view, _blank, status), number in ((key.rpartition(" "), n) for key, n in counts.requests.items())
    ]
    yield from _metric("requests_total", "counter", "Requests by view and status.", requests)
    yield from _metric(
        "page_cache_total",
        "counter",
        "Requests for pages that may be cached, by whether they were.",
        [({"result": result}, number) for result, number in counts.cache_results.items()],
    )
    yield "# HELP newsroom_request_seconds Time to make a response, by view."
    yield "# TYPE newsroom_request_seconds histogram"
    for view, (seconds, *buckets) in counts.durations.items():
        numbers = list(accumulate(buckets))
        for bound, number in zip((*request_metrics.BUCKETS, "+Inf"), numbers, strict=True):
            yield _sample("request_seconds_bucket", {"view": view, "le": bound}, number)
        yield _sample("request_seconds_sum", {"view": view}, seconds)
        yield _sample("request_seconds_count", {"view": view}, numbers[-1])


def _build_info() -> Iterator[str]:
    versions = {"version": _version(), "django": django.__version__, "python": platform.python_version()}
    yield from _metric("build_info", "gauge", "1, with the versions that run.", [(versions, 1)])


@cache
def _version() -> str:
    project = tomllib.loads((settings.BASE_DIR / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return str(project["version"])


def _stored_metrics() -> Iterator[str]:
    now = timezone.now()
    oldest = {
        "tasks": DBTaskResult.objects.ready().aggregate(number=Count("pk"), since=Min("enqueued_at")),
        "emails": QueuedEmail.objects.aggregate(number=Count("pk"), since=Min("created_at")),
    }
    for kind, found in oldest.items():
        age = (now - found["since"]).total_seconds() if found["since"] else 0
        yield from _metric(f"{kind}_waiting", "gauge", f"Waiting {kind}.", [({}, found["number"])])
        yield from _metric(f"{kind}_oldest_seconds", "gauge", f"Age of the oldest of the waiting {kind}.", [({}, age)])
    held = Comment.objects.filter(state=Comment.State.HELD).count()
    yield from _metric("comments_held", "gauge", "Comments that wait for a moderator.", [({}, held)])
    states = scheduler.job_states()
    yield from _metric(
        "job_last_success_timestamp_seconds",
        "gauge",
        "When a periodic job last ended without an error; 0 if never.",
        [({"job": state.job}, _timestamp(state.succeeded_at)) for state in states],
    )
    yield from _metric(
        "job_failing",
        "gauge",
        "1 if the last run of a periodic job ended with an error.",
        [({"job": state.job}, state.failed) for state in states],
    )
    last = max(_timestamp(state.started_at) for state in states)
    yield from _metric(
        "worker_last_run_timestamp_seconds", "gauge", "When a worker last began with periodic jobs.", [({}, last)]
    )


def _timestamp(moment: datetime | None) -> float:
    return moment.timestamp() if moment else 0


def _metric(name: str, kind: str, text: str, samples: Sequence[Sample]) -> Iterator[str]:
    yield f"# HELP newsroom_{name} {text}"
    yield f"# TYPE newsroom_{name} {kind}"
    for labels, value in samples:
        yield _sample(name, labels, value)


def _sample(name: str, labels: Labels, value: float) -> str:
    quoted = ",".join(f"{label}={json.dumps(str(text))}" for label, text in labels.items())
    return f"newsroom_{name}{{{quoted}}} {float(value)!r}" if quoted else f"newsroom_{name} {float(value)!r}"
