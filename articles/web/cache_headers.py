"""Cache-Control for signed-in readers: shared caches and browsers on shared computers must not store their pages."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse


class CacheHeadersMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        # In this order: a picture or a file, which has the header, needs no query for the session.
        if not response.has_header("Cache-Control") and request.user.is_authenticated:
            response["Cache-Control"] = "private, no-store"
        return response
