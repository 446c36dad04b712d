"""Redirects that keep the query string, so that no page number, sort order or filter is lost."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url


def redirect_keeping_query(request: HttpRequest, to: Any, *, permanent: bool = False) -> HttpResponse:
    """Redirect to a URL, or to the page of a row, with the query string of the request.

    Browsers must revalidate the redirect: if the page ever moves back, two cached redirects would form a loop.
    """
    query = f"?{request.GET.urlencode()}" if request.GET else ""
    response = redirect(resolve_url(to) + query, permanent=permanent)
    response.headers["Cache-Control"] = "no-cache"
    return response
