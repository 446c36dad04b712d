"""Django's error handlers: `handler400` to `handler500` and `CSRF_FAILURE_VIEW`."""

import sys

from django.http import HttpRequest, HttpResponse, HttpResponseServerError

from articles.web.csrf_recovery import recovered_form
from articles.web.error_pages import error_page, error_response


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return error_response(request, exception) or error_page(request, 400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return error_page(request, 403)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return recovered_form(request) or error_page(request, 403, name="csrf")


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return error_page(request, 404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Handle also errors raised in a middleware, which `process_exception` doesn't see, such as a busy database."""
    try:
        return error_response(request, sys.exception()) or error_page(request, 500)
    except Exception:  # What broke the page may break the error page too, so use no template.
        return HttpResponseServerError("<!doctype html><title>500</title><h1>Something went wrong</h1>")
