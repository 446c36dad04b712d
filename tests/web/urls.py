"""Views that each raise one error."""

import errno
from collections.abc import Callable
from typing import Any

import psycopg
from django.core.exceptions import RequestDataTooBig, SuspiciousOperation, TooManyFieldsSent
from django.db import DataError, InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from articles.errors import Refused
from articles.publishing.models import Section

FAULTS: dict[str, Any] = {
    "locked": OperationalError("database is locked"),
    "away": InterfaceError("connection already closed"),
    "full": OSError(errno.ENOSPC, "No space left on device"),
    "long": DataError("value too long"),
    "nul": ValueError("A string literal cannot contain NUL (0x00) characters."),
    "surrogate": UnicodeEncodeError("utf-8", "\ud800", 0, 1, "surrogates not allowed"),
    "number": OverflowError("Python int too large to convert to SQLite INTEGER"),
    "large": RequestDataTooBig("too big"),
    "fields": TooManyFieldsSent("too many"),
    "odd": SuspiciousOperation("odd"),
    "no": Refused("Not like this."),
    "fast": Refused("Not so fast.", retry_after=7),
    "bug": RuntimeError("a bug"),
    "programming": psycopg.ProgrammingError("a bug as well"),
}


def broken(request: HttpRequest, fault: str) -> HttpResponse:
    request.POST.get("body")
    raise FAULTS[fault]


def writing(request: HttpRequest) -> HttpResponse:
    Section.objects.create(name="New", slug="new")
    return HttpResponse("written")


def reading(request: HttpRequest) -> HttpResponse:
    return HttpResponse(str(Section.objects.count()))


class BrokenMiddleware:
    """A middleware during which the database becomes unavailable."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        raise FAULTS["locked"]


urlpatterns = [
    path("broken/<fault>/", broken),
    path("writing/", writing),
    path("reading/", reading),
    path("", include("newsroom.urls")),
]
handler400 = "articles.reading.views.error_views.bad_request"
handler500 = "articles.reading.views.error_views.server_error"
