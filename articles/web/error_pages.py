"""Faults of the machine answered in plain words: database busy or away gives 503, never a trace."""

import errno
import logging
import re
from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.db import DataError, InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.http.request import UnreadablePostError
from django.template.loader import render_to_string

from articles.errors import Refused
from articles.web.health import healthz

RETRY_AFTER = 5  # Seconds; a busy database is free again by then, or it is a longer affair anyway.
SECRET_FIELDS = re.compile(r"pass|token|csrf|secret|code|otp|credential", re.IGNORECASE)
TYPED_FROM = 20  # Characters; shorter values are choices and numbers, soon typed again.

logger = logging.getLogger(__name__)


class ErrorPagesMiddleware:
    """Stands outside everything that asks the database or the Host header."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # A load balancer asks by address, not by name. Nothing of the Host header is in this answer.
        if request.path_info == "/healthz":
            return healthz(request)
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return answer(request, exception)


def answer(request: HttpRequest, exception: BaseException | None) -> HttpResponse | None:
    """The page for an exception that is no bug of ours; None for all others."""
    match exception:
        case Refused():
            return refusal(request, exception)
        case RequestDataTooBig():
            return error_page(request, 413)
        case SuspiciousOperation() | DataError() | UnicodeError() | OverflowError():
            # Fields that no person types: too many, or with characters and numbers that no database keeps.
            return error_page(request, 400)
        case ValueError() if "NUL" in str(exception):  # psycopg on a text with a zero byte.
            return error_page(request, 400)
        case OperationalError() | InterfaceError():
            logger.error("The database did not answer %s %r", request.method, request.path, exc_info=exception)
            return busy(request)
        case OSError(errno=errno.ENOSPC | errno.EDQUOT):
            logger.error("No room left for %s %r", request.method, request.path, exc_info=exception)
            return busy(request)
    return None


def refusal(request: HttpRequest, refused: Refused) -> HttpResponse:
    """The general page for a no; rooms show theirs at the form."""
    if refused.retry_after is None:
        return error_page(request, 422, reason=refused.reason)
    response = error_page(request, 429, reason=refused.reason)
    response["Retry-After"] = str(refused.retry_after)
    return response


def busy(request: HttpRequest) -> HttpResponse:
    response = error_page(request, 503)
    response["Retry-After"] = str(RETRY_AFTER)
    return response


def error_page(request: HttpRequest, status: int, *, name: str = "", reason: str = "") -> HttpResponse:
    """A designed page with what the person had typed, so that nothing is typed twice.

    400, 413, 500 and 503 are rendered without request, so that they ask neither database nor session.
    """
    bare = status in (400, 413, 500, 503)
    context = {"paper_name": settings.PAPER_NAME, "reason": reason, "kept": typed_text(request)}
    html = render_to_string(f"errors/{name or status}.html", context, request=None if bare else request)
    return HttpResponse(html, status=status, headers={"Cache-Control": "no-store"})


def typed_text(request: HttpRequest) -> str:
    """What was typed into the form: its longer texts, without anything secret."""
    if request.method != "POST":
        return ""
    try:
        fields = request.POST.items()
    except (SuspiciousOperation, UnreadablePostError, UnicodeError, ValueError):
        return ""  # The form itself could not be read.
    typed = [
        str(value)
        for name, value in fields
        if not SECRET_FIELDS.search(name) and " " in str(value).strip() and len(str(value)) >= TYPED_FROM
    ]
    typed = typed or [str(value) for name, value in fields if name == "body"]
    # Lone surrogates can't be sent; a question mark in their place loses nothing else.
    return "\n\n".join(typed).encode("utf-8", "replace").decode()
