"""Request ids, a line in the log for each request, and log lines as JSON.

The lines name the view and never the URL, which may hold a reader's name or what somebody searched for.
"""

import json
import logging
import re
import secrets
from collections.abc import Callable, Iterable
from contextvars import ContextVar
from datetime import UTC, datetime
from time import perf_counter
from typing import Any

from django.conf import settings
from django.db import connection
from django.http import HttpRequest

from articles.web.view_names import METHODS, view_name

type Environ = dict[str, Any]
type WSGIApplication = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]

ID_FROM_PROXY = re.compile(r"[A-Za-z0-9-]{1,64}")

logger = logging.getLogger("newsroom.requests")

_request_id: ContextVar[str] = ContextVar("request_id", default="")


class QueryCounter:
    """Counts the queries that a connection executes, see `connection.execute_wrapper`."""

    def __init__(self) -> None:
        self.queries = 0

    def __call__(self, execute: Callable[..., Any], *args: Any) -> Any:
        self.queries += 1
        return execute(*args)


class JsonFormatter(logging.Formatter):
    """One line of JSON for each record."""

    def format(self, record: logging.LogRecord) -> str:
        moment = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        line = {
            "time": moment.replace("+00:00", "Z"),
            "level": record.levelname,
            "logger": record.name,
            "message": message_of(record),
        }
        if request_id := _request_id.get():
            line["request_id"] = request_id
        line |= getattr(record, "fields", {})
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line, default=str)


def message_of(record: logging.LogRecord) -> str:
    message = record.getMessage()
    request = getattr(record, "request", None)
    if isinstance(request, HttpRequest):  # Django ends its messages on requests with the path.
        return message.replace(f": {request.path}", f": {view_name(request.META)}", 1)
    return message


def with_request_log(application: WSGIApplication) -> WSGIApplication:
    """Give each request an id, which the response tells, and log it when it is done."""

    def logged_application(environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        request_id, status, counter, started = _id_of(environ), 500, QueryCounter(), perf_counter()

        def start(line: str, headers: list[tuple[str, str]], *exc_info: Any) -> Any:
            nonlocal status
            status = int(line[:3])
            return start_response(line, [*headers, ("X-Request-ID", request_id)], *exc_info)

        token = _request_id.set(request_id)
        try:
            with connection.execute_wrapper(counter):
                return application(environ, start)
        finally:
            _log(environ, request_id, status, (perf_counter() - started) * 1000, counter.queries)
            _request_id.reset(token)

    return logged_application


def _id_of(environ: Environ) -> str:
    """Return the id that a trusted proxy gave, or a new one."""
    given = environ.get("HTTP_X_REQUEST_ID", "") if settings.TRUSTED_PROXY_COUNT else ""
    return given if ID_FROM_PROXY.fullmatch(given) else secrets.token_hex(8)


def _log(environ: Environ, request_id: str, status: int, duration: float, queries: int) -> None:
    method = environ["REQUEST_METHOD"] if environ["REQUEST_METHOD"] in METHODS else "other"
    fields = {
        "method": method,
        "view": view_name(environ),
        "status": status,
        "duration_ms": round(duration, 1),
        "queries": queries,
    }
    message = "%s %s %s in %s ms, queries: %s, id: %s"
    logger.info(message, *fields.values(), request_id, extra={"fields": fields})
