"""Error pages for refusals, unreadable requests and an unavailable database (503 instead of a traceback)."""

import errno
import logging
import re
from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.db import DataError
from django.http import HttpRequest, HttpResponse
from django.http.request import UnreadablePostError
from django.template.loader import render_to_string
from django.urls import resolve

from articles.errors import Refused
from articles.web.database_errors import is_read_only, is_unavailable
from articles.web.ip_rate_limits import with_retry_after
from articles.web.view_names import note_view

OVERLOADED = "newsroom.overloaded"  # In the environment of requests that got no thread in time.
TOO_LARGE = "newsroom.too_large"  # In that of requests with more bytes than the server reads.
OPERATOR_PATHS = ("/healthz", "/readyz", "/metrics")
DISK_FULL = (errno.ENOSPC, errno.EDQUOT)
RETRY_AFTER = 5  # Seconds; most locks on the database are gone by then.
SECRET_FIELDS = re.compile(r"pass|token|csrf|secret|code|otp|credential", re.IGNORECASE)
MIN_TYPED = 20  # Characters; shorter values are choices and numbers, which are quickly entered again.

logger = logging.getLogger(__name__)


class ErrorPagesMiddleware:
    """Serve checks for operators and turn known exceptions into pages. Comes first, without database and Host."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # Load balancers ask by IP address, which ALLOWED_HOSTS would reject. The response uses nothing of the header.
        if request.path_info in OPERATOR_PATHS:
            match = resolve(request.path_info)
            note_view(request.META, match)
            response: HttpResponse = match.func(request)
            return response
        if OVERLOADED in request.META:
            return unavailable_page(request)
        if TOO_LARGE in request.META:
            return error_page(request, 413)
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *view: object) -> None:
        note_view(request.META, request.resolver_match)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return error_response(request, exception)


def error_response(request: HttpRequest, exception: BaseException | None) -> HttpResponse | None:
    """Return the page for an exception that isn't a bug of ours, or None."""
    match exception:
        case Refused():  # Most views show it in their form instead.
            status = 429 if exception.retry_after else 422
            return with_retry_after(error_page(request, status, reason=exception.reason), exception)
        case RequestDataTooBig():
            return error_page(request, 413)
        case SuspiciousOperation() | DataError() | UnicodeError() | OverflowError():
            # Too many fields, or characters and numbers that no database stores: not typed by a person.
            return error_page(request, 400)
        case ValueError() if "NUL" in str(exception):  # psycopg, for text with a zero byte.
            return error_page(request, 400)
    if is_unavailable(exception) or (isinstance(exception, OSError) and exception.errno in DISK_FULL):
        problem = "Disk full" if isinstance(exception, OSError) else "Database unavailable"
        # Without a traceback, which says no more and fills a disk that may be full already.
        logger.error("%s: %s", problem, str(exception).strip())
        return unavailable_page(request, name="read_only" if is_read_only(exception) else "")
    return None


def unavailable_page(request: HttpRequest, *, name: str = "") -> HttpResponse:
    response = error_page(request, 503, name=name)
    response.headers["Retry-After"] = str(RETRY_AFTER)
    return response


def error_page(request: HttpRequest, status: int, *, name: str = "", reason: str = "") -> HttpResponse:
    """Render an error page with the text from the submitted form, so that nobody has to type it again.

    The pages for 400, 413, 500 and 503 are rendered without the request, so that they need neither database nor
    session.
    """
    bare = status in (400, 413, 500, 503)
    context = {"paper_name": settings.PAPER_NAME, "reason": reason, "typed_text": typed_text(request)}
    html = render_to_string(f"errors/{name or status}.html", context, request=None if bare else request)
    return HttpResponse(html, status=status, headers={"Cache-Control": "no-store"})


def typed_text(request: HttpRequest) -> str:
    """Return the longer texts of the submitted form, without passwords and other secrets."""
    if request.method != "POST":
        return ""
    try:
        fields = list(request.POST.items())
    except (SuspiciousOperation, UnreadablePostError, UnicodeError, ValueError):
        return ""  # The form could not be parsed.
    typed = [
        str(value)
        for name, value in fields
        if not SECRET_FIELDS.search(name) and " " in str(value).strip() and len(str(value)) >= MIN_TYPED
    ]
    typed = typed or [str(value) for name, value in fields if name == "body"]
    # Lone surrogates can't be encoded; a question mark replaces them.
    return "\n\n".join(typed).encode("utf-8", "replace").decode()
