"""Designed pages for what goes wrong, where Django asks for them."""

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
    """Also for faults that a middleware met, outside of `process_exception`: they are no less a busy database."""
    try:
        return error_response(request, sys.exception()) or error_page(request, 500)
    except Exception:  # Whatever broke the page may break this one too; then say it without a template.
        return HttpResponseServerError("<!doctype html><title>500</title><h1>Something went wrong</h1>")
