"""Cache-Control for signed-in readers: shared caches and browsers on shared computers must not store their pages."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse


class CacheHeadersMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.user.is_authenticated and not response.has_header("Cache-Control"):
            response["Cache-Control"] = "private, no-store"
        return response
